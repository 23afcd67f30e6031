/**
 * Hides an AMD loader of the page from one script, which would otherwise define a module there, and no global. The
 * loader's own scripts, running before and after, see it.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {HTMLScriptElement} script
 */
export function hideAMD(scope, script) {
  const { define } = window;
  const before = define && Object.getOwnPropertyDescriptor(define, 'amd');
  if (!before?.configurable) return;
  const get = () => (document.currentScript === script ? undefined : before.get?.() ?? before.value);
  Object.defineProperty(define, 'amd', { get, configurable: true });
  scope.add(() => Object.defineProperty(define, 'amd', before));
}
