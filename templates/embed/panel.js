import { language } from './text.js';
import css from './panel.css';

/** @type {HTMLElement | undefined} */
let panel;

/** Whether the panel is on the page. */
export const shown = () => !!panel;

/**
 * Shows a message and buttons at the bottom right, in place of what the panel showed before.
 *
 * @param {string} message Announced to screen readers; may be empty.
 * @param {[label: string, act?: () => void][]} buttons
 * @param {boolean} [busy] The button shows progress and does nothing.
 */
export function show(message, buttons, busy) {
  panel ||= open();
  const root = panel.shadowRoot;
  const box = /** @type {HTMLElement} */ (root.lastChild);
  const focused = root.activeElement;
  box.lang = language();
  box.firstChild.textContent = message;
  while (box.children[1]) box.lastChild.remove();
  for (const [label, act] of buttons) {
    const button = add(box, 'button');
    button.type = 'button';
    button.textContent = label;
    button.onclick = () => busy || act();
    if (busy) button.setAttribute('aria-busy', button.ariaDisabled = 'true');
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
