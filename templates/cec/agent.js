// The agent console: asks the simulated CEC twice a second what is new, draws it, and passes the
// agent's orders on. It needs nothing but its own origin.

import { t, translate, switchLanguage } from './agent-texts.js';
import * as view from './agent-view.js';

const { at } = view;
const interval = 500; // milliseconds

let desk = { sessions: [], left: [], transcript: [], hops: [], settings: {} };
let change = ''; // of the state that is drawn
let selected = '';
let timer = 0;
let asked = 0; // number of the newest question
const seen = new Map(); // per session, how many of the visitor's messages were seen
const drafts = new Map(); // per session, what the agent has begun to write

const current = () => desk.sessions.find((s) => s.id === selected);
const live = (s) => ['queued', 'robot', 'active'].includes(s.state);
const unread = (s) => s.heard - (seen.get(s.id) ?? 0);

async function refresh() {
  clearTimeout(timer);
  const question = ++asked;
  const query = new URLSearchParams({ session: selected, change });
  if (at('agent-all').checked) query.set('all', '1');
  try {
    const answer = await fetch(`api/state?${query}`, { cache: 'no-store' });
    if (question !== asked) return; // a newer question is on its way
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    at('agent-offline').hidden = true;
    if (answer.status === 200) take(await answer.json());
  } catch {
    if (question === asked) at('agent-offline').hidden = false;
  }
  if (question === asked) timer = setTimeout(refresh, at('agent-offline').hidden ? interval : 4 * interval);
}

function take(state) {
  desk = state;
  change = state.change;
  if (follow()) return;
  draw();
}

// follow selects a visitor for an agent who has nobody to talk to, and reports whether it did.
function follow() {
  const now = current();
  if (now && (live(now) || at('agent-input').value !== '')) return false;
  const next = desk.sessions.find(live) ?? (now ? undefined : desk.sessions[0]);
  if (!next || next.id === selected) return false;
  select(next.id, false);
  return true;
}

function draw() {
  const session = current();
  if (session && !document.hidden) seen.set(session.id, session.heard);
  view.queue(desk.sessions, selected, unread, (id) => select(id, true));
  view.left(desk.left);
  view.conversation(session, session ? desk.transcript : [], desk.sessions.length > 0);
  view.facts(session);
  view.hops(desk.hops);
  drawSettings();
  drawCount();
}

function drawSettings() {
  for (const radio of document.querySelectorAll('[name=presence]')) radio.checked = radio.value === desk.settings.agent;
  at('agent-auto').checked = desk.settings.autoAccept;
  at('agent-robot').checked = desk.settings.robot;
}

function drawCount() {
  const waiting = desk.sessions.filter((s) => s.state === 'queued' || (live(s) && unread(s) > 0)).length;
  at('agent-waiting').hidden = waiting === 0;
  at('agent-waiting').textContent = waiting;
  document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${t.title} (${t.simulated})`;
}

function select(id, byAgent) {
  const input = at('agent-input');
  drafts.set(selected, input.value);
  input.value = drafts.get(id) ?? '';
  selected = id;
  change = '';
  desk.transcript = [];
  at('agent-problem').textContent = '';
  if (byAgent) show('chat');
  draw();
  refresh().then(() => {
    if (byAgent && !input.disabled) input.focus();
  });
}

async function order(name, body = {}) {
  const answer = await fetch(`api/${name}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ session: selected, ...body }),
  });
  at('agent-problem').textContent = answer.ok ? '' : (await answer.text()).trim();
  change = '';
  await refresh();
  return answer.ok;
}

async function send(text) {
  if (text.trim() === '') return;
  const input = at('agent-input');
  if (await order('send', { text }) && input.value.trim() === text.trim()) input.value = '';
  input.focus();
}

const isSend = (event) => event.key === 'Enter' && !event.shiftKey && !event.isComposing;

function configure() {
  order('settings', {
    settings: {
      agent: document.querySelector('[name=presence]:checked')?.value ?? 'idle',
      autoAccept: at('agent-auto').checked,
      robot: at('agent-robot').checked,
    },
  });
}

// show changes the part that a narrow window shows.
function show(name) {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll('.views button')) button.setAttribute('aria-current', String(button.dataset.view === name));
}

async function copy() {
  const lines = desk.transcript.map((m) => `${m.time} ${t.from[m.from]}: ${m.text}`);
  await navigator.clipboard.writeText(`${lines.join('\n')}\n`);
  at('agent-copy').textContent = t.copied;
  setTimeout(() => { at('agent-copy').textContent = t.copy; }, 1500);
}

// moveInQueue lets the arrow keys go from visitor to visitor.
function moveInQueue(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...at('agent-queue').querySelectorAll('[data-session]')];
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length]?.focus();
}

at('agent-form').addEventListener('submit', (event) => { event.preventDefault(); send(at('agent-input').value); });
at('agent-input').addEventListener('keydown', (event) => { if (isSend(event)) { event.preventDefault(); send(event.target.value); } });
at('agent-input').addEventListener('keypress', (event) => { if (isSend(event)) event.preventDefault(); });
at('agent-quick').addEventListener('click', (event) => { if (event.target.dataset.text) send(event.target.dataset.text); });
at('agent-accept').addEventListener('click', async () => { if (await order('accept')) at('agent-input').focus(); });
at('agent-end').addEventListener('click', () => order('end'));
at('agent-copy').addEventListener('click', copy);
at('agent-clear').addEventListener('click', () => order('clear'));
at('agent-queue').addEventListener('keydown', moveInQueue);
at('agent-presence').addEventListener('change', configure);
at('agent-auto').addEventListener('change', configure);
at('agent-robot').addEventListener('change', configure);
at('agent-all').addEventListener('change', () => { change = ''; refresh(); });
at('agent-language').addEventListener('click', () => { switchLanguage(); draw(); });
for (const button of document.querySelectorAll('.views button')) button.addEventListener('click', () => show(button.dataset.view));
document.addEventListener('visibilitychange', () => { if (!document.hidden) { draw(); refresh(); } });

translate();
draw();
refresh();
