import { arm, consent, reset, setLocale, start, stop } from './boot.js';
import { host } from './client.js';
import { config } from './config.js';
import { failure } from './errors.js';
import { emit, on, silence } from './events.js';

const isFunction = (value) => typeof value === 'function';

/** Each command checks its arguments and answers false if it cannot take them; `on` answers with its unsubscribe function. */
const commands = {
  __proto__: null,
  load: start,
  consent: (granted) => typeof granted === 'boolean' && consent(granted),
  identify: (source) => isFunction(source) && (host.source = source),
  update: (changes) => typeof changes?.locale === 'string' && setLocale(changes.locale),
  reset,
  destroy,
  on: (name, fn) => /^(ready|error|unauthenticated|destroyed)$/.test(name) && isFunction(fn) && on(name, fn),
};

/**
 * The one global. It never throws: a call that it does not understand is an `error` event.
 *
 * @param {keyof typeof commands} command
 * @param {...any} args
 * @returns {(() => void) | undefined} From `on`: what ends the subscription.
 */
function EmbedChat(command, ...args) {
  if (queue) return void (command === 'destroy' || queue(command, ...args));
  const result = commands[command] ? commands[command](...args) : false;
  if (result === false) emit('error', failure('bad_call', String(command)));
  if (command === 'on') return result || (() => {});
}

/**
 * Is left behind, as the snippet leaves one, so that later calls harm nothing and the script can be loaded again. Gets
 * what is called in a listener for `destroyed`, too.
 */
let queue;

function destroy() {
  queue = (...args) => void queue.q.push(args);
  queue.q = [];
  stop('destroy');
  silence();
  window.EmbedChat = queue;
}

/** Answers another embed script on this page: the same channel's is harmless, another channel's is refused. */
EmbedChat.refuse = (other) => {
  if (other !== config.channel) emit('error', failure('second_channel', `${other} is refused beside ${config.channel}`));
};

const before = window.EmbedChat;
if (before?.refuse) {
  before.refuse(config.channel);
} else {
  window.EmbedChat = EmbedChat;
  // What follows a destroy is for the next script, and waits in the queue that destroy leaves behind.
  for (const call of before?.q || []) window.EmbedChat(...call);
  if (window.EmbedChat === EmbedChat) arm();
}
