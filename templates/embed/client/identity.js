import { failure } from '../errors.js';
import { absolute, config, source } from './host.js';
import { post } from './http.js';

/**
 * @typedef {object} Identity Who the visitor is to CEC.
 * @property {string} thirdUserId
 * @property {string} thirdUserName
 * @property {string} [thirdUserToken] Token mode.
 * @property {string} [thirdPartAuthorization] Authorization mode.
 * @property {string | number} [expiresAt] When the token ends: ISO 8601, or epoch milliseconds.
 */

/** How long identify(fn) may take, in milliseconds. */
const LIMIT = 15000;

const proof = config.token ? 'thirdUserToken' : 'thirdPartAuthorization';
const refused = config.token ? 'identity_failed' : 'sign_refused';

/**
 * Asks who the visitor is: the page in token mode if it can tell, otherwise the tenant's endpoint.
 * Nothing is kept; every start asks anew.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {object} request What the endpoint is told.
 * @returns {Promise<Identity>}
 */
export async function identify(scope, request) {
  const who = config.token && source() ? await fromPage() : await fromEndpoint(scope, request);
  if (!who) throw failure('unauthenticated', 'signed out');
  const { thirdUserId, thirdUserName = thirdUserId } = who;
  if (!thirdUserId || !who[proof]) throw failure(refused, `no thirdUserId or ${proof}`);
  return { thirdUserName: `${thirdUserName}`, thirdUserId: `${thirdUserId}`, [proof]: `${who[proof]}`, expiresAt: who.expiresAt };
}

async function fromPage() {
  const late = failure('timeout', 'identify');
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(reject, LIMIT, late);
  });
  try {
    return await Promise.race([source()(), limit]);
  } catch (e) {
    throw e === late ? late : failure('identity_failed', `identify: ${e?.message || e}`);
  } finally {
    clearTimeout(timer);
  }
}

async function fromEndpoint(scope, request) {
  const url = absolute(config.endpoint);
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const { ok, status, text } = await post(scope, url, headers, request, 'identity_network');
  if (status === 401) throw failure('unauthenticated', `${url}: status 401`, 401);
  if (!ok) throw failure(refused, `${url}: status ${status}`, status);
  try {
    return JSON.parse(text) || {};
  } catch {
    throw failure(refused, `${url}: not JSON`, status);
  }
}
