// The login page: which state it is in, and what leads from one to the next.
//
//   loading → loop (scanned) → phone → account, or away to return_to
//      ↕        ↓ time is up: a new code, a few times by itself
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
    login = null;
    if (!problem.passing) {
      enter('failed', views.failedView({ problem }, { renew }));
      if (problem instanceof api.Problem) return;
      throw problem;
    }
    failures += 1;
    const wait = api.backOff(failures, problem.retryAfter);
    const draw = (until) => enter('trouble', views.troubleView({ problem, until }, { retry }));
    const retry = () => {
      draw(Date.now());
      begin(work);
    };
    draw(Date.now() + wait);
    await api.sleep(wait, signal);
    if (!signal.aborted) retry();
  }
}

function enter(name, view) {
  state = name;
  views.show(view);
}

/** The login that the address names, else the session, else the login of before a reload, else a new one. */
async function start(signal) {
  if (state !== 'trouble') enter('loading', views.loadingView());
  const before = saved();
  const named = query.get('login');
  if (named && (await resume(before?.id === named ? before : { id: named }, signal))) return;
  const session = await api.readSession(signal);
  if (session) return showAccount(session);
  if (query.get('error') === 'denied') return giveUp('denied');
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
    if (!isOver(problem)) throw problem;
    return false;
  }
  if (answer.state === 'expired' || (answer.state === 'loop' && !svg)) {
    forget();
    return false;
  }
  await follow({ id, svg }, answer, signal);
  return true;
}

/** True when the answer is that a login is unknown or closed. */
const isOver = (problem) => problem.status === 404 || problem.status === 410;

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
    if (!isOver(problem)) throw problem;
    giveUp(Date.now() >= login.until ? 'timeout' : 'lost');
  }
}

/** Moves the page to where a login is. */
function take(answer) {
  login.answer = answer;
  if (answer.state === 'registered') return handOver(login.id, answer.version);
  if (answer.state === 'expired') return giveUp(answer.reason);
  login.until = Date.now() + answer.expires_in * 1000;
  const { svg, until } = login;
  if (answer.state === 'loop') return enter('loop', views.loopView({ svg, until, scanned: answer.scanned }));
  return enter('phone', phoneView({ until }, phoneActions(login.id)));
}

function handOver(id, since) {
  login = null;
  state = 'finishing';
  begin((signal) => finish(id, since, signal));
}

/** Fetches the session: only an answer to a call can set its cookie, a stream cannot. */
async function finish(id, since, signal) {
  try {
    await api.readLogin(id, signal, { since });
  } catch (problem) {
    // It may have handed over its session before; if not here, this login is lost.
    if (!isOver(problem)) throw problem;
  }
  const session = await api.readSession(signal);
  if (!session) return giveUp('lost');
  forget();
  if (!returnTo) return showAccount(session);
  enter('leaving', views.leavingView());
  location.replace(returnTo);
}

/** Ends a login that brings no session. A code that nobody scanned is renewed while somebody may be looking. */
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
      begin(start);
      return null;
    }
  };
  return {
    sendCode: (phone) => orLookAgain(() => api.sendCode(id, phone)),
    bind: (phone, code) => orLookAgain(async () => {
      const bound = await api.bindPhone(id, phone, code);
      handOver(id, bound.version);
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
const save = (known) => storage((kept) => kept.setItem(SAVED, JSON.stringify(known)));
const saved = () => storage((kept) => JSON.parse(kept.getItem(SAVED)));

/** Drops what led to a login that is over, so that a reload does not come back to it. */
function forget() {
  storage((kept) => kept.removeItem(SAVED));
  query.delete('login');
  query.delete('error');
  const rest = query.toString();
  history.replaceState(null, '', location.pathname + (rest && `?${rest}`));
}

/** What `use` makes of the tab's storage; null where it is off or full, a reload then makes a new login. */
function storage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

// A tab that nobody looks at for long holds no connection.
let hiding;
function pause() {
  if (!['loading', 'loop', 'phone', 'finishing', 'trouble'].includes(state)) return;
  paused = true;
  business.abort();
}

function wake() {
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
addEventListener('pagehide', () => business.abort());
addEventListener('pageshow', (event) => {
  if (event.persisted) begin(start);
});

begin(start);
