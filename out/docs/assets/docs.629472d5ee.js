// Comfort for the documentation: copy buttons, the place in the page, the language switch.
// Everything works without it.
(function () {
  'use strict';
  var root = document.documentElement;
  var words = { copy: root.dataset.copy || 'Copy', copied: root.dataset.copied || 'Copied' };

  // Where the page may not use the clipboard (plain HTTP), a selection does.
  function write(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement('textarea');
    area.value = text;
    area.readOnly = true;
    area.className = 'offscreen';
    document.body.append(area);
    area.select();
    var done = document.execCommand('copy');
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error('copy'));
  }

  var status = document.createElement('p');
  status.className = 'offscreen';
  status.setAttribute('role', 'status');
  document.body.append(status);

  function addButton(code, place) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.title = words.copy;
    button.setAttribute('aria-label', words.copy + (code.matches('.value') ? ': ' + code.textContent : ''));
    button.addEventListener('click', function () {
      write(code.textContent).then(function () {
        button.classList.add('done');
        status.textContent = words.copied;
        setTimeout(function () {
          button.classList.remove('done');
          status.textContent = '';
        }, 1600);
      }, function () {
        getSelection().selectAllChildren(code);
      });
    });
    place.append(button);
  }

  document.querySelectorAll('.code').forEach(function (block) {
    addButton(block.querySelector('code'), block);
  });
  document.querySelectorAll('code.value').forEach(function (code) {
    var box = document.createElement('span');
    box.className = 'value-box';
    code.replaceWith(box);
    box.append(code);
    addButton(code, box);
  });

  // The other language opens at the heading that is being read.
  document.querySelectorAll('a[hreflang]').forEach(function (link) {
    link.addEventListener('click', function () {
      link.hash = current ? current.slice(1) : location.hash;
    });
  });

  // A drawer on a small screen closes when a link in it is used.
  document.querySelectorAll('[popover] a').forEach(function (link) {
    link.addEventListener('click', function () {
      var drawer = link.closest('[popover]');
      if (drawer.matches(':popover-open')) drawer.hidePopover();
    });
  });

  // The table of contents shows the place in the page.
  var current = '';
  var links = new Map();
  document.querySelectorAll('#page-toc li a').forEach(function (link) {
    links.set(decodeURIComponent(link.hash), link);
  });
  var headings = Array.from(document.querySelectorAll('article h2[id], article h3[id]')).filter(function (h) {
    return links.has('#' + h.id);
  });
  function mark() {
    var top = 0;
    headings.forEach(function (h, i) {
      if (h.getBoundingClientRect().top < 120) top = i;
    });
    if (innerHeight + scrollY >= root.scrollHeight - 2) top = headings.length - 1;
    var now = headings.length && scrollY > 0 ? '#' + headings[top].id : '';
    if (now === current) return;
    if (links.get(current)) links.get(current).removeAttribute('aria-current');
    current = now;
    var link = links.get(current);
    if (!link) return;
    link.setAttribute('aria-current', 'true');
    var list = document.getElementById('page-toc');
    if (link.offsetTop < list.scrollTop || link.offsetTop > list.scrollTop + list.clientHeight - 60) {
      list.scrollTop = link.offsetTop - list.clientHeight / 2;
    }
  }
  var planned = false;
  addEventListener('scroll', function () {
    if (planned) return;
    planned = true;
    requestAnimationFrame(function () {
      planned = false;
      mark();
    });
  }, { passive: true });
  mark();
})();
