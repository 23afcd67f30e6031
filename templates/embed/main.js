import { arm, consent, reset, setLocale, start, stop } from './boot.js';
import { host } from './client.js';
import { config } from './config.js';
import { failure } from './errors.js';
import { emit, on, silence } from './events.js';

const isFunction = (value) => typeof value === 'function';

/** Each command checks its arguments and says whether it took them; `on` answers with its unsubscribe function. */
const commands = {
  __proto__: null,
  load: () => (start(), true),
  consent: (granted) => typeof granted === 'boolean' && (consent(granted), true),
  identify: (source) => isFunction(source) && !!(host.source = source),
  update: (changes) => typeof changes?.locale === 'string' && setLocale(changes.locale),
  reset: () => (reset(), true),
  destroy: () => (destroy(), true),
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
  const result = commands[command]?.(...args);
  if (!result) emit('error', failure('bad_call', `EmbedChat: ${String(command)}`));
  if (command === 'on') return result || (() => {});
}

/** Leaves a queue behind, as the snippet does, so that later calls harm nothing and the script can be loaded again. */
function destroy() {
  stop('destroy');
  silence();
  const queue = (...args) => void queue.q.push(args);
  queue.q = [];
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
