// The application that TestEM13React puts the React form into.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './Chat.jsx';

function App() {
  const [props, setProps] = useState({ shown: true, consent: true });
  window.set = (changes) => setProps((before) => ({ ...before, ...changes }));
  const onEvent = (name, detail) => events.push(name === 'error' ? `error ${detail.code}` : name);
  return props.shown && <Chat onEvent={onEvent} consent={props.consent} identify={window.identify} />;
}

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
