/**
 * Stands in for axios in token mode, where neither the page nor the channel has it: requests as axios makes them by
 * default, and axios.create; no interceptors, no transforms.
 *
 * @param {Record<string, any>} [defaults] url, method, baseURL, params, data, headers, timeout, withCredentials,
 *   responseType (json or text).
 */
export function newAxios(defaults = {}) {
  const axios = (url, config) => axios.request(typeof url === 'string' ? { ...config, url } : url);
  axios.defaults = { headers: {}, ...defaults };
  axios.create = (more) => newAxios({ ...axios.defaults, ...more });
  axios.request = (config) => request({ ...axios.defaults, ...config, headers: { ...axios.defaults.headers.common, ...axios.defaults.headers, ...config.headers } });
  for (const method of ['get', 'delete', 'head']) axios[method] = (url, config) => axios.request({ ...config, url, method });
  for (const method of ['post', 'put', 'patch']) axios[method] = (url, data, config) => axios.request({ ...config, url, data, method });
  return axios;
}

async function request(config) {
  const { baseURL = '', data, timeout, withCredentials, responseType } = config;
  const method = (config.method || 'get').toUpperCase();
  const url = new URL(baseURL + config.url, document.baseURI);
  for (const [name, value] of Object.entries(config.params || {})) if (value != null) url.searchParams.append(name, value);
  const headers = new Headers({ Accept: 'application/json, text/plain, */*' });
  for (const [name, value] of Object.entries(config.headers)) if (typeof value !== 'object') headers.set(name, value);
  const plain = data && [Object, Array].includes(data.constructor);
  const type = plain ? 'application/json' : typeof data === 'string' && 'application/x-www-form-urlencoded';
  if (type && !headers.has('Content-Type')) headers.set('Content-Type', type);
  /** @type {RequestInit} */
  const init = { method, headers, credentials: withCredentials ? 'include' : 'same-origin' };
  if (!/GET|HEAD/.test(method)) init.body = plain ? JSON.stringify(data) : data;
  if (timeout) init.signal = AbortSignal.timeout(timeout);
  let response;
  const refuse = (message, code) => Object.assign(new Error(message), { code, config, response, isAxiosError: true });
  try {
    const answer = await fetch(url, init);
    let body = await answer.text();
    if (responseType !== 'text') {
      try {
        body = JSON.parse(body);
      } catch {
        // Then it is text.
      }
    }
    response = { data: body, status: answer.status, statusText: answer.statusText, headers: Object.fromEntries(answer.headers), config };
  } catch (e) {
    throw e.name === 'TimeoutError' ? refuse(`timeout of ${timeout}ms exceeded`, 'ECONNABORTED') : refuse('Network Error', 'ERR_NETWORK');
  }
  if (response.status < 200 || response.status > 299) throw refuse(`Request failed with status code ${response.status}`, 'ERR_BAD_RESPONSE');
  return response;
}
