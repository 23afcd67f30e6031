import { acting, asCEC, isCECs as isAddress, sees } from './caller.js';
import { leashJQuery, leashListeners } from './listeners.js';
import { catchUp, collect, isWithin } from './page.js';
import { leashRequests } from './requests.js';
import { attempt, expireCookie, handlers, snapshot } from './state.js';
import { leashTimers } from './timers.js';
import { leashWrites } from './writes.js';

/** What loads something: CEC's addresses always contain this (cec-contract section 7), others may. */
const LOADERS = '[src*="service-cloud/"],link[href*="service-cloud/"]';

/**
 * What ends with the scope, unless it is released before.
 *
 * @typedef {object} Leash
 * @property {import('../scope.js').Scope} scope
 * @property {(key: unknown, undo: () => void) => void} hold A key that is held already keeps its undo.
 * @property {(key: unknown) => void} release
 * @property {<T>(act: () => T) => T} act Calls act; every element that it adds is judged as CEC's.
 */

/**
 * Knows what CEC's scripts have done to the page.
 *
 * @typedef {object} Trace
 * @property {(act: () => void) => void} during Calls act; whatever appears meanwhile is CEC's.
 * @property {() => boolean} visible Whether CEC shows something.
 * @property {() => void} librariesAreThere Watches jQuery from now on.
 */

/**
 * Ties down what CEC's scripts do, at once or in anything that they have begun: timers, listeners, requests,
 * connections, observers, elements, cookies, storage. Some of the browser's functions are wrapped meanwhile; a call is
 * CEC's if code of CEC's is on the call stack (caller.js).
 *
 * Left behind are global variables without a user datum; databases, caches and workers of the service kind; listeners
 * added while the page adds hundreds (listeners.js); what reads an answer's body as a stream, which hears of the end;
 * and, unless the script did it while it ran: handlers set as properties (window.onmessage = …), storage set as
 * properties, and elements that are put into the page's own. A browser whose call stacks do not name inline scripts by
 * sourceURL finds only what is done while the script runs, in its timers, and in requests to CEC.
 *
 * @param {import('../scope.js').Scope} scope Its end undoes all this.
 * @returns {Trace}
 */
export function newTrace(scope) {
  let iconIsDue = false;
  const nodes = collect(scope, (element) => acting() || isCECs(element, iconIsDue));
  scope.add(() => expireCookie('ccmessaging-token'));

  leashRequests(newLeash(scope)); // the first to be tied ends last: then nobody listens any more
  const leash = newLeash(scope);
  leashTimers(leash);
  leashListeners(leash);
  leashWrites(leash);

  return {
    during(act) {
      const before = snapshot();
      const own = handlers();
      adding(act);
      iconIsDue = !sees();
      for (const [owner, name, value] of own) {
        const theirs = owner[name];
        if (theirs !== value) scope.add(() => void (owner[name] === theirs && (owner[name] = value)));
      }
      for (const [id, remove] of snapshot()) if (!before.has(id)) scope.add(remove);
    },
    visible() {
      const visible = [...nodes].some(hasBox);
      if (visible) iconIsDue = false;
      return visible;
    },
    librariesAreThere: () => leashJQuery(leash),
  };
}

/** @returns {Leash} */
function newLeash(scope) {
  const held = new Map();
  scope.add(() => [...held.values()].reverse().forEach(attempt));
  return { scope, hold: (key, undo) => held.has(key) || held.set(key, undo), release: (key) => held.delete(key), act: adding };
}

function adding(act) {
  catchUp();
  return asCEC(() => {
    try {
      return act();
    } finally {
      catchUp();
    }
  });
}

/**
 * Judges an element that did not appear while CEC's script ran: it is CEC's if it loads something from CEC, if a click
 * on one of CEC's nodes made it, or, while the icon is due and call stacks do not tell, if it floats over the page.
 */
function isCECs(element, iconIsDue) {
  const { body, head, documentElement } = document;
  if (![body, head, documentElement].includes(element.parentNode) || element.localName === 'embed-chat') return false;
  const target = window.event?.target;
  return (
    [element, ...element.querySelectorAll(LOADERS)].some((e) => e.matches(LOADERS) && isAddress(e.src || e.href)) ||
    (target instanceof Node && isWithin(target)) ||
    (iconIsDue && getComputedStyle(element).position === 'fixed')
  );
}

function hasBox(node) {
  return [node, ...node.querySelectorAll('*'), ...(node.shadowRoot?.querySelectorAll('*') || [])].some((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width * height > 0;
  });
}
