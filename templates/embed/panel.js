import { language } from './text.js';
import css from './panel.css';

/** @typedef {[label: string, act?: string | (() => void)]} Choice A button, or a link where `act` is an address. */

/** @type {HTMLElement | undefined} */
let panel;

/** Whether the panel is on the page. */
export const shown = () => !!panel;

/**
 * Shows a message and choices at the bottom right, in place of what the panel showed before.
 *
 * @param {string} message Announced to screen readers; may be empty.
 * @param {Choice[]} choices
 * @param {boolean} [busy] The button shows progress and does nothing.
 */
export function show(message, choices, busy) {
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
    if (link) choice.href = act;
    else choice.onclick = () => busy || act();
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
  if (root.adoptedStyleSheets) {
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
