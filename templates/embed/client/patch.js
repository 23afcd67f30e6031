import { has } from './globals.js';

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
 * Puts another function in place of one of the browser's, until the scope ends. It looks like that one: name, length,
 * text, what it is an instance of. If somebody else has put theirs over it by the end, it stays below, and does nothing
 * but call on.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {any} owner
 * @param {string} name Nothing is done if the owner has no such function of its own.
 * @param {(call: (args: any[]) => any, args: any[], self: any) => any} act Replaces a call, with `new` or without; call
 *   makes the original one.
 */
export function patch(scope, owner, name, act) {
  const original = owner?.[name];
  if (typeof original !== 'function' || !has(owner, name)) return;
  const acted = (call, args, self) => (scope.ended ? call(args) : act(call, args, self));
  const ours = new Proxy(original, {
    apply: (_, self, args) => acted((args) => Reflect.apply(original, self, args), args, self),
    construct: (_, args, target) => acted((args) => Reflect.construct(original, args, target), args),
  });
  owner[name] = ours;
  scope.add(() => {
    if (owner[name] === ours) owner[name] = original;
  });
}
