import { failure } from '../errors.js';
import { emit } from './host.js';

/**
 * Stands in for jQuery where the channel configures none: $.ajax as the vendor's guide uses it, and nothing else.
 *
 * @returns {never}
 */
export function jquery() {
  const message = 'CEC called $(…): configure libraries.jquery in channels.yaml';
  emit('error', failure('jquery_missing', message));
  throw new Error(message);
}

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/**
 * jQuery's $.ajax: url, type or method, data, contentType, dataType, headers, timeout, async, xhrFields, success,
 * error, complete; the result has done, fail, always and then. It never runs an answer as script.
 *
 * @param {string | Record<string, any>} url
 * @param {Record<string, any>} [options]
 * @returns {XMLHttpRequest} With jQuery's methods added.
 */
jquery.ajax = (url, options) => {
  const o = typeof url === 'string' ? { ...options, url } : url;
  const method = (o.type || o.method || 'GET').toUpperCase();
  const xhr = /** @type {XMLHttpRequest & Record<string, any>} */ (new XMLHttpRequest());
  const calls = [];
  let outcome;

  const settle = (ok, ...args) => {
    outcome ||= { ok, args };
    while (calls.length) calls.shift()();
  };
  const when = (wanted) => (fn) => {
    const call = () => (wanted ?? outcome.ok) === outcome.ok && fn?.(...outcome.args);
    outcome ? call() : calls.push(call);
    return xhr;
  };
  const fail = (status) => settle(false, xhr, status, xhr.statusText);
  Object.assign(xhr, {
    done: when(true),
    fail: when(false),
    always: when(),
    then: (good, bad) => new Promise((resolve, reject) => xhr.done(resolve).fail(reject)).then(good, bad),
  });
  xhr.done(o.success).fail(o.error).always(o.complete);

  let { data } = o;
  if (data?.constructor === Object && o.processData !== false) data = new URLSearchParams(data).toString();
  let target = o.url || location.href;
  if (data && method === 'GET') target += (target.includes('?') ? '&' : '?') + data;
  xhr.open(method, target, o.async !== false);
  if (data && method !== 'GET' && o.contentType !== false) xhr.setRequestHeader('Content-Type', o.contentType || FORM);
  for (const name in o.headers) xhr.setRequestHeader(name, o.headers[name]);
  if (o.timeout) xhr.timeout = o.timeout;
  Object.assign(xhr, o.xhrFields);

  xhr.onerror = () => fail('error');
  xhr.ontimeout = () => fail('timeout');
  xhr.onabort = () => fail('abort');
  xhr.onload = () => {
    if (xhr.status < 200 || xhr.status > 299) return fail('error');
    let body = xhr.responseText;
    if ((o.dataType || xhr.getResponseHeader('Content-Type') || '').includes('json')) {
      try {
        body = JSON.parse(body);
      } catch {
        return fail('parsererror');
      }
    }
    settle(true, body, 'success', xhr);
  };
  try {
    xhr.send(method === 'GET' ? null : data);
  } catch {
    fail('error');
  }
  return xhr;
};
