// The application that TestEM13Vue puts the Vue form into.
import { createApp, h, reactive } from 'vue';
import Chat from './Chat.js';

const props = reactive({ shown: true, consent: true });
window.set = (changes) => void Object.assign(props, changes);
const listeners = {
  onReady: () => events.push('ready'),
  onError: (detail) => events.push(`error ${detail.code}`),
  onUnauthenticated: () => events.push('unauthenticated'),
  onDestroyed: () => events.push('destroyed'),
};

createApp({
  render: () => props.shown && h(Chat, { ...listeners, consent: props.consent, identify: window.identify }),
}).mount('#app');
