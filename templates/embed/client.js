import { absolute, config, nonce } from './config.js';
import { failure } from './errors.js';
import { emit } from './events.js';
import { loadScript, newScript } from './script.js';

/**
 * What this script shares with the client script, which is loaded when the chat starts and not before.
 *
 * @typedef {object} Host
 * @property {import('./config.js').Config} config
 * @property {(path: string) => string} absolute
 * @property {string} [nonce]
 * @property {typeof emit} emit
 * @property {() => any} [source] What the page gave with identify(fn).
 * @property {(scope: import('./scope.js').Scope, failed: (problem: unknown) => void) => Promise<void>} [connect]
 *   Set by the client script: starts CEC's client.
 */

/** @type {Host} */
export const host = { config, absolute, nonce, emit };

/**
 * Loads the client script, unless it is there, and starts CEC's client.
 *
 * @param {import('./scope.js').Scope} scope
 * @param {(problem: unknown) => void} failed Told what goes wrong in calls that CEC's script makes.
 * @returns {Promise<void>} Fulfilled when CEC's icon is there, or failed has been called.
 * @throws {import('./errors.js').Failure}
 */
export async function connect(scope, failed) {
  const src = absolute(config.client);
  // The client script finds the host on its own element, so that nothing leaks.
  if (!host.connect) await loadScript(scope, newScript(nonce, { src, host }));
  if (!host.connect) throw failure('client_blocked', src);
  return host.connect(scope, failed);
}
