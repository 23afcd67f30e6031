/**
 * Remembers a property of window, and puts it back when the scope ends.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {string} name
 */
export function restoreLater(scope, name) {
  const had = Object.prototype.hasOwnProperty.call(window, name);
  const before = window[name];
  scope.add(() => {
    // What CEC's script declared as a function cannot be deleted.
    if (had || !Reflect.deleteProperty(window, name)) window[name] = had ? before : undefined;
  });
}

/**
 * Gives window data properties, until the scope ends.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {Record<string, unknown>} values
 */
export function setGlobals(scope, values) {
  for (const name in values) {
    restoreLater(scope, name);
    window[name] = values[name];
  }
}
