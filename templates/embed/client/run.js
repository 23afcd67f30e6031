import { failure } from '../errors.js';
import { newScript } from '../script.js';
import { nonce } from './host.js';

/** How many of CEC's scripts are running now, one inside the other. */
let depth = 0;

/**
 * Runs text once as a classic script in the global scope, as it is: no wrapper, no eval.
 * What it throws is reported here and not to window.onerror or the console; only listeners for `error` that the page
 * added to window before this moment see it too, since the browser tells them first.
 *
 * @param {import('./trace.js').Trace} trace Learns what the script does to the page.
 * @param {string} text
 * @throws {import('../errors.js').Failure}
 */
export function run(trace, text) {
  if (!inlineAllowed()) throw failure('script_blocked', "the page's Content-Security-Policy forbids CEC's inline script");
  const level = ++depth;
  let problem;
  const caught = (event) => {
    if (depth !== level) return;
    problem = event.message;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const { onerror } = window;
  window.onerror = null;
  addEventListener('error', caught);
  trace.during(() => document.head.append(newScript(nonce, { text })));
  removeEventListener('error', caught);
  window.onerror = onerror;
  depth--;
  if (problem !== undefined) throw failure('script_failed', problem);
}

/** Tries a harmless inline script: one that a policy blocks reports nothing in time. */
function inlineAllowed() {
  const probe = newScript(nonce, { text: 'document.currentScript.ran=1' });
  document.head.append(probe);
  probe.remove();
  return 'ran' in probe;
}
