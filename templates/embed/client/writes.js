import { byCEC } from './caller.js';
import { patch } from './patch.js';
import { expireCookie } from './state.js';

/** What adds to the element that it is called on, and what adds beside it. */
const INTO = ['appendChild', 'insertBefore', 'replaceChild', 'append', 'prepend', 'insertAdjacentHTML', 'insertAdjacentElement'];
const BESIDE = ['before', 'after', 'replaceWith'];

/**
 * Knows what CEC's scripts add to the page at any time: elements, cookies and storage.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashWrites({ scope, hold, release, act }) {
  const isRoot = (node) => node === document.body || node === document.head || node === document.documentElement;
  const whenAt = (root) => (call, args, self) => (isRoot(root(self)) && byCEC() ? act(() => call(args)) : call(args));
  for (const { prototype } of [Node, Element]) {
    for (const name of INTO) patch(scope, prototype, name, whenAt((self) => self));
    for (const name of BESIDE) patch(scope, prototype, name, whenAt((self) => self?.parentNode));
  }

  // After the page has loaded these would empty it.
  for (const name of ['write', 'writeln', 'open']) {
    patch(scope, Document.prototype, name, (call, args) => {
      if (!byCEC()) return call(args);
      if (name !== 'open') document.body.insertAdjacentHTML('beforeend', args.join(''));
      return document;
    });
  }

  patch(scope, Storage.prototype, 'setItem', (call, args, store) => {
    const name = args[0];
    const before = byCEC() && store.getItem(name);
    call(args);
    const key = `${store === window.localStorage} ${name}`;
    if (before === false) release(key);
    else hold(key, () => (before === null ? store.removeItem(name) : store.setItem(name, before)));
  });
  leashCookies(scope, hold);
}

function leashCookies(scope, hold) {
  const { prototype } = Document;
  const descriptor = () => Object.getOwnPropertyDescriptor(prototype, 'cookie');
  const before = descriptor();
  if (!before?.configurable) return;
  const ours = { ...before };
  patch(scope, ours, 'set', (call, args) => {
    call(args);
    const name = `${args[0]}`.split('=')[0];
    if (byCEC()) hold(`=${name}`, () => expireCookie(name));
  });
  const { set } = ours;
  Object.defineProperty(prototype, 'cookie', ours);
  scope.add(() => descriptor().set === set && Object.defineProperty(prototype, 'cookie', before));
}
