import { config } from './config.js';

/** What the visitor reads. */
const texts = {
  en: {
    offer: 'Chat with us',
    connecting: 'Connecting…',
    failed: 'The chat is not available right now.',
    retry: 'Try again',
    close: 'Close',
    signIn: 'Please sign in to chat.',
    unsupported: 'Please use Chrome, Edge or Firefox on a computer.',
  },
  zh: {
    offer: '在线咨询',
    connecting: '正在连接…',
    failed: '在线客服暂时无法使用。',
    retry: '重试',
    close: '关闭',
    signIn: '请先登录，再使用在线客服。',
    unsupported: '请使用电脑上的 Chrome、Edge 或 Firefox。',
  },
};

/** The language of our own texts: a locale that we have no texts for reads English. */
export const language = () => (config.locale.startsWith('zh') ? 'zh' : 'en');

/** @returns {typeof texts.en} */
export const text = () => texts[language()];
