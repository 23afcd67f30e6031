// The rest of newThirdPartyClient.js: the icon, the window, the polling.
function cecElement(tag, id, parent) {
  var e = document.createElement(tag);
  e.id = id;
  parent.appendChild(e);
  return e;
}
function cecCall(method, name, data, done) {
  $.ajax({
    url: $ContextPath + '/rest/webadapter/v1/webadapterfacade/' + name,
    type: method,
    data: data && JSON.stringify(data),
    dataType: 'json',
    xhrFields: { withCredentials: true },
    success: done,
    error: function (xhr, status) { console.error('CEC: ' + name + ': ' + xhr.status + ' ' + status); },
  });
}
function cecSend(type, content, done) {
  var message = { controlType: type, mediaType: 'TEXT', content: content, userAgent: navigator.userAgent };
  cecCall('POST', 'sendMessageForWebChannel', message, done);
}
function cecDraw() {
  var sheet = cecElement('link', 'cec-sheet', document.head);
  sheet.rel = 'stylesheet';
  sheet.onerror = function () { console.error('CEC: no stylesheet'); };
  sheet.onload = function () { icon.hidden = false; };
  sheet.href = $aicc_ContextPath + 'webclient/chat_client/css/chat.css';

  var icon = cecElement('div', 'cec-icon', document.body);
  icon.hidden = true; // until the style sheet is there
  icon.setAttribute('role', 'button');
  icon.setAttribute('aria-label', '在线客服');
  icon.style.cssText = 'position:fixed;right:24px;bottom:24px;width:56px;height:56px;border-radius:50%;background:#1e6fff;z-index:9999';
  var image = cecElement('img', 'cec-image', icon);
  image.onerror = function () { console.error('CEC: no image'); };
  image.src = $aicc_ContextPath + 'webclient/chat_client/img/icon.svg';

  var panel = cecElement('div', 'cec-window', document.body);
  panel.hidden = true;
  var log = cecElement('div', 'cec-log', panel);
  var input = cecElement('input', 'cec-input', panel);
  var send = cecElement('button', 'cec-send', panel);
  send.textContent = '发送';
  icon.onclick = function () { panel.hidden = false; input.focus(); };
  send.onclick = function () { cecSend('CHAT', input.value); input.value = ''; };
  return log;
}
function cecPoll(log) {
  cecCall('GET', 'getMessageForWebChannel', null, function (answer) {
    answer.downlinkMessages.forEach(function (m) {
      cecElement('p', '', log).textContent = m.sourceType + ' ' + m.content;
    });
  });
}
if (!cecFaults.length) {
  (function () {
    var log = cecDraw();
    cecSend('CONNECT', '', function () { setInterval(cecPoll, 300, log); });
  })();
}
