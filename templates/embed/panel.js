import { language } from './text.js';
import css from './panel.css';

/**
 * @typedef {[label: string, act?: string | (() => void)]} Choice A button, or a link where `act` is an address.
 * @typedef {[message: string, choices: Choice[], busy?: boolean]} Content The message is announced to screen readers,
 *   and may be empty; buttons that are busy show progress and do nothing.
 */

/** @type {HTMLElement | undefined} */
let panel;

/** What the panel shows, in the language of the moment. @type {() => Content} */
let content;

/** Whether the panel is on the page. */
export const shown = () => !!panel;

/**
 * Shows a message and choices at the bottom right, in place of what the panel showed before.
 *
 * @param {() => Content} [next] What it showed before if left out, which may read different now.
 */
export function show(next = content) {
  content = next;
  const [message, choices, busy] = content();
  panel ||= open();
  const root = panel.shadowRoot;
  const box = /** @type {HTMLElement} */ (root.lastChild);
  const focused = root.activeElement;
  box.lang = language();
  box.firstChild.textContent = message;
  while (box.children[1]) box.lastChild.remove();
  for (const [label, act] of choices) {
    const link = typeof act === 'string';
    const choice = add(box, link ? 'a' : 'button');
    choice.textContent = label;
    // In this tab, whatever the page's <base> says; out of a frame, where the other page may refuse to be shown.
    if (link) {
      choice.href = act;
      choice.target = '_top';
    } else choice.onclick = () => busy || act();
    if (busy) choice.setAttribute('aria-busy', choice.ariaDisabled = 'true');
  }
  if (focused) /** @type {HTMLElement} */ (box.children[1]).focus();
}

/** Removes the panel. */
export function hide() {
  panel?.remove();
  panel = undefined;
}

/**
 * Puts an empty panel on the page, in a shadow tree: neither page's styles reach the other. It sits beside the body,
 * where a page that swaps its body leaves it alone.
 */
function open() {
  const element = add(document.documentElement, 'embed-chat');
  const root = element.attachShadow({ mode: 'open' });
  if (document.adoptedStyleSheets) {
    // A constructed sheet needs no style-src 'unsafe-inline'.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  }
  const box = add(root, 'div');
  box.dir = 'ltr';
  add(box, 'p').setAttribute('role', 'status');
  return element;
}

function add(parent, name) {
  const element = document.createElement(name);
  parent.append(element);
  return element;
}
