// Calls of the HTTP API. The poll token and the session are HttpOnly cookies: no secret passes through here.

const CALL_TIMEOUT_MS = 15_000;
const LONG_POLL_S = 25;
// How often a server is asked that answers long polls at once (it does so when too many are waiting).
const PLAIN_POLL_MS = 2_000;
// A stream sends the present state first. One that is silent for so long, or breaks sooner, is not opened again.
const STREAM_TRIAL_MS = 5_000;
// How long after a login's deadline the server is asked itself, should its event be missing.
const DEADLINE_SLACK_MS = 2_000;

/** Why a call failed: `code` is the API's word for it, or `offline` when there was no answer. */
export class Problem extends Error {
  constructor(code, status = 0, retryAfter = 0, body = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.attemptsLeft = body.attempts_left;
    this.requestId = body.request_id;
  }

  /** True when the same call may well succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || (this.status >= 500 && this.code !== 'wechat_refused');
  }
}

/** Starts a login; `returnTo` may be null. */
export function createLogin(returnTo, signal) {
  const body = { channel: 'official_account', client: 'browser', purpose: 'web' };
  if (returnTo) body.return_to = returnTo;
  return call('POST', '/v1/logins', { body, signal });
}

/** The login as it stands, and never an older version than `since`; with `wait` (seconds), as soon as there is a newer one. */
export function readLogin(id, signal, { wait = 0, since = 1 } = {}) {
  const query = `?wait=${wait}&since=${since}`;
  return call('GET', loginPath(id) + query, { signal, timeout: CALL_TIMEOUT_MS + wait * 1000 });
}

export const cancelLogin = (id) => call('DELETE', loginPath(id));
export const sendCode = (id, phone) => call('POST', `${loginPath(id)}/sms-codes`, { body: { phone } });
export const bindPhone = (id, phone, code) => call('POST', `${loginPath(id)}/phone`, { body: { phone, code } });
export const endSession = () => call('DELETE', '/v1/session');

/** The session of this browser, or null. */
export async function readSession(signal) {
  try {
    return await call('GET', '/v1/session', { signal });
  } catch (problem) {
    if (problem.status === 401) return null;
    throw problem;
  }
}

export const isFinal = (answer) => answer.state === 'registered' || answer.state === 'expired';

/**
 * Tells `on.answer` each change of a login after `seen`, until it is final or `signal` aborts.
 *
 * Server-sent events where they work, else long polls. `on.trouble(problem, waitMs)` is told of each failure
 * before the next try, `on.trouble(null)` when it is over. Throws the problem that no later try can mend.
 */
export async function watchLogin(id, seen, signal, on) {
  let streams = true;
  let failures = 0;
  const take = (answer) => {
    if (failures > 0) on.trouble(null);
    failures = 0;
    const news = answer.version > seen.version;
    if (news) {
      seen = answer;
      on.answer(answer);
    }
    return news;
  };
  while (!signal.aborted && !isFinal(seen)) {
    if (streams && failures === 0) streams = await stream(id, signal, take);
    if (signal.aborted || isFinal(seen)) return;
    const asked = Date.now();
    try {
      const wait = streams || failures > 0 ? 0 : LONG_POLL_S;
      const news = take(await readLogin(id, signal, { wait, since: seen.version }));
      if (!news && Date.now() - asked < PLAIN_POLL_MS) await sleep(PLAIN_POLL_MS, signal);
    } catch (problem) {
      if (signal.aborted) return;
      if (!problem.passing) throw problem;
      failures += 1;
      const wait = backOff(failures, problem.retryAfter);
      on.trouble(problem, wait);
      await sleep(wait, signal);
    }
  }
}

/** Milliseconds to wait after so many failures: 1, 2, 4 … 30 s, with jitter, and what the server asked for at least. */
export function backOff(failures, retryAfter) {
  const own = Math.min(30, 2 ** (failures - 1)) * (750 + Math.random() * 500);
  return Math.max(own, retryAfter * 1000);
}

/** Waits; ends early when the network comes back or `signal` aborts. */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

const loginPath = (id) => `/v1/logins/${encodeURIComponent(id)}`;

/** Reads one stream to its end. True when streams work here, so that another may be opened. */
function stream(id, signal, take) {
  return new Promise((resolve) => {
    const opened = Date.now();
    const source = new EventSource(`${loginPath(id)}/events`);
    let timer;
    const end = (works) => {
      clearTimeout(timer);
      source.close();
      signal.removeEventListener('abort', stop);
      resolve(works);
    };
    const stop = () => end(true);
    const endAfter = (ms, works) => {
      clearTimeout(timer);
      timer = setTimeout(end, ms, works);
    };
    endAfter(STREAM_TRIAL_MS, false);
    signal.addEventListener('abort', stop);
    source.addEventListener('error', () => end(Date.now() - opened > STREAM_TRIAL_MS));
    source.addEventListener('state', (event) => {
      const answer = parse(event.data);
      if (!answer) return end(false);
      endAfter((answer.expires_in ?? 0) * 1000 + DEADLINE_SLACK_MS, true);
      take(answer);
      return isFinal(answer) && end(true);
    });
  });
}

async function call(method, path, { body, signal, timeout = CALL_TIMEOUT_MS } = {}) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, timeout);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await request(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: body && { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: abort.signal,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function request(path, init) {
  let response;
  let text;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch {
    throw new Problem('offline');
  }
  const answer = parse(text);
  if (response.ok && (answer || !text)) return answer;
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  throw new Problem(answer?.code ?? 'internal', response.ok ? 500 : response.status, retryAfter, answer ?? {});
}

/** What a body says, or null where it is no JSON: a proxy's error page, an empty answer. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
