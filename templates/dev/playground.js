// The playground: settings on one side, the visitor's page in a frame, and what happens in it.
(function () {
  'use strict';

  function byId(id) { return document.getElementById(id); }

  var main = byId('play');
  var words = main.dataset;
  var form = byId('settings');
  var frame = byId('frame');
  var emitted = words.policy;
  var forms = {};
  var run = 0; // counts the pages that the frame has shown

  // ---- settings ----

  function value(name) {
    var field = form.elements[name];
    return field ? field.value : '';
  }

  function query() {
    var q = new URLSearchParams();
    ['load', 'consent', 'locale', 'identity', 'policy'].forEach(function (name) {
      var v = value(name);
      if (v) q.set(name, v === 'other' ? byId('other').value : v);
    });
    return q;
  }

  // What stands beside a choice is there only with it; a hidden field must not hold the form back.
  function showChosen() {
    main.querySelectorAll('[data-for], [data-unless]').forEach(function (e) {
      var wanted = e.dataset.for !== undefined;
      var pair = (wanted ? e.dataset.for : e.dataset.unless).split('=');
      e.hidden = (value(pair[0]) === pair[1]) !== wanted;
      e.querySelectorAll('input, textarea').forEach(function (field) { field.disabled = e.hidden; });
    });
  }

  // The visitor's identity is the "be user" box of the dashboard.
  function sayWho() {
    if (!value('identity')) return Promise.resolve();
    var body = new URLSearchParams({ action: value('identity') === 'none' ? 'none' : 'be' });
    if (body.get('action') === 'be') {
      body.set('id', byId('user-id').value);
      body.set('name', byId('user-name').value);
    }
    return fetch(words.identity, { method: 'POST', body: body, redirect: 'manual' });
  }

  function update() {
    showChosen();
    if (!form.reportValidity()) return;
    var q = query();
    var folder = words.folder + q + '/';
    var mine = ++run;
    keepInAddress(q);
    Promise.all([sayWho(), fetch(folder + 'variant.json').then(function (answer) { return answer.json(); })]).then(function (all) {
      if (mine !== run) return; // the settings have changed meanwhile
      describe(all[1]);
      open(folder);
    }, function () { /* the server is restarting: the reload client waits for it */ });
  }

  function keepInAddress(q) {
    var lang = new URLSearchParams(location.search).get('lang');
    if (lang) q.set('lang', lang);
    history.replaceState(null, '', '?' + q);
    document.querySelectorAll('.top a[href*="lang="]').forEach(function (a) {
      q.set('lang', a.lang || 'en');
      if (a.lang) a.search = q;
    });
  }

  // ---- the visitor's page ----

  function open(folder) {
    var own = byId('own').value.trim();
    var address = new URL(folder, location.href);
    if (value('policy') === 'report' && own && own !== emitted) address.searchParams.set('text', own);
    clear();
    frame.contentWindow.location.replace(address); // no step in the browser's history
  }

  function clear() {
    ['events', 'requests', 'reports'].forEach(function (id) { byId(id).replaceChildren(); });
    show('new', words.new);
  }

  function show(kind, text) {
    byId('state').className = 'state ' + kind;
    if (byId('state').textContent !== text) byId('state').textContent = text;
  }

  // ---- what happens there ----

  function make(name, className, text) {
    var e = document.createElement(name);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  }

  // add writes a line; the same line again only counts.
  function add(id, kind, at, parts) {
    var list = byId(id);
    var key = kind + parts.join('|');
    var last = list.lastElementChild;
    if (last && last.dataset.key === key) {
      last.dataset.times = Number(last.dataset.times || 1) + 1;
      last.querySelector('.times').textContent = '×' + last.dataset.times;
      return;
    }
    var line = make('li', kind);
    line.dataset.key = key;
    line.append(make('span', 'time', (at / 1000).toFixed(2) + ' s'), ' ', make('strong', '', parts[0]));
    parts.slice(1).filter(Boolean).forEach(function (p) { line.append(' ', make('span', 'part', p)); });
    line.append(' ', make('span', 'times'));
    list.append(line);
    list.scrollTop = list.scrollHeight;
  }

  var kinds = { ready: 'good', error: 'bad', unauthenticated: 'warn', destroyed: 'new' };

  var heard = {
    event: function (d, at) {
      add('events', kinds[d.name], at, [d.name, d.code !== d.name && d.code || d.reason, d.message]);
      show(kinds[d.name], d.name === 'error' ? words.error + ' ' + d.code : words[d.name]);
    },
    asked: function (d, at) { add('events', 'call', at, [words.asked]); },
    request: function (d, at) {
      var url = new URL(d.url);
      if (!/^http/.test(url.protocol)) return;
      var cut = url.pathname.lastIndexOf('/') + 1;
      var folder = url.pathname.slice(0, cut).replace(/^.*\/_embedgen\/playground\/.*/, '');
      var place = (url.host === location.host ? '' : url.host) + folder;
      add('requests', d.status >= 400 ? 'bad' : '', at, [url.pathname.slice(cut), d.status >= 400 ? String(d.status) : '', place]);
    },
    report: function (d, at) { add('reports', 'bad', at, [d.directive, d.blocked, d.sample]); }
  };

  addEventListener('message', function (event) {
    var tell = event.source === frame.contentWindow && event.origin === location.origin && heard[event.data.playground];
    if (tell) tell(event.data.detail, event.data.at);
  });

  // ---- the result ----

  function describe(data) {
    forms = {};
    data.forms.forEach(function (f) { forms[f.form] = f.text; });
    showSnippet();
    byId('yaml').textContent = data.yaml;
    byId('calls').textContent = data.calls;
    byId('calls-box').hidden = !data.calls;
    byId('policy').textContent = data.policy;
    // The field follows the policy until somebody writes into it.
    if (byId('own').value.trim() === emitted) byId('own').value = data.policy;
    emitted = data.policy;
  }

  function showSnippet() {
    byId('snippet').textContent = forms[document.querySelector('[name=form]:checked').value];
  }

  function copy(button) {
    var text = byId(button.dataset.copy).textContent;
    navigator.clipboard.writeText(text).then(function () { return words.copied; }, function () { return words.uncopied; }).then(function (said) {
      byId('copied').textContent = '';
      byId('copied').textContent = said;
      button.classList.toggle('done', said === words.copied);
      setTimeout(function () { button.classList.remove('done'); }, 1500);
    });
  }

  // ---- ----

  document.querySelectorAll('[data-call]').forEach(function (button) {
    button.addEventListener('click', function () {
      add('events', 'call', frame.contentWindow.performance.now(), [button.textContent]);
      frame.contentWindow.postMessage({ call: JSON.parse(button.dataset.call) }, location.origin);
    });
  });
  document.querySelectorAll('[data-copy]').forEach(function (button) {
    button.addEventListener('click', function () { copy(button); });
  });
  document.querySelectorAll('[name=form]').forEach(function (radio) { radio.addEventListener('change', showSnippet); });
  form.addEventListener('change', update);
  form.addEventListener('submit', function (event) { event.preventDefault(); update(); });
  byId('again').addEventListener('click', update);
  update();
})();
