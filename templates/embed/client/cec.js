import { failure } from '../errors.js';
import { parsed } from '../scope.js';
import { appears } from './appears.js';
import { forgetPersonal, setGlobals } from './globals.js';
import { base, config } from './host.js';
import { post } from './http.js';
import { identify } from './identity.js';
import { loadLibraries } from './libraries.js';
import { run } from './run.js';
import { newTrace } from './trace.js';

/** jQuery's default type, as in the vendor's guide: across origins it needs no preflight. */
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };

/** A token with less than this to live is renewed before it is used, in milliseconds. */
const MARGIN = 10000;

/**
 * One start of CEC's client (cec-contract section 2).
 *
 * @typedef {object} Client
 * @property {import('../scope.js').Scope} scope
 * @property {(problem: unknown) => void} failed Told what goes wrong in calls that CEC's script makes.
 * @property {import('./trace.js').Trace} trace
 * @property {Record<string, any>} data CEC's thirdUserData.
 * @property {number} expiry When the token ends, epoch milliseconds; NaN if unknown.
 * @property {boolean} done Whether the answer of newThirdPartyClient.js has run, or what CEC's script fetched in its place.
 * @property {boolean} broken Whether failed has been called.
 * @property {number} since When something last went forward, epoch milliseconds.
 */

/**
 * Gets an identity, loads the libraries, asks CEC for its script, runs it and waits for its icon.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {(problem: unknown) => void} failed
 * @returns {Promise<void>}
 * @throws {import('../errors.js').Failure}
 */
export async function connect(scope, failed) {
  /** @type {Client} */
  const client = { scope, failed: tell, trace: newTrace(scope), data: {}, expiry: NaN, done: false, broken: false, since: 0 };
  function tell(problem) {
    client.broken = true;
    // Apart from the call of CEC's that failed: what the page does about it is the page's.
    Promise.resolve().then(() => failed(problem));
  }
  const libraries = loadLibraries(scope);
  await renew(client);
  const file = config.token ? 'thirdPartyClient.js' : 'newThirdPartyClient.js';
  const [text] = await Promise.all([ask(client, file, client.data), libraries, parsed(scope)]);
  if (scope.ended) return;
  client.trace.librariesAreThere();
  setGlobals(scope, globals(client));
  execute(client, text, file);
  client.done ||= !config.token;
  await appears(client);
}

/** Asks who the visitor is, and puts the answer into thirdUserData. */
async function renew(client) {
  const { tenantSpaceId, channelConfigId, locale, mapService } = config;
  const names = { tenantSpaceId, channelConfigId };
  const choices = { locale, mapService, timestamp: Date.now() };
  const { expiresAt, ...who } = await identify(client.scope, config.token ? names : { ...names, ...choices });
  client.expiry = +new Date(expiresAt ?? NaN);
  Object.assign(client.data, who, names, choices);
}

/** Asks CEC for a script; a token that it refuses is renewed once. */
async function ask(client, file, body) {
  try {
    return await fetchScript(client.scope, file, body);
  } catch (e) {
    if (!config.token || (e.status !== 401 && e.status !== 403)) throw e;
    return fetchScript(client.scope, file, await refresh(client, body));
  }
}

async function refresh(client, body) {
  await renew(client);
  body.thirdUserToken = client.data.thirdUserToken;
  // CEC's script is there already, or its globals are not set yet.
  if (window.thirdUserData === client.data) window.token = body.thirdUserToken;
  return body;
}

/** What CEC's first script of token mode calls, with thirdUserData. */
async function validate(client, body) {
  await null; // as in tell
  client.since = Date.now();
  if (client.expiry - MARGIN < Date.now()) await refresh(client, body);
  const file = 'newThirdPartyClient.js';
  execute(client, await ask(client, file, body), file);
  client.done = true;
}

function execute(client, text, file) {
  if (client.scope.ended) return;
  const before = new Set(Object.getOwnPropertyNames(window));
  try {
    run(client.trace, text, file);
  } finally {
    forgetPersonal(client.scope, client.data, before);
  }
  client.since = Date.now();
}

/** The globals that CEC's scripts expect (cec-contract section 1). */
function globals(client) {
  const { data, failed } = client;
  const values = {
    $ContextPath: base,
    $aicc_ContextPath: `${base}/`,
    configId: data.channelConfigId,
    userId: data.thirdUserId,
    userName: data.thirdUserName,
    tenantSpaceId: data.tenantSpaceId,
    locale: data.locale,
    thirdUserData: data,
    importScript(text, onload) {
      try {
        execute(client, text, 'imported.js');
        client.done = true;
        onload?.();
      } catch (e) {
        failed(e);
      }
    },
  };
  if (config.token) {
    values.token = data.thirdUserToken;
    values.thirdValidate = (body) => void validate(client, body || data).catch(failed);
  }
  return values;
}

async function fetchScript(scope, file, data) {
  const url = `${base}/webclient/chat_client/js/${file}?t=${Date.now()}`;
  const { ok, status, text } = await post(scope, url, FORM, data, 'cec_network');
  if (!ok) throw failure('cec_refused', `${file}: status ${status}`, status);
  if (!text.trim()) throw failure('cec_empty', `${file}: empty answer`, status);
  if (!isScript(text)) throw failure('cec_not_script', `${file}: not a script`, status);
  return text;
}

/** Tells script from HTML and JSON by its text: some servers send every answer as text/html. */
function isScript(text) {
  if (/^\s*</.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
