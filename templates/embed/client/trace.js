import { catchUp, collect } from './page.js';
import { expireCookie, snapshot } from './state.js';

/** What CEC's elements load: its addresses always contain this (cec-contract section 7). */
const FROM_CEC = '[src*="service-cloud/"],link[href*="service-cloud/"]';

/**
 * Knows what CEC's scripts have added to the page.
 *
 * @typedef {object} Trace
 * @property {(act: () => void) => void} during Calls act; whatever appears meanwhile is CEC's.
 * @property {() => boolean} visible Whether CEC shows something.
 */

/**
 * @param {import('../scope.js').Scope} scope Its end removes CEC's nodes, cookies, storage and timers.
 * @returns {Trace}
 */
export function newTrace(scope) {
  let acting = 0;
  let iconIsDue = false;
  const nodes = collect(scope, (element) => acting > 0 || isCECs(element, nodes, iconIsDue));
  scope.add(() => expireCookie('ccmessaging-token'));

  return {
    during(act) {
      catchUp();
      const before = snapshot();
      const first = setTimeout(Boolean);
      acting++;
      act();
      catchUp();
      acting--;
      iconIsDue = true;
      clearTimers(scope, first, setTimeout(Boolean));
      for (const [id, remove] of snapshot()) if (!before.has(id)) scope.add(remove);
    },
    visible() {
      const visible = [...nodes].some(hasBox);
      if (visible) iconIsDue = false;
      return visible;
    },
  };
}

/**
 * Judges an element that did not appear while CEC's script ran: it is CEC's if it loads something from CEC, if a click
 * on one of CEC's nodes made it, or, while the icon is due, if it floats over the page.
 */
function isCECs(element, nodes, iconIsDue) {
  const { body, head } = document;
  if (element.parentNode !== body && element.parentNode !== head) return false;
  const target = window.event?.target;
  return (
    element.matches(FROM_CEC) ||
    element.querySelector(FROM_CEC) ||
    (target instanceof Node && [...nodes].some((node) => node.contains(target))) ||
    (iconIsDue && getComputedStyle(element).position === 'fixed')
  );
}

function hasBox(node) {
  return [node, ...node.querySelectorAll('*')].some((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width * height > 0;
  });
}

/** Timers are numbered in sequence: those between two of ours were set in between. */
function clearTimers(scope, first, last) {
  scope.add(() => {
    for (let id = first; id < last && id < first + 1000; id++) clearTimeout(id);
  });
}
