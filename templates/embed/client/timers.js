import { failure } from '../errors.js';
import { byCEC } from './caller.js';
import { emit } from './host.js';
import { patch } from './patch.js';

const CLEAR = {
  setTimeout: 'clearTimeout',
  setInterval: 'clearInterval',
  requestAnimationFrame: 'cancelAnimationFrame',
  requestIdleCallback: 'cancelIdleCallback',
};

/**
 * Ends CEC's timers with the scope. What they throw is an `error` event, and none of the page's.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashTimers({ scope, hold, release, act }) {
  for (const set of Object.keys(CLEAR)) {
    patch(scope, window, set, (call, [fn, ...rest]) => {
      if (!byCEC()) return call([fn, ...rest]);
      const fire = (...args) => {
        if (set !== 'setInterval') release(key);
        try {
          act(() => fn.apply(window, args));
        } catch (e) {
          Promise.resolve().then(() => emit('error', failure('script_failed', `in a timer: ${e}`)));
        }
      };
      const id = call([typeof fn === 'function' ? fire : fn, ...rest]);
      const key = set + id;
      hold(key, () => window[CLEAR[set]](id));
      return id;
    });
    patch(scope, window, CLEAR[set], (call, args) => {
      call(args);
      release(set + args[0]);
    });
  }
}
