// The login page: which state it is in, and what leads from one to the next.
//
//   loading → loop ⇄ scanned → phone → account, or away to return_to
//      ↓        ↓ time is up: renews itself a few times
//   trouble   expired → loading

import * as api from './api.js';
import { phoneView } from './phone.js';
import * as views from './views.js';

const RENEWALS = 4;
const HIDDEN_PAUSE_MS = 5 * 60_000;
const SAVED = 'saoma_login';

const query = new URLSearchParams(location.search);
let returnTo = ownPath(query.get('return_to'));

// What the page does now; aborting it ends its calls, its stream and its timers.
let business = new AbortController();
// The login that is waited for, as {id, svg, answer, until}; null in every other state.
let login = null;
let state = 'loading';
let failures = 0;
let renewals = 0;
let paused = false;

/** Does `work(signal)` in place of what was going on, and again after a while when it fails in passing. */
async function begin(work) {
  business.abort();
  business = new AbortController();
  const { signal } = business;
  try {
    await work(signal);
  } catch (problem) {
    if (signal.aborted) return;
    if (!(problem instanceof api.Problem)) throw problem;
    login = null;
    if (!problem.passing) return enter('failed', views.failedView({ problem }, { renew }));
    failures += 1;
    const wait = api.backOff(failures, problem.retryAfter);
    const retry = () => begin(work);
    enter('trouble', views.troubleView({ problem, until: Date.now() + wait }, { retry }));
    await api.sleep(wait, signal);
    if (!signal.aborted) retry();
  }
}

function enter(name, view) {
  state = name;
  views.show(view);
}

/** From the top: the login that the address names, else the session, else the login of before the reload, else a new one. */
async function start(signal) {
  if (state !== 'trouble' && state !== 'loading') enter('loading', views.loadingView());
  const named = query.get('login');
  if (named && (await resume({ id: named, ...saved(named) }, signal))) return;
  const session = await api.readSession(signal);
  if (session) return showAccount(session);
  if (query.get('error') === 'denied') return giveUp('denied');
  const before = saved();
  if (before && (await resume(before, signal))) return;
  await create(signal);
}

async function create(signal) {
  let answer;
  try {
    answer = await api.createLogin(returnTo, signal);
  } catch (problem) {
    if (problem.code !== 'return_to_refused') throw problem;
    returnTo = null;
    answer = await api.createLogin(null, signal);
  }
  const { id, qr: { svg } } = answer;
  save({ id, svg });
  await follow({ id, svg }, answer, signal);
}

/** Goes on with a login that was begun before. False when it is over, or when its QR code is not known here. */
async function resume({ id, svg }, signal) {
  let answer;
  try {
    answer = await api.readLogin(id, signal);
  } catch (problem) {
    if (problem.passing) throw problem;
    return false;
  }
  if (answer.state === 'expired' || (answer.state === 'loop' && !svg)) {
    forget();
    return false;
  }
  await follow({ id, svg }, answer, signal);
  return true;
}

/** Draws a login and waits for what becomes of it. */
async function follow(known, answer, signal) {
  failures = 0;
  login = known;
  take(answer);
  if (!signal.aborted) await watch(signal);
}

async function watch(signal) {
  try {
    await api.watchLogin(login.id, login.answer, signal, { answer: take, trouble: views.showTrouble });
  } catch (problem) {
    if (signal.aborted) return;
    giveUp(Date.now() >= login.until ? 'timeout' : 'lost');
  }
}

/** Moves the page to where a login is. */
function take(answer) {
  login.answer = answer;
  if (answer.state === 'registered') return begin((signal) => finish(login.id, signal));
  if (answer.state === 'expired') return giveUp(answer.reason);
  login.until = Date.now() + answer.expires_in * 1000;
  const { svg, until } = login;
  if (answer.state === 'loop') return enter('loop', views.loopView({ svg, until, scanned: answer.scanned }));
  return enter('phone', phoneView({ until }, phoneActions(login.id)));
}

