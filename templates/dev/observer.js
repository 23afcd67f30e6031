// Stands first in the visitor's page of a playground and tells the page around it what happens. It
// adds no global, and speaks to the chat as any page does, by EmbedChat.
(function () {
  'use strict';

  var settings = JSON.parse(document.currentScript.dataset.settings);
  document.currentScript.remove();

  function tell(kind, detail) {
    parent.postMessage({ playground: kind, detail: detail, at: performance.now() }, location.origin);
  }

  // ask is what a page would ask its own server; here the tenant's token endpoint plays that part.
  function ask() {
    tell('asked');
    return fetch(settings.endpoint, {
      method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(settings.body)
    }).then(function (answer) { return answer.ok ? answer.json() : null; });
  }

  function call(args) {
    window.EmbedChat.apply(null, args[0] === 'identify' ? ['identify', ask] : args);
  }

  // As soon as the page has its queue: before embed.js can have arrived.
  function join(records, observer) {
    if (!window.EmbedChat) return;
    observer.disconnect();
    ['ready', 'error', 'unauthenticated', 'destroyed'].forEach(function (name) {
      call(['on', name, function (detail) { tell('event', { name: name, code: detail.code, reason: detail.reason, status: detail.status, message: detail.message }); }]);
    });
    if (settings.identify) call(['identify']);
  }

  new MutationObserver(join).observe(document, { childList: true, subtree: true });
  addEventListener('message', function (event) {
    if (event.source === parent && event.origin === location.origin && event.data.call && window.EmbedChat) call(event.data.call);
  });
  document.addEventListener('securitypolicyviolation', function (event) {
    tell('report', { directive: event.effectiveDirective, blocked: event.blockedURI, sample: event.sample, enforced: event.disposition === 'enforce' });
  });
  new PerformanceObserver(function (list) {
    list.getEntries().forEach(function (entry) { tell('request', { url: entry.name, status: entry.responseStatus }); });
  }).observe({ type: 'resource', buffered: true });
})();
