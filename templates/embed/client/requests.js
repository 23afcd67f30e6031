import { byCEC, isCECs } from './caller.js';
import { silence } from './listeners.js';
import { listen, patch } from './patch.js';

/** What goes on by itself, beside requests. */
const SOURCES = [
  'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker', 'RTCPeerConnection',
  'MutationObserver', 'ResizeObserver', 'IntersectionObserver',
];

const READERS = ['text', 'json', 'blob', 'arrayBuffer', 'formData', 'bytes'];

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
    patch(scope, window, name, (call, args) => {
      const made = call(args);
      if (isCECs(args[0]) || byCEC()) hold(made, () => end(made));
      return made;
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

/**
 * @param {import('./trace.js').Leash} leash
 * @param {(args: any[]) => Promise<Response>} call
 * @param {any[]} args
 */
async function fetchForCEC({ scope, hold, release }, call, [input, init]) {
  // What a Request says does not survive a copy of its properties.
  if (init instanceof Request) [input, init] = /** @type {any[]} */ ([new Request(input, init)]);
  const control = new AbortController();
  hold(control, () => control.abort());
  // What has not come by the end never comes: a refusal would be an answer too.
  const gate = (promise, then) => new Promise((resolve, reject) => {
    promise.then((value) => scope.ended || resolve(then(value)), (e) => scope.ended || reject(e));
  });
  const done = (value) => (release(control), value);
  const gated = (answer) => {
    const clone = answer.clone.bind(answer);
    answer.clone = () => gated(clone());
    for (const name of READERS) {
      const read = answer[name]?.bind(answer);
      if (read) answer[name] = () => gate(read(), done);
    }
    return answer;
  };
  const theirs = init?.signal || input.signal;
  const follow = () => control.abort(theirs.reason);
  if (theirs) theirs.aborted ? follow() : listen(theirs, 'abort', follow);
  return gate(call([input, { ...init, signal: control.signal }]), gated);
}
