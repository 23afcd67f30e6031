import { failure } from '../errors.js';
import { newScript } from '../script.js';
import { emit, nonce } from './host.js';

/**
 * Stands in for jQuery where neither the page nor the channel has it: $.ajax, $.get, $.post, $.ajaxSetup and a shallow
 * $.extend, as far as scripts like those of the vendor's guide go, and nothing else.
 *
 * @returns {never}
 */
export function jquery() {
  const message = '$(…) needs libraries.jquery in channels.yaml';
  Promise.resolve().then(() => emit('error', failure('jquery_missing', message)));
  throw new Error(message);
}

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/** @type {Record<string, any>} */
const defaults = {};

jquery.ajaxSetup = (options) => Object.assign(defaults, options);

jquery.extend = (target, ...sources) => (target === true ? Object.assign(.../** @type {[any]} */ (sources)) : Object.assign(target, ...sources));

for (const type of ['get', 'post']) {
  jquery[type] = (url, data, success, dataType) =>
    typeof data === 'function' ? jquery.ajax({ type, url, success: data, dataType: success }) : jquery.ajax({ type, url, data, success, dataType });
}

/**
 * jQuery's $.ajax: url, type or method, data, contentType, processData, dataType (text, json, script), headers,
 * timeout, async, xhrFields, context, beforeSend, success, error, complete; the result has done, fail, always, then and
 * catch. An answer runs as script only if dataType says so.
 *
 * @param {string | Record<string, any>} url
 * @param {Record<string, any>} [options]
 * @returns {XMLHttpRequest} With jQuery's methods added.
 */
jquery.ajax = (url, options) => {
  /** @type {Record<string, any>} */
  const o = { ...defaults, ...(typeof url === 'string' ? { ...options, url } : url) };
  const method = (o.type || o.method || 'GET').toUpperCase();
  const sendsBody = method !== 'GET' && method !== 'HEAD';
  const xhr = /** @type {XMLHttpRequest & Record<string, any>} */ (new XMLHttpRequest());
  const calls = [];
  let outcome;

  const settle = (ok, ...args) => {
    outcome ||= { ok, args };
    while (calls.length) calls.shift()();
  };
  const when = (wanted) => (...fns) => {
    for (const fn of fns.flat()) {
      const call = () => (wanted ?? outcome.ok) === outcome.ok && fn?.apply(o.context || o, outcome.args);
      outcome ? call() : calls.push(call);
    }
    return xhr;
  };
  const fail = (status) => settle(false, xhr, status, xhr.statusText);
  const promise = () => new Promise((resolve, reject) => xhr.done(resolve).fail(reject));
  Object.assign(xhr, {
    done: when(true),
    fail: when(false),
    always: when(),
    then: (good, bad) => promise().then(good, bad),
    catch: (bad) => promise().catch(bad),
  });
  xhr.done(o.success).fail(o.error).always(() => o.complete?.call(o.context || o, xhr, outcome.args[1]));

  let { data } = o;
  if (data?.constructor === Object && o.processData !== false) data = new URLSearchParams(data).toString();
  let target = o.url || location.href;
  if (data && !sendsBody) target += (target.includes('?') ? '&' : '?') + data;
  xhr.open(method, target, o.async !== false);
  if (data && sendsBody && o.contentType !== false) xhr.setRequestHeader('Content-Type', o.contentType || FORM);
  for (const [name, value] of Object.entries(o.headers || {})) xhr.setRequestHeader(name, value);
  if (o.timeout) xhr.timeout = o.timeout;
  Object.assign(xhr, o.xhrFields);

  for (const end of ['error', 'timeout', 'abort']) xhr[`on${end}`] = () => fail(end);
  xhr.onload = () => {
    if (xhr.status < 200 || xhr.status > 299) return fail('error');
    let body = xhr.response;
    if ((o.dataType || xhr.getResponseHeader('Content-Type') || '').includes('json') && typeof body === 'string') {
      try {
        body = xhr.responseJSON = JSON.parse(body);
      } catch {
        return fail('parsererror');
      }
    }
    if (o.dataType === 'script') document.head.append(newScript(nonce, { text: body }));
    settle(true, body, 'success', xhr);
  };
  if (o.beforeSend?.call(o.context || o, xhr, o) === false) {
    fail('canceled');
    return xhr;
  }
  try {
    xhr.send(sendsBody ? data : null);
  } catch {
    fail('error');
  }
  return xhr;
};
