// {{line .Channel.Name}}, {{line .Tenant.Name}}: save as Chat.jsx and render <Chat /> once, at the root of the app.
import { useEffect, useRef } from 'react';

const SOURCE = {{js .Source}};

/** Calls EmbedChat; until embed.js arrives, its calls wait in a queue. */
function chat(...call) {
  window.EmbedChat ??= (...call) => void (window.EmbedChat.q ??= []).push(call);
  return window.EmbedChat(...call);
}

function load() {
  const script = document.createElement('script');
  script.src = SOURCE;
  document.head.append(script);
  return script;
}

/**
 * The chat is there while this component is.{{if .Interaction}} A button starts it.{{end}}
 * onEvent(name, detail) hears of ready, error, unauthenticated and destroyed.
{{- if .Channel.Consent}}
 * Nothing is requested before consent is true; false removes the chat.
{{- end}}
{{- if .Token}}
 * identify() gives {thirdUserToken, thirdUserId, thirdUserName}; without it the customer's session on this site decides.
{{- end}}
 */
export function Chat({ onEvent{{if .Channel.Consent}}, consent = false{{end}}{{if .Token}}, identify{{end}} }) {
  const latest = useRef({});
  useEffect(() => {
    latest.current = { onEvent{{if .Token}}, identify{{end}} };
  });

  useEffect(() => {
    let script;
    // Not at once: StrictMode mounts, unmounts and mounts again.
    const timer = setTimeout(() => {
      for (const name of ['ready', 'error', 'unauthenticated', 'destroyed']) {
        chat('on', name, (detail) => latest.current.onEvent?.(name, detail));
      }
{{- if .Token}}
      if (latest.current.identify) chat('identify', () => latest.current.identify());
{{- end}}
      script = load();
    });
    return () => {
      clearTimeout(timer);
      if (!script) return;
      chat('destroy');
      script.remove();
    };
  }, []);
{{- if .Channel.Consent}}

  useEffect(() => {
    chat('consent', consent);
  }, [consent]);
{{- end}}

  return null;
}
