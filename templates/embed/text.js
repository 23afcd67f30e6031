import { config } from './config.js';

/** What the visitor reads. */
const texts = {
  en: {
    offer: 'Chat with us',
    connecting: 'Connecting…',
    // Where another try makes no sense, the message has the name of the code.
    failed: 'The chat is not available right now.',
    retry: 'Try again',
    elsewhere: 'Contact us another way',
    close: 'Close',
    unauthenticated: 'Please sign in to chat.',
    unsupported_browser: 'Please use Chrome, Edge or Firefox on a computer.',
  },
  zh: {
    offer: '在线咨询',
    connecting: '正在连接…',
    failed: '在线客服暂不可用。',
    retry: '重试',
    elsewhere: '其他联系方式',
    close: '关闭',
    unauthenticated: '请先登录。',
    unsupported_browser: '请使用电脑上的 Chrome、Edge 或 Firefox。',
  },
};

/** The language of our own texts: a locale that we have no texts for reads English. */
export const language = () => (config.locale.startsWith('zh') ? 'zh' : 'en');

/** @returns {typeof texts.en} */
export const text = () => texts[language()];
