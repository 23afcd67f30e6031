import { byCEC } from './caller.js';
import { patch } from './patch.js';

/** What removes CEC's listeners on requests: these are many, and leave with them. @type {WeakMap<EventTarget, (() => void)[]>} */
const onRequests = new WeakMap();

/** @param {EventTarget} request */
export function silence(request) {
  for (const remove of onRequests.get(request) || []) remove();
}

/**
 * Removes CEC's listeners when the scope ends. Those on elements that are not on the page yet leave with them.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashListeners({ scope, hold }) {
  // A page may have given these two functions of their own.
  const owners = [window, document].filter((owner) => Object.prototype.hasOwnProperty.call(owner, 'addEventListener'));
  for (const owner of [EventTarget.prototype, ...owners]) {
    patch(scope, owner, 'addEventListener', (call, args, self = window) => {
      call(args);
      if ((self instanceof Node && !self.isConnected) || !byCEC() || isJQuerys(self, args[1])) return;
      const remove = () => self.removeEventListener(...args);
      if (!(self instanceof XMLHttpRequest)) hold({}, remove);
      else if (onRequests.has(self)) onRequests.get(self).push(remove);
      else onRequests.set(self, [remove]);
    });
  }
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
