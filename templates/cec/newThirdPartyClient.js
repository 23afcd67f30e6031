/* newThirdPartyClient.js: the widget. Everything it makes is inside #cec-sim-root; cecSimulated.remove() takes it away. */
cecSimulated.start = function () {
  'use strict';

  if (cecSimulated.remove) cecSimulated.remove();

  const page = cecSimulated.expect('newThirdPartyClient.js', [
    '$ContextPath', '$aicc_ContextPath', 'configId', 'userId', 'userName', 'tenantSpaceId', 'locale',
    'thirdUserData', 'importScript', '$'
  ]);

  const chinese = /^zh/i.test(page.locale);
  const text = chinese ? {
    title: '在线客服', open: '打开在线客服', minimise: '收起', end: '结束会话', message: '消息', placeholder: '请输入消息…',
    send: '发送', log: '聊天记录', agent: '客服', robot: '机器人', visitor: '我', system: '系统',
    human: '转人工客服', leave: '留言', phone: '电话号码（选填）', leaveText: '留言内容', submit: '提交留言', back: '返回聊天',
    left: '留言已提交。', connecting: '正在连接…', ended: '会话已结束。', again: '重新开始', over: '会话已失效，请刷新页面后重新开始。',
    offline: '连接中断，正在重试…', failed: '消息未能发送：', unread: '条未读消息', simulated: '模拟 CEC，非厂商脚本'
  } : {
    title: 'Online customer service', open: 'Open online customer service', minimise: 'Minimise', end: 'End chat',
    message: 'Message', placeholder: 'Write a message…', send: 'Send', log: 'Conversation', agent: 'Agent', robot: 'Robot',
    visitor: 'You', system: 'System', human: 'Talk to an agent', leave: 'Leave a message', phone: 'Phone number (optional)',
    leaveText: 'Your message', submit: 'Leave message', back: 'Back to the chat', left: 'Your message was left.',
    connecting: 'Connecting…', ended: 'This chat has ended.', again: 'Start again',
    over: 'This session is over. Reload the page to start again.', offline: 'Connection lost. Trying again…',
    failed: 'The message could not be sent: ', unread: 'unread messages', simulated: 'Simulated CEC: not the vendor’s script'
  };

  /* ---- DOM ---- */

  function element(name, properties, children) {
    const made = document.createElement(name);
    Object.keys(properties || {}).forEach(function (key) {
      if (key in made) made[key] = properties[key];
      else made.setAttribute(key, properties[key]);
    });
    (children || []).forEach(function (child) { made.append(child); });
    return made;
  }

  /* icon draws one path in a 24 by 24 box, by attributes: the page's policy may forbid inline styles. */
  function icon(path) {
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const shape = document.createElementNS(space, 'path');
    shape.setAttribute('d', path);
    svg.append(shape);
    return svg;
  }

  function button(id, label, path) {
    return element('button', { id: id, type: 'button', 'aria-label': label, title: label }, [icon(path)]);
  }

  const badge = element('span', { id: 'cec-sim-badge', hidden: true });
  const opener = element('button', {
    id: 'cec-sim-icon', type: 'button', title: text.title, 'aria-label': text.open, 'aria-expanded': 'false', 'aria-controls': 'cec-sim-panel'
  }, [icon('M12 3C6.9 3 3 6.6 3 11c0 2.3 1.1 4.4 2.9 5.9L5 21l4.4-1.9c.8.2 1.7.3 2.6.3 5.1 0 9-3.6 9-8.4S17.1 3 12 3zM8 9.8h8v1.6H8zm0 3.2h5.5v1.6H8z'), badge]);

  const leaveOpener = button('cec-sim-leave', text.leave, 'M4 5h16v14H4zm1.6 2.2v1L12 12.6l6.4-4.4v-1L12 11.4z');
  const ender = button('cec-sim-end', text.end, 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4L12 13.4 6.4 19 5 17.6l5.6-5.6L5 6.4z');
  const minimiser = button('cec-sim-minimise', text.minimise, 'M5 11h14v2H5z');
  const log = element('div', { id: 'cec-sim-log', role: 'log', 'aria-label': text.log, 'aria-live': 'polite', tabIndex: 0 });
  const status = element('p', { id: 'cec-sim-status', role: 'status' });
  const human = element('button', { id: 'cec-sim-human', type: 'button', hidden: true, textContent: text.human });
  const again = element('button', { id: 'cec-sim-again', type: 'button', hidden: true, textContent: text.again });
  const input = element('textarea', { id: 'cec-sim-input', rows: 1, maxLength: 4000, placeholder: text.placeholder, 'aria-label': text.message });
  const sender = element('button', { id: 'cec-sim-send', type: 'submit', textContent: text.send });
  const form = element('form', { id: 'cec-sim-form', noValidate: true }, [input, sender]);

  const phone = element('input', { id: 'cec-sim-phone', type: 'tel', maxLength: 40, autocomplete: 'tel' });
  const leaveText = element('textarea', { id: 'cec-sim-leave-text', rows: 5, maxLength: 4000, required: true });
  const leaveForm = element('form', { id: 'cec-sim-leave-form', hidden: true }, [
    element('label', { htmlFor: 'cec-sim-phone', textContent: text.phone }), phone,
    element('label', { htmlFor: 'cec-sim-leave-text', textContent: text.leaveText }), leaveText,
    element('button', { id: 'cec-sim-leave-send', type: 'submit', textContent: text.submit }),
    element('button', { id: 'cec-sim-leave-back', type: 'button', textContent: text.back })
  ]);

  const panel = element('section', { id: 'cec-sim-panel', role: 'dialog', 'aria-label': text.title, hidden: true }, [
    element('header', {}, [element('h2', { textContent: text.title }), leaveOpener, minimiser, ender]),
    log, element('div', { id: 'cec-sim-tools' }, [status, human, again]), form, leaveForm,
    element('footer', { textContent: text.simulated })
  ]);

  const look = element('link', { rel: 'stylesheet', href: page.$aicc_ContextPath + 'webclient/chat_client/css/simulated.css' });
  const root = element('div', { id: 'cec-sim-root', lang: chinese ? 'zh' : 'en', dir: 'ltr', hidden: true }, [look, panel, opener]);
  look.onload = look.onerror = function () { root.hidden = false; };

  /* ---- conversation ---- */

  const session = cecSimulated.session;
  const api = page.$ContextPath + '/rest/webadapter/v1/webadapterfacade/';
  let phase = 'idle'; // idle, connecting, connected, ended or over
  let connecting = null; // a promise while connecting or connected
  let timer = 0;
  let misses = 0;
  let away = 0; // looks since the widget was last seen in the document
  let polling = false;
  let unread = 0;
  let sending = Promise.resolve(); // the last message on its way: messages keep their order

  async function call(method, name, body) {
    const request = { method: method, credentials: 'include', cache: 'no-store' };
    if (body) request.body = JSON.stringify(body); // as text/plain: no preflight across origins
    const answer = await fetch(api + name + '?session=' + session, request);
    if (answer.status === 401) throw sessionOver();
    if (!answer.ok) throw new Error('HTTP ' + answer.status);
    return answer.json();
  }

  async function send(controlType, content) {
    const answer = await call('POST', 'sendMessageForWebChannel', {
      controlType: controlType, mediaType: 'TEXT', content: content || '', userAgent: navigator.userAgent
    });
    if (answer.resultCode !== '0') throw new Error(answer.resultDesc);
  }

  function show(from, content, when) {
    const time = element('time', {
      dateTime: when.toISOString(), textContent: when.toLocaleTimeString(chinese ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit' })
    });
    const parts = [element('span', { className: 'cec-sim-who' }, [text[from], ' ', time]), element('p', { textContent: content })];
    log.append(element('div', { className: 'cec-sim-message', 'data-from': from }, parts));
    while (log.childElementCount > 500) log.firstElementChild.remove();
    log.scrollTop = log.scrollHeight;
  }

  function say(message) { status.textContent = message; }

  function connect() {
    if (connecting) return connecting;
    phase = 'connecting';
    again.hidden = true;
    say(text.connecting);
    connecting = send('CONNECT').then(function () {
      phase = 'connected';
      say('');
      tick();
      return call('GET', 'queryChannelConfigByChannelAndId');
    }).then(function (config) { human.hidden = !config.useRobot; }).catch(function (problem) {
      if (phase === 'over') return;
      phase = 'idle';
      connecting = null;
      again.hidden = false;
      say(problem.message);
    });
    return connecting;
  }

  function disconnected(message, mayStartAgain) {
    clearTimeout(timer);
    connecting = null;
    human.hidden = true;
    again.hidden = !mayStartAgain;
    say(message);
  }

  function sessionOver() {
    phase = 'over';
    disconnected(text.over, false);
    return new Error(text.over);
  }

  async function tick() {
    clearTimeout(timer);
    if (phase !== 'connected' || polling || gone()) return;
    polling = true;
    try {
      const answer = await call('GET', 'getMessageForWebChannel');
      if (answer.resultCode !== '0') throw sessionOver();
      if (misses > 0) say('');
      misses = 0;
      answer.downlinkMessages.forEach(receive);
    } catch (problem) {
      if (phase === 'connected') { misses += 1; say(text.offline); }
    }
    polling = false;
    if (phase === 'connected') {
      timer = setTimeout(tick, Math.min((panel.hidden ? 2000 : 1000) * (1 + misses), 10000));
    }
  }

  /* gone tells whether the page has taken the widget away. It may be moving it: only the third look is final. */
  function gone() {
    away = root.isConnected ? 0 : away + 1;
    if (away > 2) stop();
    else if (away > 0) timer = setTimeout(tick, 1000);
    return away > 0;
  }

  function receive(message) {
    const from = message.sourceType.toLowerCase();
    show(from, message.content, new Date(message.timestamp));
    if (from === 'agent') human.hidden = true;
    if (panel.hidden) {
      unread += 1;
      badge.hidden = false;
      badge.textContent = String(unread);
      opener.setAttribute('aria-label', text.open + ' (' + unread + ' ' + text.unread + ')');
    }
  }

  /* ---- events ---- */

  function toggle(open) {
    panel.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (!open) { opener.focus(); return; }
    unread = 0;
    badge.hidden = true;
    opener.setAttribute('aria-label', text.open);
    (leaveForm.hidden ? input : leaveText).focus();
    if (phase === 'idle' || phase === 'connected') connect().then(tick);
  }

  function toggleLeave(open) {
    leaveForm.hidden = !open;
    form.hidden = log.hidden = open;
    (open ? leaveText : input).focus();
  }

  function submit(event) {
    event.preventDefault();
    const content = input.value.trim();
    if (content === '' || phase === 'over') return;
    input.value = '';
    grow();
    show('visitor', content, new Date());
    sending = sending.then(function () { return deliver(content); }).catch(function (problem) {
      if (phase !== 'over') say(text.failed + problem.message);
    });
  }

  /* deliver connects first where needed: before the first message, and after the agent has ended the chat. */
  async function deliver(content) {
    await connect();
    try {
      await send('CHAT', content);
    } catch (problem) {
      if (phase !== 'connected') throw problem;
      connecting = null;
      await connect();
      await send('CHAT', content);
    }
    tick();
  }

  function grow() { input.rows = Math.min(5, Math.max(1, input.value.split('\n').length)); }

  async function end() {
    if (phase !== 'connected') { toggle(false); return; }
    phase = 'ended';
    disconnected(text.ended, true);
    try { await send('DISCONNECT'); } catch (gone) { /* it has ended either way */ }
  }

  async function leave(event) {
    event.preventDefault();
    if (!leaveForm.reportValidity()) return;
    try {
      const answer = await call('POST', 'doLeaveMessage', { phoneNo: phone.value, leaveMessage: leaveText.value });
      if (answer.resultCode !== '0') throw new Error(answer.resultDesc);
      leaveText.value = '';
      toggleLeave(false);
      say(text.left);
    } catch (problem) {
      say(problem.message);
    }
  }

  opener.onclick = function () { toggle(panel.hidden); };
  minimiser.onclick = function () { toggle(false); };
  leaveOpener.onclick = function () { toggleLeave(leaveForm.hidden); };
  leaveForm.querySelector('#cec-sim-leave-back').onclick = function () { toggleLeave(false); };
  leaveForm.onsubmit = leave;
  ender.onclick = end;
  again.onclick = function () { connect(); input.focus(); };
  human.onclick = function () { send('TRANS2AGENT').then(tick, function (problem) { say(problem.message); }); human.hidden = true; };
  form.onsubmit = submit;
  input.oninput = grow;
  function isSend(event) { return event.key === 'Enter' && !event.shiftKey && !event.isComposing; }
  input.onkeydown = function (event) { if (isSend(event)) submit(event); };
  input.onkeypress = function (event) { if (isSend(event)) event.preventDefault(); };
  panel.onkeydown = function (event) {
    if (event.key === 'Escape') { event.stopPropagation(); toggle(false); }
  };
  function woken() { if (!document.hidden) tick(); }
  document.addEventListener('visibilitychange', woken);

  function stop() {
    phase = 'over';
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', woken);
  }

  cecSimulated.remove = function () {
    if (phase === 'connected') send('DISCONNECT').catch(function () {});
    stop();
    root.remove();
    delete cecSimulated.remove;
  };

  document.body.append(root);
};
cecSimulated.start();
