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

function restore(owner, name, had, before = undefined) {
  // What CEC's script declared cannot be deleted.
  if (had || !Reflect.deleteProperty(owner, name)) owner[name] = had ? before : undefined;
}

/**
 * Clears, when the scope ends, the globals made since that hold something of the user's. Others stay: the page may use them.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {Record<string, any>} data CEC's thirdUserData.
 * @param {Set<string>} before The names of window's properties.
 */
export function forgetPersonal(scope, data, before) {
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!before.has(name)) scope.add(() => isPersonal(name, data) && restore(window, name, false));
  }
}

/**
 * @param {string} name
 * @param {Record<string, any>} data
 */
function isPersonal(name, { thirdUserId, thirdUserName, thirdUserToken, thirdPartAuthorization }) {
  try {
    const text = JSON.stringify(window[name]) || '';
    // A short one may stand in anything.
    return [thirdUserId, thirdUserName, thirdUserToken, thirdPartAuthorization].some((datum) => {
      const quoted = JSON.stringify(`${datum}`);
      return datum && text.includes(quoted.length > 6 ? quoted.slice(1, -1) : quoted);
    });
  } catch {
    return true; // It refers to itself, as what is not plain data does.
  }
}
