import { connect } from './client.js';
import { absolute, config } from './config.js';
import { failure } from './errors.js';
import { emit, forget } from './events.js';
import { hide, show, shown } from './panel.js';
import { newScope, once } from './scope.js';
import { text } from './text.js';

/**
 * off: nothing is done or planned. waiting: for the moment that `load` names. failed: the panel may offer another try.
 *
 * @type {'off' | 'waiting' | 'starting' | 'ready' | 'failed'}
 */
let state = 'off';

/** What the present state has done to the page. */
let scope = newScope();

let granted = !config.consent;

/** Whether `load` was called before consent. */
let wanted = false;

const begun = () => /starting|ready/.test(state);

function enter(next) {
  scope.end();
  scope = newScope();
  state = next;
  return scope;
}

/** Whether the visitor has to ask for the chat; saving data counts as such a wish. */
const onDemand = () => config.load === 'interaction' || navigator.connection?.saveData;

/** Plans the start as `load` says, once there is consent. */
export function arm() {
  if (!granted || state !== 'off') return;
  if (wanted) return start();
  const own = enter('waiting');
  const unlessEnded = (fn) => () => own.ended || fn();
  const idle = unlessEnded(() => (window.requestIdleCallback || setTimeout)(unlessEnded(start)));
  if (onDemand()) document.readyState === 'loading' ? once(own, document, 'DOMContentLoaded', offer) : offer();
  // Not at once: scripts right after our tag may still call identify.
  else if (config.load === 'eager') setTimeout(unlessEnded(start));
  else if (document.readyState === 'complete') idle();
  else once(own, window, 'load', () => setTimeout(idle));
}

function offer() {
  show(() => ['', [[text().offer, start]]]);
}

/** Starts the chat, unless it is starting or there; without consent the wish is remembered. */
export async function start() {
  wanted = !granted;
  if (wanted || begun()) return;
  const own = enter('starting');
  const asked = shown();
  const failed = (problem) => own.ended || fail(own, problem, asked);
  forget();
  try {
    if (!supported()) throw failure('unsupported_browser', navigator.userAgent);
    if (asked) show(() => [text().connecting, [[text().offer]], true]);
    await connect(own, failed);
    // A listener or CEC's script may have ended the start meanwhile.
    if (own.ended || /** @type {string} */ (state) !== 'starting') return;
    state = 'ready';
    hide();
    emit('ready', { channel: config.channel });
  } catch (e) {
    failed(e);
  }
}

function fail(own, problem, asked) {
  if (!problem?.code) problem = failure('unexpected', `${problem}`);
  const { code } = problem;
  const starting = state === 'starting';
  if (starting) state = 'failed';
  emit(code === 'unauthenticated' ? code : 'error', problem);
  // A listener may have ended it all.
  if (starting && !own.ended && (asked || code !== 'unauthenticated')) show(() => whyNot(code));
}

/**
 * @param {string} code
 * @returns {import('./panel.js').Content}
 */
function whyNot(code) {
  const { [code]: special, failed, retry, elsewhere, close } = text();
  const [label, url] = config.fallback;
  /** @type {any[]} */
  const choices = [!special && [retry, start], url && [label || elsewhere, absolute(url)], [close, hide]];
  return [special || failed, choices.filter(Boolean)];
}

/** CEC supports desktop browsers only; we need what carries our styles past a strict policy. */
function supported() {
  const touchOnly = navigator.maxTouchPoints && !matchMedia('(any-pointer: fine)').matches;
  return !touchOnly && document.adoptedStyleSheets;
}

/**
 * Removes the chat and everything planned.
 *
 * @param {'consent' | 'reset' | 'destroy'} reason
 */
export function stop(reason) {
  const was = state;
  enter('off');
  wanted = false;
  hide();
  forget();
  if (reason === 'destroy' || !/off|waiting/.test(was)) emit('destroyed', { reason });
}

/** Logout: the visitor may ask for the chat again; otherwise the page says when. */
export function reset() {
  stop('reset');
  if (onDemand()) arm();
}

/** @param {boolean} yes */
export function consent(yes) {
  if (yes === granted) return;
  granted = yes;
  if (yes) arm();
  else stop('consent');
}

/**
 * Changes the language of a chat that has not started.
 *
 * @param {string} locale
 * @returns {boolean} Whether it could be done.
 */
export function setLocale(locale) {
  if (begun()) return false;
  config.locale = locale;
  if (shown()) show();
  return true;
}
