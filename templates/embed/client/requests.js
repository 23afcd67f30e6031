import { byCEC, isCECs } from './caller.js';
import { silence } from './listeners.js';
import { listen, patch, patchConstructor } from './patch.js';

/** What goes on by itself, beside requests. */
const SOURCES = [
  'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker', 'RTCPeerConnection',
  'MutationObserver', 'ResizeObserver', 'IntersectionObserver',
];

const READERS = ['text', 'json', 'blob', 'arrayBuffer', 'formData'];

/**
 * Ends CEC's requests, connections and observers with the scope, without telling the code that waits for them. A
 * request to CEC is CEC's whoever makes it.
 *
 * @param {import('./trace.js').Leash} leash
 */
export function leashRequests(leash) {
  const { scope, hold, release } = leash;
  patch(scope, XMLHttpRequest.prototype, 'open', (call, args, xhr) => {
    call(args);
    if (!isCECs(args[1]) && !byCEC()) return;
    hold(xhr, () => end(xhr));
    listen(xhr, 'loadend', () => release(xhr));
  });
  patch(scope, window, 'fetch', (call, args) => (isCECs(args[0]?.url || args[0]) || byCEC() ? fetchForCEC(leash, call, args) : call(args)));
  for (const name of SOURCES) {
    patchConstructor(scope, name, (made, [url]) => {
      if (isCECs(url) || byCEC()) hold(made, () => end(made));
    });
  }
  for (const name of ['getUserMedia', 'getDisplayMedia']) {
    patch(scope, window.MediaDevices?.prototype, name, (call, args) => {
      const media = call(args);
      if (byCEC()) media.then((stream) => scope.add(() => stream.getTracks().forEach((track) => track.stop())), () => {});
      return media;
    });
  }
}

function end(source) {
  silence(source);
  for (const key in source) if (/^on/.test(key)) source[key] = null;
  (source.abort || source.close || source.terminate || source.disconnect).call(source);
}

function fetchForCEC({ scope, hold, release }, call, [input, init]) {
  const control = new AbortController();
  hold(control, () => control.abort());
  // What has not come by the end never comes: a refusal would be an answer too.
  const gate = (promise, then) => new Promise((resolve, reject) => {
    promise.then((value) => scope.ended || resolve(then(value)), (e) => scope.ended || reject(e));
  });
  const done = (value) => (release(control), value);
  const theirs = init?.signal;
  if (theirs) listen(theirs, 'abort', () => control.abort(theirs.reason));
  if (theirs?.aborted) control.abort(theirs.reason);
  return gate(call([input, input instanceof Request ? init : { ...init, signal: control.signal }]), (answer) => {
    for (const name of READERS) answer[name] = () => gate(Response.prototype[name].call(answer), done);
    return answer;
  });
}
