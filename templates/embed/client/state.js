import { base } from './host.js';

/**
 * What the browser stores for this page and script can reach, each entry with what removes it.
 *
 * @returns {Map<string, () => void>}
 */
export function snapshot() {
  const entries = new Map();
  for (const name of ['localStorage', 'sessionStorage']) {
    attempt(() => {
      const store = window[name];
      for (const key of Object.keys(store)) entries.set(name + key, () => store.removeItem(key));
    });
  }
  attempt(() => {
    for (const pair of document.cookie.split('; ')) {
      const key = pair.split('=')[0];
      entries.set(key, () => expireCookie(key));
    }
  });
  return entries;
}

/**
 * Expires a cookie on every path and domain that it can have been set for.
 *
 * @param {string} name
 */
export function expireCookie(name) {
  attempt(() => {
    for (const domain of ['', ...suffixes(location.hostname).map((d) => `;domain=${d}`)]) {
      for (const path of prefixes(location.pathname).concat(prefixes(new URL(base).pathname))) document.cookie = `${name}=;max-age=0;path=${path}${domain}`;
    }
  });
}

/**
 * Storage and cookies may be switched off, as in a sandboxed frame, and asking then throws; so may objects of CEC's.
 *
 * @param {() => void} act
 */
export function attempt(act) {
  try {
    act();
  } catch {
    // There is nothing to do.
  }
}

/** "/a/b" gives "/", "/a", "/a/", "/a/b" and "/a/b/". */
const prefixes = (pathname) => [...pathname.matchAll(/\/|$/g)].flatMap(({ index }) => ['', '/'].map((end) => pathname.slice(0, index) + end));

function suffixes(host) {
  const labels = host.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}

/**
 * The handlers like onclick and onmessage that stand in properties of the window, the document and the body.
 *
 * @returns {[owner: any, name: string, value: unknown][]}
 */
export function handlers() {
  const list = [];
  for (const owner of [window, document, document.body]) {
    for (const name in owner) if (/^on/.test(name)) list.push([owner, name, owner[name]]);
  }
  return list;
}
