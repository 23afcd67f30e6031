import { acting, byCEC } from './caller.js';
import { patch } from './patch.js';

/** What CEC's scripts have added to a target: the arguments of each call. @type {WeakMap<EventTarget, [string, any, any?][]>} */
const added = new WeakMap();

/** Listeners that the page has added itself. One function may serve both: zone.js has one for all. @type {WeakSet<object>} */
const pages = new WeakSet();

/**
 * Removes CEC's listeners from a target.
 *
 * @param {EventTarget} target
 */
export function silence(target) {
  for (const args of added.get(target) || []) pages.has(args[1]) || target.removeEventListener(...args);
}

/**
 * Removes CEC's listeners when the scope ends. Those on elements that are not on the page leave with them.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashListeners({ scope, hold }) {
  scope.add(() => document.querySelectorAll('*').forEach(silence));
  // A page may have given the last two a function of their own.
  for (const owner of [EventTarget.prototype, window, document]) {
    patch(scope, owner, 'addEventListener', (call, args, self) => {
      call(args);
      self ??= window;
      const [, listener] = args;
      if (!listener || (self instanceof Node && !self.isConnected) || pages.has(listener) || !(acting() || affordable())) return;
      if (!byCEC()) pages.add(listener);
      else if (!isJQuerys(self, listener)) {
        added.set(self, [/** @type {[string, any]} */ (args), ...(added.get(self) || [])]);
        // Elements are found in the end, requests are held already: both may be many.
        if (!(self instanceof Element || self instanceof XMLHttpRequest)) hold(self, () => silence(self));
      }
    });
  }
}

let since = 0;
let asked = 0;

/** A page that adds thousands at once shall not wait: what exceeds a hundred in 100 ms is taken for its own. */
function affordable() {
  const now = performance.now();
  if (now - since > 100) {
    since = now;
    asked = 0;
  }
  return asked++ < 100;
}

/** One listener of jQuery's may serve CEC and the page. */
const isJQuerys = (target, listener) => window.jQuery?._data?.(target, 'handle') === listener;

/**
 * Removes what CEC's scripts have asked jQuery to listen for; jQuery's own listener goes when nobody needs it.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashJQuery({ scope, hold }) {
  const { jQuery } = window;
  patch(scope, jQuery?.event, 'add', (call, args) => {
    call(args);
    const [element, types, handler, , selector] = args;
    if (byCEC()) hold({}, () => jQuery.event.remove(element, types, handler, selector));
  });
}
