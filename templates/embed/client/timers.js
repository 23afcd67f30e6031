import { failure } from '../errors.js';
import { byCEC } from './caller.js';
import { emit } from './host.js';
import { patch } from './patch.js';

const SETTERS = ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'];

/**
 * Ends CEC's timers with the scope. What they throw is an `error` event, and none of the page's.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashTimers({ scope, hold, release, act }) {
  for (const set of SETTERS) {
    const clear = set.replace('set', 'clear').replace('request', 'cancel');
    patch(scope, window, set, (call, args) => {
      if (!byCEC()) return call(args);
      const [fn, ...rest] = args;
      const fire = (...args) => {
        if (set !== 'setInterval') release(key);
        try {
          act(() => fn.apply(window, args));
        } catch (e) {
          Promise.resolve().then(() => emit('error', failure('script_failed', `${e}`)));
        }
      };
      const id = call([typeof fn === 'function' ? fire : fn, ...rest]);
      const key = set + id;
      hold(key, () => window[clear](id));
      return id;
    });
    patch(scope, window, clear, (call, args) => {
      call(args);
      release(set + args[0]);
    });
  }
}
