// The demonstration page's own script: it calls the embed script as the page of a site would.
(function () {
  'use strict';

  var queue = window.EmbedChat = window.EmbedChat || function () {
    (queue.q = queue.q || []).push(arguments);
  };

  function call(args) {
    window.EmbedChat.apply(null, args);
  }

  function log(text) {
    var item = document.createElement('p');
    item.textContent = text;
    document.getElementById('log').append(item);
  }

  document.querySelectorAll('[data-call]').forEach(function (button) {
    button.addEventListener('click', function () { call(JSON.parse(button.dataset.call)); });
  });
  ['ready', 'error', 'unauthenticated', 'destroyed'].forEach(function (name) {
    call(['on', name, function (detail) {
      log(name + (detail && detail.code ? ': ' + detail.code : ''));
    }]);
  });
})();
