// The reload client, which the development server puts into every page that it serves. It
// reloads the page when its bytes or those of something that it loaded changed, waits with that
// while a chat is open, and shows why a build failed. It leaves no global behind.
(function () {
  'use strict';

  var self = document.currentScript;
  var home = new URL('./', self.src); // …/_embedgen/
  var root = new URL('../', home);    // may lie below a prefix
  var mark = parseMark(self.dataset.state);
  var chatTime = 30000; // milliseconds without a request of the chat after which it counts as closed

  var words = /^zh/i.test(navigator.language) ? {
    held: '页面已更新。聊天进行中，暂不刷新。', now: '立即刷新', title: '构建失败', kept: '页面仍是最近一次成功构建的内容。',
    hide: '查看页面', show: '构建失败：', hint: '提示：', error: '错误', warning: '警告', close: '按 Esc 查看页面'
  } : {
    held: 'The page has changed. It is not reloaded while a chat is open.', now: 'Reload now', title: 'The build failed',
    kept: 'The page is the last good one.', hide: 'Show the page', show: 'Build failed: ', hint: 'Hint: ',
    error: 'error', warning: 'warning', close: 'Esc shows the page'
  };

  // ---- connection ----

  var port = null;
  var stream = null;

  function parseMark(text) {
    var at = text.lastIndexOf('.');
    return { instance: text.slice(0, at), build: Number(text.slice(at + 1)) };
  }

  function connect() {
    if (!window.SharedWorker) {
      openStream();
      return;
    }
    try {
      var worker = new SharedWorker(new URL('worker.js', home), { name: 'embedgen-reload' });
      worker.onerror = openStream; // a policy of the page forbids it
      port = worker.port;
      port.onmessage = function (message) { receive(message.data); };
      port.postMessage(mark);
    } catch (refused) {
      openStream();
    }
  }

  function openStream() {
    port = null;
    if (stream) return;
    stream = new EventSource(new URL('events?since=' + mark.instance + '.' + mark.build, home));
    stream.addEventListener('state', function (event) { receive(JSON.parse(event.data)); });
  }

  // A page with an open connection does not go into the back/forward cache.
  function disconnect() {
    if (port) {
      port.postMessage('leave');
      port.close();
    }
    if (stream) stream.close();
    port = stream = null;
  }

  function receive(state) {
    document.dispatchEvent(new CustomEvent('embedgen:state', { detail: state }));
    showProblems(state.problems || []);
    var startsBroken = document.body && document.body.dataset.embedgen === 'broken';
    if (startsBroken ? state.build !== mark.build : shows(state)) reload();
  }

  // ---- reloading ----

  // shows reports whether the state means other bytes for this page. Null is: nobody knows.
  function shows(state) {
    if (state.instance !== mark.instance || state.changed === null) return true;
    if (state.changed.length === 0) return false;
    var loaded = loadedPaths();
    return state.changed.some(function (path) { return loaded.has(path); });
  }

  // loadedPaths are the paths of the page and of all that it loaded, as the server names them.
  function loadedPaths() {
    var urls = [location.href];
    performance.getEntriesByType('resource').forEach(function (entry) { urls.push(entry.name); });
    document.querySelectorAll('script[src], link[href], img[src]').forEach(function (e) { urls.push(e.src || e.href); });
    var paths = new Set();
    urls.forEach(function (url) {
      url = new URL(url, location.href);
      if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) return;
      var path = '/' + decode(url.pathname.slice(root.pathname.length));
      paths.add(path.endsWith('/') ? path + 'index.html' : path);
    });
    return paths;
  }

  function decode(path) {
    try { return decodeURIComponent(path); } catch (malformed) { return path; }
  }

  var waiting = false;

  function reload() {
    if (waiting) return;
    waiting = true;
    tryReload();
  }

  function tryReload() {
    if (!chatIsOpen()) {
      location.reload(); // the browser keeps the scroll position
      return;
    }
    showNotice();
    setTimeout(tryReload, 1000);
  }

  // ---- is a chat open? ----

  // A visitor who sent something talks; a chat that is polled for is still there
  // (cec-contract section 2, "After the start").
  var sent = false;
  var lastAsked = -Infinity;

  function watchChat() {
    if (!window.PerformanceObserver) return;
    new PerformanceObserver(function (list) {
      list.getEntries().forEach(function (entry) {
        if (!/\/webadapterfacade\//.test(entry.name)) return;
        sent = sent || /\/sendMessageForWebChannel/.test(entry.name);
        lastAsked = entry.responseEnd || entry.startTime;
      });
    }).observe({ type: 'resource', buffered: true });
  }

  function chatIsOpen() {
    return sent && performance.now() - lastAsked < chatTime;
  }

  // ---- what is shown ----

  var shadow = null;

  // layer is where notices live: apart from the styles of the page, and styled without a style
  // attribute or element, which the page's policy may forbid.
  function layer() {
    if (shadow) return shadow;
    var host = document.createElement('embedgen-notice');
    document.documentElement.append(host);
    shadow = host.attachShadow({ mode: 'open' });
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
    return shadow;
  }

  function make(name, className, text) {
    var e = document.createElement(name);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  }

  function button(text, action) {
    var b = make('button', '', text);
    b.type = 'button';
    b.addEventListener('click', action);
    return b;
  }

  function showNotice() {
    if (layer().querySelector('.notice')) return;
    var box = make('div', 'notice', words.held + ' ');
    box.setAttribute('role', 'status');
    box.append(button(words.now, function () { location.reload(); }));
    layer().append(box);
  }

  var shown = '[]'; // the problems that are shown, as JSON

  function showProblems(list) {
    var now = JSON.stringify(list);
    if (now === shown || document.body && document.body.dataset.embedgen === 'broken') return;
    shown = now;
    if (shadow) shadow.querySelectorAll('dialog, .pill').forEach(function (e) { e.remove(); });
    if (list.length === 0) return;
    var dialog = overlay(list);
    var pill = button(words.show + list.length, function () {
      pill.hidden = true;
      dialog.showModal();
    });
    pill.className = 'pill';
    dialog.addEventListener('close', function () { pill.hidden = false; });
    layer().append(dialog, pill);
    // Whoever chats is not interrupted.
    pill.hidden = !chatIsOpen();
    if (pill.hidden) dialog.showModal();
  }

  function overlay(list) {
    var dialog = make('dialog');
    dialog.setAttribute('aria-labelledby', 'title');
    var title = make('h1', '', words.title);
    title.id = 'title';
    var head = make('div', 'head');
    head.append(title, button(words.hide, function () { dialog.close(); }), make('p', '', words.kept));
    var items = make('ul');
    list.forEach(function (p) { items.append(item(p)); });
    dialog.append(head, items);
    return dialog;
  }

  function item(p) {
    var li = make('li', p.severity);
    var place = make('p', 'place');
    place.append(make('strong', '', words[p.severity]), ' ', make('code', '', p.place), ' ', make('span', 'rule', p.rule));
    li.append(place, make('p', 'message', p.message));
    if (p.before || p.mark || p.after) {
      var code = make('code');
      code.append(make('span', 'number', String(p.line)), p.before, make('mark', '', p.mark), p.after);
      var frame = make('pre');
      frame.tabIndex = 0;
      frame.append(code);
      li.append(frame);
    }
    if (p.hint) li.append(make('p', 'hint', words.hint + p.hint));
    p.related.forEach(function (r) { li.append(make('p', 'hint', r.place + ' ' + r.message)); });
    return li;
  }

  var style = [
    ':host { all: initial; }',
    '* { box-sizing: border-box; }',
    'dialog, .notice, .pill { font: 16px/1.5 system-ui, sans-serif; color: #e6eaf3; background: #181e2a; border: 1px solid #3a4459; }',
    'dialog { width: min(60rem, calc(100vw - 2rem)); max-width: none; max-height: calc(100vh - 4rem); margin: 2rem auto; padding: 1.25rem 1.5rem 1.5rem; overflow: auto; border-top: 5px solid #ff938a; border-radius: 12px; }',
    'dialog::backdrop { background: rgb(10 14 24 / 60%); }',
    '.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; }',
    'h1 { flex: 1; margin: 0; font-size: 1.3rem; }',
    '.head p { flex-basis: 100%; margin: 0; color: #a0abc2; }',
    'button { min-height: 2.4rem; padding: 0.3rem 0.9rem; font: inherit; font-weight: 600; color: #0b1526; background: #84b0ff; border: 0; border-radius: 8px; cursor: pointer; }',
    ':focus-visible { outline: 3px solid #f2bd5c; outline-offset: 2px; }',
    'ul { display: grid; gap: 0.9rem; margin: 1rem 0 0; padding: 0; list-style: none; }',
    'li { padding: 0.8rem 1rem; background: #10141d; border-left: 4px solid #ff938a; border-radius: 8px; }',
    'li.warning { border-left-color: #f2bd5c; }',
    'li p { margin: 0 0 0.3rem; overflow-wrap: anywhere; }',
    '.place strong { color: #ff938a; } .warning .place strong { color: #f2bd5c; }',
    '.rule, .hint, .number { color: #a0abc2; }',
    '.rule { margin-left: 0.5rem; font-size: 0.9em; } .message { font-weight: 600; }',
    'code, pre { font: 0.88rem/1.5 ui-monospace, Menlo, Consolas, monospace; }',
    'pre { margin: 0 0 0.4rem; padding: 0.5rem 0.8rem; overflow-x: auto; background: #1f2736; border-radius: 6px; }',
    '.number { margin-right: 1rem; user-select: none; }',
    'mark { color: inherit; background: #6d5412; box-shadow: 0 0 0 2px #6d5412; border-radius: 2px; }',
    '.notice, .pill { position: fixed; z-index: 2147483647; left: 1rem; bottom: 1rem; max-width: calc(100vw - 7rem); border-radius: 10px; }',
    '.notice { padding: 0.75rem 1rem; } .notice button { margin-left: 0.5rem; }',
    '.pill { color: #1d0806; background: #ff938a; } [hidden] { display: none; }'
  ].join('\n');

  watchChat();
  connect();
  window.addEventListener('pagehide', disconnect);
  window.addEventListener('pageshow', function (event) { if (event.persisted) connect(); });
})();
