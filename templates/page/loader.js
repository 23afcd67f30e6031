/*
 * The one inline script of an integration page; its hash is in the page's Content-Security-Policy. Everything else is
 * created by it, or by what it creates. Plain ES5: Internet Explorer must be able to read it.
 */
(function () {
  var byId = function (id) {
    return document.getElementById(id);
  };
  var show = function (id, visible) {
    return function () {
      var element = byId(id);
      if (element) element.hidden = !visible;
    };
  };
  if (document.documentMode) {
    show('unsupported', true)();
    return;
  }
  window.EmbedChat = function () {
    EmbedChat.q.push(arguments);
  };
  EmbedChat.q = [];
  EmbedChat('on', 'unauthenticated', show('sign-in', true));
  EmbedChat('on', 'ready', show('sign-in', false));
  var consent = byId('consent');
  if (consent) {
    consent.onchange = function () {
      EmbedChat('consent', consent.checked);
    };
  }
  var script = document.createElement('script');
  script.src = 'embed.js';
  document.head.appendChild(script);
})();
