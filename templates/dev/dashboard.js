// The dashboard: a filter over the channels, and a status that stays up to date.
(function () {
  'use strict';

  var refreshTime = 4000; // milliseconds
  var filter = document.getElementById('filter');
  var none = document.getElementById('none');
  var status = document.getElementById('status');

  function apply() {
    var words = filter.value.toLowerCase().split(/\s+/);
    var shown = 0;
    document.querySelectorAll('.tenant').forEach(function (tenant) {
      var heading = tenant.querySelector('header').textContent.toLowerCase();
      var rows = 0;
      tenant.querySelectorAll('.channels > li').forEach(function (row) {
        var text = heading + ' ' + row.textContent.toLowerCase();
        row.hidden = !words.every(function (w) { return text.includes(w); });
        rows += row.hidden ? 0 : 1;
      });
      tenant.hidden = rows === 0;
      shown += rows;
    });
    none.textContent = shown ? '' : none.dataset.text;
  }

  function show(data) {
    status.className = 'status ' + (data.status.ok ? 'good' : 'bad');
    setText(status.querySelector('.text'), data.status.text);
    setText(status.querySelector('.time'), data.status.time);
    document.querySelectorAll('.channels > li').forEach(function (row) {
      var state = data.channels[row.dataset.key];
      if (state) {
        var element = row.querySelector('.state');
        element.className = 'state ' + state.kind;
        setText(element, state.text);
      }
    });
  }

  // A live region that is written without need is read out without need.
  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function refresh() {
    if (document.hidden) return;
    fetch('_embedgen/status.json?lang=' + document.documentElement.lang)
      .then(function (answer) { return answer.json(); })
      .then(show, function () { /* the server is restarting: the reload client waits for it */ });
  }

  filter.parentElement.hidden = document.querySelectorAll('.channels > li').length < 4;
  filter.addEventListener('input', apply);
  document.addEventListener('embedgen:state', refresh);
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, refreshTime);
})();
