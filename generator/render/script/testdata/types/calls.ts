// Every documented call, and what the types must refuse. TestEM12Types compiles it with embed.d.ts.

EmbedChat('load');
EmbedChat('consent', true);
EmbedChat('consent', false);
EmbedChat('identify', () => ({ thirdUserToken: 't', thirdUserId: '1', thirdUserName: 'Ann' }));
EmbedChat('identify', () => ({ thirdUserToken: 't', thirdUserId: '1', expiresAt: '2999-01-01T00:00:00Z' }));
EmbedChat('identify', async () => ({ thirdUserToken: 't', thirdUserId: '1', expiresAt: Date.now() + 60000 }));
EmbedChat('identify', () => null);
EmbedChat('identify', async () => undefined);
EmbedChat('update', { locale: 'zh' });
EmbedChat('reset');
EmbedChat('destroy');

const off = EmbedChat('on', 'ready', (detail) => {
  const channel: string = detail.channel;
  return channel;
});
off?.();
EmbedChat('on', 'error', ({ code, message, status }) => {
  const text: string = message;
  const http: number | undefined = status;
  switch (code) {
    case 'cec_refused':
    case 'timeout':
      return text + http;
    // @ts-expect-error There is no such code.
    case 'cec_refuse':
  }
});
EmbedChat('on', 'unauthenticated', (detail) => {
  const code: 'unauthenticated' = detail.code;
  return code;
});
EmbedChat('on', 'destroyed', ({ reason }) => {
  const known: 'consent' | 'reset' | 'destroy' = reason;
  return known;
});

// The global is on window too, and a queue may stand in for it.
window.EmbedChat('load');
window.EmbedChat ??= (...call: unknown[]): any => void (window.EmbedChat.q ??= []).push(call);
const source: EmbedChat.IdentitySource = async () => null;
window.EmbedChat('identify', source);

// @ts-expect-error
EmbedChat();
// @ts-expect-error
EmbedChat('open');
// @ts-expect-error
EmbedChat('consent');
// @ts-expect-error
EmbedChat('consent', 'yes');
// @ts-expect-error
EmbedChat('identify', { thirdUserToken: 't', thirdUserId: '1' });
// @ts-expect-error
EmbedChat('identify', () => ({ thirdUserId: '1' }));
// @ts-expect-error
EmbedChat('update', {});
// @ts-expect-error
EmbedChat('update', { locale: 7 });
// @ts-expect-error
EmbedChat('on', 'opened', () => {});
// @ts-expect-error
EmbedChat('on', 'ready');
// @ts-expect-error
EmbedChat('on', 'ready', (detail) => detail.code);
