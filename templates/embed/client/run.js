import { failure } from '../errors.js';
import { newScript } from '../script.js';
import { trial } from './caller.js';
import { base, nonce } from './host.js';

/** How many of CEC's scripts are running now, one inside the other. */
let depth = 0;

/**
 * Runs text once as a classic script in the global scope, as it is: no wrapper, no eval. A comment after it names it
 * in call stacks and in the developer tools as if it had been loaded from its address.
 * What it throws is reported here and not to window.onerror or the console; only listeners for `error` that the page
 * added to window before this moment see it too, since the browser tells them first.
 *
 * @param {import('./trace.js').Trace} trace Learns what the script does to the page.
 * @param {string} text
 * @param {string} file Its name at CEC.
 * @throws {import('../errors.js').Failure}
 */
export function run(trace, text, file) {
  if (!inlineAllowed()) throw failure('script_blocked', 'Content-Security-Policy');
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
  const script = newNamed(text, file);
  trace.during(() => document.head.append(script));
  removeEventListener('error', caught);
  window.onerror = onerror;
  depth--;
  if (problem !== undefined) throw failure('script_failed', problem);
}

/**
 * Tries a harmless inline script: one that a policy blocks does not tell of itself in time. It tries out call stacks,
 * too.
 */
function inlineAllowed() {
  const probe = newNamed('dispatchEvent(new Event("embed-chat"))', 'probe.js');
  let ran = false;
  const heard = () => {
    ran = true;
    trial();
  };
  addEventListener('embed-chat', heard);
  document.head.append(probe);
  probe.remove();
  removeEventListener('embed-chat', heard);
  return ran;
}

const newNamed = (text, file) => newScript(nonce, { text: `${text}\n//# sourceURL=${base}/webclient/chat_client/js/${file}` });
