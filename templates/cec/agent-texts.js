// The texts of the agent console in both languages. Elements name theirs by data-t (text),
// data-t-label (aria-label) and data-t-placeholder.

const texts = {
  en: {
    title: 'Agent console', simulated: 'simulated, not the vendor’s', presence: 'Your state', idle: 'Idle', busy: 'Busy', offline: 'Offline',
    auto: 'Accept automatically', robot: 'Robot first', lost: 'The development server does not answer. Trying again…',
    views: 'Views', queue: 'Visitors', conversation: 'Conversation', details: 'Details', clear: 'Clear ended', leftTitle: 'Messages left',
    accept: 'Accept', copy: 'Copy transcript', copied: 'Copied', end: 'End', messages: 'Messages', quick: 'Quick replies',
    answer: 'Your answer', placeholder: 'Write an answer. Enter sends, Shift+Enter starts a new line.', send: 'Send',
    emptyTitle: 'No visitor yet',
    emptyText: 'Open a channel’s page in another tab and click the blue icon at its bottom right. The visitor appears here, and you answer.',
    selectTitle: 'Nobody selected', selectText: 'Select a visitor in the list to see the conversation.',
    timeline: 'Timeline', all: 'Everybody’s',
    noHops: 'Each hop of a start and of a conversation will be listed here: who asked whom, what was checked, and how long it took.',
    waitingGroup: 'Waiting', activeGroup: 'In conversation', arrivedGroup: 'On a page, chat not opened', endedGroup: 'Ended',
    noMessage: 'No message yet', unread: 'unread', media: { IMAGE: 'Image', VIDEO: 'Video', AUDIO: 'Audio' },
    from: { visitor: 'Visitor', agent: 'You', robot: 'Robot', system: 'System' },
    state: { started: 'has not opened the chat', robot: 'talks to the robot', queued: 'waits', active: 'in conversation', closed: 'ended', gone: 'session over' },
    reason: {
      agent: 'ended by you', visitor: 'ended by the visitor', replaced: 'replaced by a second start', lost: 'stopped polling', expired: 'expired'
    },
    fact: {
      user: 'User', userId: 'User ID', tenant: 'Tenant', channel: 'Channel', mode: 'Mode', verified: 'Vouched for by', locale: 'Locale',
      mapService: 'Map service', started: 'Started', space: 'Tenant space ID', config: 'Channel config ID', phone: 'Phone'
    },
    mode: { authorization: 'authorization (guest)', token: 'token (customer)' },
    verified: { signature: 'signature, verified by CEC', token: 'token, validated by the site' },
    what: { accept: 'accepts the visitor', send: 'answers', end: 'ends the conversation' },
    party: { visitor: 'Visitor', site: 'Site', cec: 'CEC', agent: 'Agent' },
    request: 'Request (masked)', response: 'Response (masked)', repeated: 'times', yes: 'passed', no: 'failed',
    other: { label: '中文', lang: 'zh', title: '切换到中文' }
  },
  zh: {
    title: '客服控制台', simulated: '模拟，非厂商产品', presence: '您的状态', idle: '空闲', busy: '忙碌', offline: '离线',
    auto: '自动接入', robot: '机器人优先', lost: '开发服务器没有响应，正在重试…',
    views: '视图', queue: '访客', conversation: '会话', details: '详情', clear: '清除已结束', leftTitle: '留言',
    accept: '接入', copy: '复制记录', copied: '已复制', end: '结束', messages: '消息', quick: '快捷回复',
    answer: '您的回复', placeholder: '请输入回复。Enter 发送，Shift+Enter 换行。', send: '发送',
    emptyTitle: '还没有访客', emptyText: '请在另一个标签页打开某个渠道的页面，点击右下角的蓝色图标。访客会出现在这里，由您来回复。',
    selectTitle: '未选择访客', selectText: '请在列表中选择一位访客以查看会话。',
    timeline: '时间线', all: '所有人', noHops: '接入和会话的每一步都会列在这里：谁请求了谁、检查了什么、用了多长时间。',
    waitingGroup: '等待中', activeGroup: '会话中', arrivedGroup: '已打开页面，未打开聊天', endedGroup: '已结束',
    noMessage: '还没有消息', unread: '条未读', media: { IMAGE: '图片', VIDEO: '视频', AUDIO: '音频' },
    from: { visitor: '访客', agent: '我', robot: '机器人', system: '系统' },
    state: { started: '未打开聊天', robot: '与机器人对话', queued: '等待中', active: '会话中', closed: '已结束', gone: '会话失效' },
    reason: { agent: '由您结束', visitor: '由访客结束', replaced: '被再次接入取代', lost: '停止轮询', expired: '已过期' },
    fact: {
      user: '用户', userId: '用户 ID', tenant: '租户', channel: '渠道', mode: '模式', verified: '身份依据', locale: '语言',
      mapService: '地图服务', started: '开始时间', space: '租户空间 ID', config: '渠道配置 ID', phone: '电话'
    },
    mode: { authorization: '授权模式（访客）', token: '令牌模式（客户）' },
    verified: { signature: '签名，由 CEC 验证', token: '令牌，由网站验证' },
    what: { accept: '接入访客', send: '回复', end: '结束会话' },
    party: { visitor: '访客', site: '网站', cec: 'CEC', agent: '客服' },
    request: '请求（已脱敏）', response: '响应（已脱敏）', repeated: '次', yes: '通过', no: '未通过',
    other: { label: 'English', lang: 'en', title: 'Switch to English' }
  }
};

// quickReplies are in the visitor's language, not in the agent's.
const quickReplies = {
  en: ['Hello, how can I help you?', 'One moment, please.', 'Thank you for your patience.', 'Is there anything else?'],
  zh: ['您好，请问有什么可以帮您？', '请稍等。', '感谢您的耐心等待。', '请问还有其他问题吗？']
};

export const languageOf = (locale) => (/^zh/i.test(locale) ? 'zh' : 'en');
export const repliesFor = (locale) => quickReplies[languageOf(locale)];

const stored = () => { try { return localStorage.getItem('embedgen-agent-language'); } catch { return null; } };

// t holds the texts of the current language.
export let t = texts[languageOf(new URLSearchParams(location.search).get('lang') ?? stored() ?? navigator.language)];

// translate puts the current language's texts into the page.
export function translate() {
  document.documentElement.lang = t === texts.zh ? 'zh' : 'en';
  document.title = `${t.title} (${t.simulated})`;
  for (const e of document.querySelectorAll('[data-t]')) e.textContent = t[e.dataset.t];
  for (const e of document.querySelectorAll('[data-t-label]')) e.setAttribute('aria-label', t[e.dataset.tLabel]);
  for (const e of document.querySelectorAll('[data-t-placeholder]')) e.placeholder = t[e.dataset.tPlaceholder];
  const other = document.getElementById('agent-language');
  Object.assign(other, { textContent: t.other.label, lang: t.other.lang, title: t.other.title });
}

// switchLanguage changes to the other language and keeps the choice.
export function switchLanguage() {
  t = texts[t.other.lang];
  try { localStorage.setItem('embedgen-agent-language', document.documentElement.lang === 'zh' ? 'en' : 'zh'); } catch { /* private mode */ }
  translate();
}
