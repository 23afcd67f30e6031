/** Whether a property is the object's own. */
export const has = (owner, name) => Object.prototype.hasOwnProperty.call(owner, name);

/**
 * Gives window data properties, until the scope ends: then each is as it was.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {Record<string, unknown>} values
 */
export function setGlobals(scope, values) {
  for (const name of Object.keys(values)) {
    const had = has(window, name);
    const before = window[name];
    window[name] = values[name];
    scope.add(() => restore(window, name, had, before));
  }
}

/**
 * Gives an object of the page a property, until the scope ends, or until somebody gives it another.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {any} owner
 * @param {string} name
 * @param {unknown} value
 * @param {boolean} enumerable
 */
export function lend(scope, owner, name, value, enumerable) {
  const had = has(owner, name);
  const before = owner[name];
  if (!Reflect.defineProperty(owner, name, { value, enumerable, writable: true, configurable: true })) return;
  scope.add(() => owner[name] === value && restore(owner, name, had, before));
}

function restore(owner, name, had, before) {
  // What CEC's script declared cannot be deleted.
  if (had || !Reflect.deleteProperty(owner, name)) owner[name] = had ? before : undefined;
}
