import { failure } from '../errors.js';
import { loadScript, newScript } from '../script.js';
import { hideAMD } from './amd.js';
import { newAxios } from './axios.js';
import { lend } from './globals.js';
import { absolute, base, config, emit, nonce } from './host.js';
import { jquery } from './jquery.js';

/** Co-browsing scripts cannot be unloaded, so they are loaded once per page. The extension may have brought the first. */
const COBROWSE = ['resource.root/cobrowse/sdk/cobrowse.js', 'webclient/chat_client/js/cobrowseCommon.js'];
let cobrowsing = false;

/**
 * Loads what CEC's scripts need, all at once, run in order: co-browsing, jQuery, axios.
 * One that does not come is an `error` event; the start goes on, with a stand-in.
 *
 * @param {import('../scope.js').Scope} scope
 * @returns {Promise<void>} Never rejects.
 */
export async function loadLibraries(scope) {
  const loads = [];
  const add = (src, integrity, take) => loads.push(load(scope, src, integrity, take));

  for (const path of COBROWSE) {
    if (config.cobrowse && !cobrowsing && !document.querySelector(`script[src$="/${path}"]`)) add(`${base}/${path}`);
  }
  cobrowsing = true;
  // A page that has jQuery, other than slim, or axios keeps its own.
  const { $, jQuery, axios } = window;
  const ours = {};
  if (config.jquery && !$?.ajax && !jQuery?.ajax) {
    add(config.jquery.src, config.jquery.integrity, () => {
      ours.jQuery = window.jQuery;
      ours.jQuery?.noConflict?.(true); // gives back what the page has got meanwhile
      giveBack({ $, jQuery }, ours.jQuery);
    });
  }
  if (config.axios && !axios) {
    add(config.axios.src, config.axios.integrity, () => {
      ours.axios = window.axios;
      giveBack({ axios }, ours.axios);
    });
  }
  await Promise.all(loads);
  if (!scope.ended) offer(scope, ours);
}

/** Takes a library from window, which it has put itself on, so that lend can put it there. */
function giveBack(before, library) {
  for (const name of Object.keys(before)) {
    if (window[name] === library) window[name] = before[name];
    if (window[name] === undefined) delete window[name];
  }
}

/** Puts on window what the page lacks. What is in the page's way is not listed among the properties of window. */
function offer(scope, ours) {
  const { $, jQuery } = window;
  const library = [jQuery, $, ours.jQuery].find((candidate) => candidate?.ajax) || jquery;
  for (const name of ['$', 'jQuery']) {
    const its = window[name];
    if (!its) lend(scope, window, name, library, name === '$' || library !== jquery);
    // The page's slim jQuery, or a function of its own, goes on being what it is.
    else for (const method of ['ajax', 'get', 'post']) its[method] || lend(scope, its, method, library[method], false);
  }
  if (config.token && !window.axios) lend(scope, window, 'axios', ours.axios || newAxios(), !!ours.axios);
}

async function load(scope, src, integrity, take) {
  const script = newScript(nonce, integrity ? { integrity, crossOrigin: 'anonymous' } : {});
  script.src = absolute(src);
  hideAMD(scope, script);
  const loading = loadScript(scope, script);
  // A script that is taken out of the page still runs; in another document it does not.
  const stop = () => new Document().append(script);
  scope.add(stop);
  if (await loading) return take?.();
  stop(); // it may only be late
  if (!scope.ended) emit('error', failure('library_blocked', src));
}
