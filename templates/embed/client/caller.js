import { base } from './host.js';

/**
 * How the addresses of CEC's scripts look in a call stack, run.js having given one to those that have none; and all
 * addresses of CEC: those under the context path. A page may have a path of its own with the same last name.
 * Co-browsing is apart: it cannot be unloaded, and stays.
 */
const CECS = new RegExp(`(^|[ (@])${base}/(?!\\S*cobrowse)`);

let seeing = false;

/** Whether call stacks name CEC's scripts, as trial has found. */
export const sees = () => seeing;

/** Called by a script that is named as CEC's are. */
export function trial() {
  if (!acting()) seeing = byCEC();
}

let depth = 0;

/** Whether asCEC is calling. */
export const acting = () => depth > 0;

/**
 * Whether an address is CEC's. Such a request is CEC's doing whoever makes it.
 *
 * @param {any} url
 */
export function isCECs(url) {
  try {
    return CECS.test(new URL(url, document.baseURI).href.replace(/^ws/, 'http'));
  } catch {
    return false;
  }
}

/**
 * Whether code of CEC's has made the present call, itself or through a library. That of the page around it is told
 * apart even if both use the same library.
 */
export function byCEC() {
  if (acting()) return true;
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 50; // frames; libraries call deep
  if (prepareStackTrace) Error.prepareStackTrace = null; // the page's may give anything
  const { stack } = new Error();
  if (prepareStackTrace) Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return CECS.test(stack);
}

/**
 * Calls act; whatever it does meanwhile is CEC's doing, whatever the browser's call stacks say.
 *
 * @template T
 * @param {() => T} act
 * @returns {T}
 */
export function asCEC(act) {
  depth++;
  try {
    return act();
  } finally {
    depth--;
  }
}
