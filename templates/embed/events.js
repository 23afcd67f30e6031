/** @typedef {'ready' | 'error' | 'unauthenticated' | 'destroyed'} EventName */

/** @type {[EventName, (detail: any) => void][]} */
let listeners = [];

/** The latest detail of each event since the last start, for those who listen late. */
let latest = {};

/**
 * Subscribes, and gives a late subscriber what has already happened.
 *
 * @param {EventName} name
 * @param {(detail: any) => void} fn
 * @returns {() => void} Ends the subscription.
 */
export function on(name, fn) {
  /** @type {[EventName, (detail: any) => void]} */
  const entry = [name, fn];
  listeners.push(entry);
  if (latest[name]) setTimeout(() => listeners.includes(entry) && fn(latest[name]));
  return () => {
    listeners = listeners.filter((other) => other !== entry);
  };
}

/**
 * Tells the page. A listener that throws harms nobody else; an error that nobody listens for is a warning on the console.
 *
 * @param {EventName} name
 * @param {object} detail
 */
export function emit(name, detail) {
  if (name !== 'destroyed') latest[name] = detail;
  const told = listeners.filter(([wanted]) => wanted === name);
  if (name === 'error' && !told.length) console.warn('EmbedChat', detail);
  for (const [, fn] of told) {
    try {
      fn(detail);
    } catch (e) {
      setTimeout(() => {
        throw e;
      });
    }
  }
}

/** Forgets what has happened; late subscribers then get nothing. */
export function forget() {
  latest = {};
}

/** Drops every subscription. */
export function silence() {
  listeners = [];
}
