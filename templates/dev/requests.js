// The inspector: the last requests, newest first, refreshed while nobody looks closer.
(function () {
  'use strict';

  var refreshTime = 1500; // milliseconds
  var table = document.getElementById('requests');
  var none = document.getElementById('none');
  var filter = document.getElementById('filter');
  var pause = document.getElementById('pause');
  var copied = document.getElementById('copied');
  var newest = -1;

  function element(name, text, className) {
    var e = document.createElement(name);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  function cells(r) {
    var result = [r.status || '', r.code, r.reason].filter(Boolean).join(' · ');
    return [
      element('td', new Date(r.time).toLocaleTimeString(undefined, { hour12: false })),
      element('td', r.from + ' → ' + r.to),
      element('td', r.what, 'wide'),
      element('td', [r.tenant, r.channel].filter(Boolean).join('/')),
      element('td', result || '✓', 'wide'),
      element('td', (r.duration / 1e6).toFixed(1) + ' ms')
    ];
  }

  // group is the rows of one request: what it came to and, where there are any, its stages.
  function group(r) {
    var rows = element('tbody', '', r.code || r.status >= 400 ? 'bad' : '');
    rows.dataset.number = r.number;
    var line = element('tr');
    line.append.apply(line, cells(r));
    rows.append(line);
    var parts = [];
    if (r.stages && r.stages.length) parts.push(stages(r.stages));
    if (r.curl) parts.push(curl(r.curl));
    if (parts.length) rows.append(below(parts));
    return rows;
  }

  function stages(list) {
    var terms = element('dl');
    list.forEach(function (s) { terms.append(element('dt', s.name), element('dd', s.value)); });
    var details = element('details');
    details.append(element('summary', table.dataset.stages), terms);
    return details;
  }

  function curl(command) {
    var button = element('button', table.dataset.copy, 'copy');
    button.type = 'button';
    button.title = command;
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(command).then(function () { return table.dataset.copied; }, function () { return table.dataset.uncopied; })
        .then(function (said) {
          copied.textContent = '';
          copied.textContent = said;
          button.textContent = said;
          setTimeout(function () { button.textContent = table.dataset.copy; }, 1500);
        });
    });
    return button;
  }

  function below(parts) {
    var cell = element('td');
    cell.colSpan = 6;
    cell.append.apply(cell, parts);
    var line = element('tr', '', 'stages');
    line.append(cell);
    return line;
  }

  function show(list) {
    var top = list.length ? list[0].number : 0;
    if (top !== newest) {
      // Rows that are there stay: a reader may have opened one.
      var known = new Map(groups().map(function (g) { return [Number(g.dataset.number), g]; }));
      var next = list.map(function (r) { return top >= newest && known.get(r.number) || group(r); });
      groups().forEach(function (g) { if (!next.includes(g)) g.remove(); });
      next.reverse().forEach(function (g) { if (!g.isConnected) table.tHead.after(g); });
      newest = top;
      apply();
    }
    table.hidden = list.length === 0;
    none.hidden = list.length !== 0;
  }

  function groups() { return Array.from(table.tBodies); }

  function apply() {
    var words = filter.value.toLowerCase().split(/\s+/);
    groups().forEach(function (g) {
      var text = g.textContent.toLowerCase();
      g.hidden = !words.every(function (w) { return text.includes(w); });
    });
  }

  function refresh() {
    if (document.hidden || pause.getAttribute('aria-pressed') === 'true') return;
    fetch(table.dataset.source)
      .then(function (answer) { return answer.json(); })
      .then(function (data) { show(data.requests); }, function () { /* the server is restarting */ });
  }

  pause.addEventListener('click', function () {
    var paused = pause.getAttribute('aria-pressed') === 'true';
    pause.setAttribute('aria-pressed', String(!paused));
    refresh();
  });
  filter.addEventListener('input', apply);
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, refreshTime);
  refresh();
})();
