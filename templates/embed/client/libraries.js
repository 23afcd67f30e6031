import { failure } from '../errors.js';
import { loadScript, newScript } from '../script.js';
import { restoreLater, setGlobals } from './globals.js';
import { absolute, base, config, emit, nonce } from './host.js';
import { jquery } from './jquery.js';

/** Co-browsing scripts cannot be unloaded, so they are loaded once per page. */
let cobrowsing = false;

/**
 * Loads what CEC's scripts need, all at once, run in order: co-browsing, jQuery, axios.
 * One that does not come is an `error` event; the start goes on.
 *
 * @param {import('../scope.js').Scope} scope
 * @returns {Promise<void>} Never rejects.
 */
export async function loadLibraries(scope) {
  const loads = [];
  const add = (src, integrity) => loads.push(load(scope, src, integrity));

  if (config.cobrowse && !cobrowsing) {
    cobrowsing = true;
    add(`${base}/resource.root/cobrowse/sdk/cobrowse.js`);
    add(`${base}/webclient/chat_client/js/cobrowseCommon.js`);
  }
  // A page that has jQuery, other than slim, keeps its own.
  const { $, jQuery, axios } = window;
  const enough = $?.ajax || jQuery?.ajax;
  if (config.jquery && !enough) {
    restoreLater(scope, '$');
    restoreLater(scope, 'jQuery');
    add(absolute(config.jquery.src), config.jquery.integrity);
  }
  if (config.axios && !axios) {
    restoreLater(scope, 'axios');
    add(absolute(config.axios.src), config.axios.integrity);
  }

  await Promise.all(loads);
  if (scope.ended) return;
  if (jQuery && !enough) window.jQuery = jQuery;
  if (!window.$) setGlobals(scope, { $: window.jQuery || jquery });
}

async function load(scope, src, integrity) {
  const script = newScript(nonce, integrity ? { integrity, crossOrigin: 'anonymous' } : {});
  script.src = src;
  if (!(await loadScript(scope, script)) && !scope.ended) emit('error', failure('library_blocked', src));
}
