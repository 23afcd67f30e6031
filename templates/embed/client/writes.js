import { byCEC } from './caller.js';
import { patch } from './patch.js';
import { expireCookie } from './state.js';

/** What adds to the element that it is called on, and what adds beside it. */
const INTO = { appendChild: Node, insertBefore: Node, replaceChild: Node, append: Element, prepend: Element, insertAdjacentHTML: Element, insertAdjacentElement: Element };
const BESIDE = { before: Element, after: Element, replaceWith: Element };

/**
 * Knows what CEC's scripts add to the page at any time: elements, cookies and storage.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashWrites({ scope, hold, act }) {
  const isRoot = (node) => node === document.body || node === document.head || node === document.documentElement;
  const whenAt = (root) => (call, args, self) => (isRoot(root(self)) && byCEC() ? act(() => call(args)) : call(args));
  for (const name of Object.keys(INTO)) patch(scope, INTO[name].prototype, name, whenAt((self) => self));
  for (const name of Object.keys(BESIDE)) patch(scope, BESIDE[name].prototype, name, whenAt((self) => self.parentNode));

  // After the page has loaded these would empty it.
  for (const name of ['write', 'writeln']) {
    patch(scope, Document.prototype, name, (call, args) => {
      if (byCEC()) document.body.insertAdjacentHTML('beforeend', args.join(''));
      else call(args);
    });
  }
  patch(scope, Document.prototype, 'open', (call, args) => (byCEC() ? document : call(args)));

  patch(scope, Storage.prototype, 'setItem', (call, args, store) => {
    call(args);
    if (byCEC()) hold(`${store === window.localStorage} ${args[0]}`, () => store.removeItem(args[0]));
  });
  leashCookies(scope, hold);
}

function leashCookies(scope, hold) {
  const before = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (!before?.configurable) return;
  const set = function (text) {
    before.set.call(this, text);
    const [name] = `${text}`.split('=');
    if (!scope.ended && byCEC()) hold(`cookie ${name}`, () => expireCookie(name.trim()));
  };
  Object.defineProperty(Document.prototype, 'cookie', { ...before, set });
  scope.add(() => {
    const { set: present } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
    if (present === set) Object.defineProperty(Document.prototype, 'cookie', before);
  });
}
