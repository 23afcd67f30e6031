// What the agent console draws. Each function brings one part of the page to a state and keeps the
// elements that are there already, so that focus, selection and scroll positions survive.

import { t, repliesFor } from './agent-texts.js';

export const at = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'data') Object.assign(made.dataset, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

// keyed brings a list element to a list of items: one child per key, drawn anew only if it changed.
// draw gets the element of the key, if there is one, and may change it instead of making another.
function keyed(parent, items, keyOf, draw) {
  const keys = items.map(keyOf);
  for (const child of [...parent.children]) if (!keys.includes(child.dataset.key)) child.remove();
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, i) => {
    const print = JSON.stringify(item) + document.documentElement.lang;
    let child = old.get(keys[i]);
    if (child?.print !== print) {
      const fresh = draw(item, child);
      Object.assign(fresh, { print });
      fresh.dataset.key = keys[i];
      if (child && child !== fresh) child.replaceWith(fresh);
      child = fresh;
    }
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
}

const clock = (when) => new Date(when).toLocaleTimeString(document.documentElement.lang === 'zh' ? 'zh-CN' : 'en-GB',
  { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClock = (when) => clock(when).slice(0, 5);

const time = (when, text = clock(when)) => element('time', { dateTime: when, textContent: text });

// hue gives each tenant and user a colour of their own.
const hue = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);

function avatar(visitor) {
  const made = element('span', { className: 'avatar', textContent: [...visitor.userName][0] ?? '?' });
  made.ariaHidden = 'true';
  made.style.setProperty('--hue', hue(visitor.tenant + visitor.userId));
  return made;
}

const groups = [
  ['waitingGroup', (s) => s.state === 'queued'],
  ['activeGroup', (s) => s.state === 'active' || s.state === 'robot'],
  ['arrivedGroup', (s) => s.state === 'started'],
  ['endedGroup', (s) => s.state === 'closed' || s.state === 'gone'],
];

const stateText = (s) => (s.reason ? t.reason[s.reason] : t.state[s.state]);

// queue draws the visitors in groups. unread(session) is how many of its messages were not seen.
export function queue(sessions, selected, unread, select) {
  const rows = [];
  for (const [name, belongs] of groups) {
    const members = sessions.filter(belongs);
    if (members.length > 0) rows.push({ heading: name, count: members.length });
    rows.push(...members.map((s) => ({ session: s, current: s.id === selected, unread: unread(s) })));
  }
  keyed(at('agent-queue'), rows, (row) => row.heading ?? row.session.id, (row, old) => {
    if (row.heading) return element('h3', {}, `${t[row.heading]} `, element('span', { className: 'count', textContent: row.count }));
    const button = old ?? element('button', { type: 'button', onclick: () => select(row.session.id) });
    drawRow(button, row);
    return button;
  });
}

function drawRow(button, { session: s, current, unread }) {
  const v = s.visitor;
  button.dataset.session = s.id;
  button.dataset.state = s.state;
  button.setAttribute('aria-current', String(current));
  const badge = element('span', { className: 'badge', textContent: unread }, element('span', { className: 'away', textContent: ` ${t.unread}` }));
  button.replaceChildren(
    avatar(v),
    element('span', { className: 'row' },
      element('span', { className: 'top' }, element('strong', { textContent: v.userName }), time(s.last?.time ?? s.created, shortClock(s.last?.time ?? s.created))),
      element('span', { className: 'sub', textContent: `${v.tenantName} · ${v.channelName}` }),
      element('span', { className: 'sub last', textContent: s.last?.text ?? t.noMessage }),
      element('span', { className: 'state', textContent: stateText(s) })),
    ...(unread > 0 ? [badge] : []));
}

// left draws the messages that visitors left for later.
export function left(list) {
  at('agent-left').hidden = list.length === 0;
  keyed(at('agent-left').querySelector('ul'), list, (m) => m.time + m.visitor.userId, (m) => element('li', {},
    element('p', { textContent: m.text }),
    element('p', { className: 'sub' }, `${m.visitor.userName} · ${m.visitor.tenantName}${m.phone ? ` · ${t.fact.phone} ${m.phone}` : ''} · `, time(m.time))));
}

// conversation draws the selected session (undefined is none).
export function conversation(session, transcript, anySession) {
  const state = session?.state;
  at('chat-title').textContent = session?.visitor.userName ?? t.conversation;
  at('chat-subtitle').textContent = session ? `${session.visitor.tenantName} · ${session.visitor.channelName} · ${stateText(session)}` : '';
  at('agent-accept').hidden = state !== 'queued';
  at('agent-end').hidden = !['queued', 'active', 'robot'].includes(state);
  at('agent-copy').hidden = transcript.length === 0;
  at('agent-form').hidden = !session;
  at('agent-log').hidden = !session;
  at('agent-input').disabled = state !== 'active';
  at('agent-send').disabled = state !== 'active';
  drawEmpty(session, anySession);
  log(transcript, session);
  quick(session);
}

function drawEmpty(session, anySession) {
  const empty = at('agent-empty');
  empty.hidden = Boolean(session);
  empty.querySelector('h3').textContent = anySession ? t.selectTitle : t.emptyTitle;
  empty.querySelector('p').textContent = anySession ? t.selectText : t.emptyText;
}

function log(transcript, session) {
  const box = at('agent-log');
  const stick = box.scrollHeight - box.scrollTop - box.clientHeight < 60 || box.drawn !== session?.id;
  box.drawn = session?.id;
  keyed(box, transcript, (m) => `${session?.id}-${m.number}`, (m) => {
    const body = m.media === 'TEXT' ? m.text : `[${t.media[m.media]}] ${m.text}`;
    const who = m.from === 'visitor' ? session.visitor.userName : t.from[m.from];
    return element('div', { className: 'message', data: { from: m.from } },
      element('span', { className: 'meta' }, `${who} `, time(m.time)), element('p', { textContent: body }));
  });
  if (stick) box.scrollTop = box.scrollHeight;
}

function quick(session) {
  const list = session?.state === 'active' ? repliesFor(session.visitor.locale) : [];
  keyed(at('agent-quick'), list, (text) => text, (text) => element('button', { type: 'button', textContent: text, data: { text } }));
}

// facts draws what CEC knows of a visitor.
export function facts(session) {
  const v = session?.visitor;
  const rows = v ? [
    ['user', v.userName], ['userId', v.userId], ['tenant', `${v.tenantName} (${v.tenant})`], ['channel', `${v.channelName} (${v.channel})`],
    ['mode', t.mode[v.mode]], ['verified', t.verified[v.verified]], ['locale', v.locale], ['mapService', v.mapService || '—'],
    ['started', clock(session.created)], ['space', v.tenantSpaceId], ['config', v.channelConfigId],
  ] : [];
  keyed(at('agent-facts'), rows, ([name]) => name, ([name, value]) => element('div', { data: { fact: name } },
    element('dt', { textContent: t.fact[name] }), element('dd', { textContent: value })));
}

// hops draws the timeline, newest first.
export function hops(list) {
  at('agent-nohops').hidden = list.length > 0;
  keyed(at('agent-hops'), list, (h) => String(h.number), drawHop);
}

function drawHop(h) {
  const failed = h.stage !== '';
  const title = element('summary', {},
    element('span', { className: 'route' }, t.party[h.from] ?? h.from, arrow(), t.party[h.to] ?? h.to),
    element('span', { className: 'what', textContent: t.what[h.what] ?? h.what }),
    element('span', { className: 'numbers' }, [h.status || '', lasted(h)].filter(Boolean).map((text) => `${text} · `).join(''), time(h.time)));
  if (h.repeated > 0) title.querySelector('.what').append(` ×${h.repeated + 1}`);
  const body = element('div', { className: 'hop' });
  if (h.problem) body.append(element('p', { className: 'problem', textContent: `${h.stage}: ${h.problem}` }));
  body.append(checks(h.checks ?? []), ...raw(t.request, h.request), ...raw(t.response, h.response));
  return element('li', { data: { failed: String(failed), from: h.from } }, element('details', { open: failed }, title, body));
}

function arrow() {
  const made = element('span', { textContent: ' → ' });
  made.className = 'arrow';
  return made;
}

function checks(list) {
  return element('ul', { className: 'checks' }, ...list.map((c) => element('li', { data: { ok: String(c.ok) } },
    element('span', { className: 'mark', textContent: c.ok ? '✓' : '✗', title: c.ok ? t.yes : t.no }),
    element('span', {}, element('strong', { textContent: c.name }), ` ${c.detail}`))));
}

function raw(label, text) {
  if (!text) return [];
  return [element('p', { className: 'label', textContent: label }), element('pre', { textContent: text, tabIndex: 0 })];
}

function lasted({ duration }) {
  const ms = duration / 1e6;
  if (ms < 0.05) return '';
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}
