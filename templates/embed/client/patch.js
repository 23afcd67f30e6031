const { addEventListener } = EventTarget.prototype;

/**
 * Adds a listener of our own, which no patch sees.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {() => void} fn
 */
export const listen = (target, type, fn) => addEventListener.call(target, type, fn);

/**
 * Puts another function in place of one of the browser's, until the scope ends. If somebody else has put theirs over
 * it by then, it stays below, and does nothing but call on.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {any} owner
 * @param {string} name Nothing is done if the owner has no such function.
 * @param {(call: (args: any[]) => any, args: any[], self: any) => any} act Replaces a call; call makes the original one.
 */
export function patch(scope, owner, name, act) {
  const original = owner?.[name];
  if (!original) return;
  put(scope, owner, name, original, function (...args) {
    const call = (args) => original.apply(this, args);
    return scope.ended ? call(args) : act(call, args, this);
  });
}

/**
 * Hears of the objects that a constructor makes, until the scope ends.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {string} name Of a global.
 * @param {(made: any, args: any[]) => void} hear
 */
export function patchConstructor(scope, name, hear) {
  const original = window[name];
  if (!original) return;
  put(scope, window, name, original, new Proxy(original, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget);
      if (!scope.ended) hear(made, args);
      return made;
    },
  }));
}

function put(scope, owner, name, original, ours) {
  owner[name] = ours;
  scope.add(() => {
    if (owner[name] === ours) owner[name] = original;
  });
}
