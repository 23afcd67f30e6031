import { failure } from '../errors.js';

/** The page's own, which CEC's scripts get only with a leash. */
const { fetch } = window;

/** How long one request may take, in milliseconds, its answer included. */
const LIMIT = 15000;

/**
 * POSTs text with credentials and reads the answer as text.
 *
 * @param {import('../scope.js').Scope} scope Ends the request with itself.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {object} body Sent as JSON.
 * @param {import('../errors.js').Code} unreached The code when there is no answer at all.
 * @returns {Promise<{ok: boolean, status: number, text: string}>}
 */
export async function post(scope, url, headers, body, unreached) {
  const control = new AbortController();
  const late = failure('timeout', url);
  const timer = setTimeout(() => control.abort(late), LIMIT);
  scope.add(() => control.abort());
  try {
    const { signal } = control;
    const answer = await fetch(url, { method: 'POST', credentials: 'include', headers, body: JSON.stringify(body), signal });
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  } catch (e) {
    throw e === late ? e : failure(unreached, `${url}: ${e.message}`);
  } finally {
    clearTimeout(timer);
  }
}