/** Fetches the session: only an answer to a GET can set its cookie, a stream cannot. */
async function finish(id, signal) {
  try {
    await api.readLogin(id, signal);
  } catch (problem) {
    // Closed: the session was handed over before, or somewhere else.
    if (problem.code !== 'login_closed') throw problem;
  }
  const session = await api.readSession(signal);
  login = null;
  forget();
  if (!session) throw new api.Problem('no_cookie', 401);
  if (!returnTo) return showAccount(session);
  enter('leaving', views.leavingView());
  location.replace(returnTo);
}

/** Ends a login that brings no session. A code that nobody scanned in time is renewed, as long as somebody may be looking. */
function giveUp(reason) {
  const unscanned = reason === 'timeout' && state === 'loop';
  business.abort();
  login = null;
  forget();
  if (unscanned && !document.hidden && renewals < RENEWALS) return renewItself();
  const shown = reason === 'timeout' && !unscanned ? 'phone' : reason;
  enter(unscanned ? 'outdated' : 'expired', views.expiredView({ reason: shown }, { renew }));
}

function renewItself() {
  renewals += 1;
  enter('loading', views.loadingView());
  begin(create);
}

function renew() {
  renewals = 0;
  failures = 0;
  enter('loading', views.loadingView());
  begin(start);
}

function showAccount(session) {
  failures = 0;
  enter('account', views.accountView({ session, returnTo }, { logOut }));
}

function logOut() {
  begin(async () => {
    await api.endSession();
    renew();
  });
}

/** What the phone form can do. A login that has moved on elsewhere is looked at again. */
function phoneActions(id) {
  const orLookAgain = async (work) => {
    try {
      return await work();
    } catch (problem) {
      if (!['login_state', 'login_unknown', 'login_closed'].includes(problem.code)) throw problem;
      return begin(start);
    }
  };
  return {
    sendCode: (phone) => api.sendCode(id, phone),
    bind: (phone, code) => orLookAgain(async () => {
      await api.bindPhone(id, phone, code);
      begin((signal) => finish(id, signal));
    }),
    cancel: () => orLookAgain(async () => {
      await api.cancelLogin(id);
      giveUp('cancelled');
    }),
  };
}

/** An address for `path` when it is a path of this site; null for anything that leads elsewhere. */
function ownPath(path) {
  if (!path || !/^\/(?![/\\])/.test(path)) return null;
  // The browser's own reading has the last word: it drops tabs and line ends, and it knows `/.//`.
  const url = new URL(path, location.origin);
  return url.origin === location.origin && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : null;
}

// The id and the picture of the login are no secrets; they bring a reloaded page back to the same code.
function save(known) {
  try {
    sessionStorage.setItem(SAVED, JSON.stringify(known));
  } catch {
    // Storage is off or full: a reload then makes a new login.
  }
}

function saved(id) {
  try {
    const known = JSON.parse(sessionStorage.getItem(SAVED));
    return known && (!id || known.id === id) ? known : null;
  } catch {
    return null;
  }
}

/** Drops what led to a login that is over, so that a reload does not come back to it. */
function forget() {
  try {
    sessionStorage.removeItem(SAVED);
  } catch {
    // Nothing was kept.
  }
  query.delete('login');
  query.delete('error');
  history.replaceState(null, '', `${location.pathname}${query.size ? `?${query}` : ''}`);
}

// A tab that nobody looks at for long holds no connection.
let hiding;
function pause() {
  if (!['loading', 'loop', 'phone', 'trouble'].includes(state)) return;
  paused = true;
  business.abort();
}

function wake() {
  clearTimeout(hiding);
  if (paused) {
    paused = false;
    begin(login ? watch : start);
  } else if (state === 'outdated' && renewals < RENEWALS) renewItself();
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (document.hidden) hiding = setTimeout(pause, HIDDEN_PAUSE_MS);
  else wake();
});
addEventListener('pagehide', pause);
addEventListener('pageshow', (event) => {
  if (event.persisted) wake();
});

begin(start);
