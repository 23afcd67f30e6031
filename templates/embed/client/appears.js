import { failure } from '../errors.js';

/** How long CEC may take to call thirdValidate or to show its icon, in milliseconds. */
const LIMIT = 20000;

/**
 * Waits until CEC's scripts have run and something of CEC's is to be seen, or until one of them has failed.
 * CEC without an icon counts as there in the end. Never settles if the scope ends first.
 *
 * @param {import('./cec.js').Client} client
 * @returns {Promise<void>}
 * @throws {import('../errors.js').Failure}
 */
export function appears(client) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const visible = client.trace.visible();
      const late = Date.now() - client.since > LIMIT;
      if (client.broken || (client.done ? visible || late : visible && late)) resolve();
      else if (late) reject(failure('timeout', 'thirdValidate'));
      else return true;
    };
    if (client.scope.ended || !look()) return;
    const timer = setInterval(() => look() || clearInterval(timer), 100);
    client.scope.add(() => clearInterval(timer));
  });
}
