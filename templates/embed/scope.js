/**
 * What has been done to the page, as the steps that undo it.
 *
 * @typedef {object} Scope
 * @property {boolean} ended
 * @property {(undo: () => void) => void} add Remembers a step; after the end it is taken at once.
 * @property {() => void} end Takes every step, the latest first.
 */

/** @returns {Scope} */
export function newScope() {
  const steps = [];
  const scope = {
    ended: false,
    add: (undo) => void (scope.ended ? undo() : steps.push(undo)),
    end() {
      scope.ended = true;
      while (steps.length) steps.pop()();
    },
  };
  return scope;
}

/**
 * Calls fn at the next event of that type, unless the scope ends first.
 *
 * @param {Scope} scope
 * @param {EventTarget} target
 * @param {string} type
 * @param {() => void} fn
 */
export function once(scope, target, type, fn) {
  target.addEventListener(type, fn, { once: true });
  scope.add(() => target.removeEventListener(type, fn));
}

/**
 * Waits for the end of parsing; then there is a body. Never settles if the scope ends first.
 *
 * @param {Scope} scope
 * @returns {Promise<void>}
 */
export function parsed(scope) {
  return new Promise((resolve) => {
    if (document.readyState === 'loading') once(scope, document, 'DOMContentLoaded', resolve);
    else resolve();
  });
}
