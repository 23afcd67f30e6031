import { base } from './host.js';

/**
 * What the browser stores for this page and script can reach, each entry with what removes it.
 *
 * @returns {Map<string, () => void>}
 */
export function snapshot() {
  const entries = new Map();
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      const store = window[name];
      for (const key of Object.keys(store)) entries.set(name + key, () => store.removeItem(key));
    } catch {
      // Storage is switched off.
    }
  }
  for (const pair of document.cookie.split('; ')) {
    const key = pair.split('=')[0];
    entries.set(key, () => expireCookie(key));
  }
  return entries;
}

/**
 * Expires a cookie on every path and domain that it can have been set for.
 *
 * @param {string} name
 */
export function expireCookie(name) {
  for (const domain of ['', ...suffixes(location.hostname).map((d) => `;domain=${d}`)]) {
    for (const { pathname } of [location, new URL(base)]) {
      for (const path of prefixes(pathname)) document.cookie = `${name}=;max-age=0;path=${path}${domain}`;
    }
  }
}

/** "/a/b" gives "/", "/a", "/a/", "/a/b" and "/a/b/". */
function prefixes(pathname) {
  const parts = pathname.split('/').filter(Boolean);
  return ['/', ...parts.flatMap((_, i) => [0, 1].map((slash) => `/${parts.slice(0, i + 1).join('/')}${slash ? '/' : ''}`))];
}

function suffixes(host) {
  const labels = host.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}
