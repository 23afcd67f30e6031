/** How long a script may take to load, in milliseconds. */
const LIMIT = 10000;

/**
 * Makes a script element that the page's Content-Security-Policy accepts if it accepts our own tag.
 *
 * @param {string | undefined} nonce Of our own tag.
 * @param {object} properties
 * @returns {HTMLScriptElement}
 */
export function newScript(nonce, properties) {
  const element = document.createElement('script');
  if (nonce) element.nonce = nonce;
  return Object.assign(element, properties);
}

/**
 * Adds a script element to the head and waits for it. Several of them load at once and run in the order of their adding.
 *
 * @param {import('./scope.js').Scope} scope Its end removes the element.
 * @param {HTMLScriptElement} script
 * @returns {Promise<unknown>} Truthy if it has loaded; not when it is blocked or late.
 */
export function loadScript(scope, script) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LIMIT);
    script.async = false;
    script.onload = resolve;
    script.onerror = () => resolve(0);
    scope.add(() => {
      clearTimeout(timer);
      script.remove();
    });
    document.head.append(script);
  });
}
