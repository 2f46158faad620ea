// What the page looks like in each state. A view returns {nodes, focus?, say, busy?}: what the card holds, where
// the keyboard goes, what is read out. Data enters the page as text only.

import { channelName, clock, language, moment, problemText, text } from './texts.js';

const card = document.getElementById('card');
const live = document.getElementById('live');

/** An element with properties (`class` and `aria-*` as attributes, functions as listeners) and children. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Puts a view into the card, moves the focus and reads the state out. */
export function show(view) {
  const held = card.contains(document.activeElement);
  document.documentElement.lang = language;
  document.title = text('title');
  card.setAttribute('aria-busy', view.busy ?? false);
  card.replaceChildren(...view.nodes);
  if (view.focus) view.focus.focus();
  else if (held) card.querySelector('h1')?.focus();
  announce(view.say);
}

/** Reads `words` out; the same words are not said twice in a row. */
export function announce(words) {
  if (live.textContent !== words) live.textContent = words;
}

/** Shows below the view that the server cannot be reached, or takes that away again with null. */
export function showTrouble(problem, waitMs) {
  card.querySelector('.trouble')?.remove();
  if (!problem) return announce('');
  const next = el('span');
  card.append(el('p', { class: 'trouble' }, icon('alert'), el('span', {}, `${problemText(problem)} `, next)));
  countDown(next, Date.now() + waitMs, 'retry_in', 'retrying');
  announce(`${problemText(problem)} ${text('retrying')}`);
}

/** Writes the time left into `node` each second, as long as the node is on the page; then the text `end`. Returns what stops it. */
export function countDown(node, until, key, end = key, atZero = () => {}) {
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    node.textContent = text(left ? key : end, { time: clock(left) });
    if (left) return;
    clearInterval(beat);
    atZero();
  };
  const beat = setInterval(() => (node.isConnected ? tick() : clearInterval(beat)), 1000);
  tick();
  return () => clearInterval(beat);
}

/** A quiet line that counts down; not read out each second. */
export function timer(until, key, end) {
  const node = el('p', { class: 'quiet', role: 'timer' });
  countDown(node, until, key, end);
  return node;
}

export const heading = (words) => el('h1', { tabIndex: -1 }, words);

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  alert: 'M12 6v7m0 5h0',
  check: 'm6 12.5 4 4 8-9',
  clock: 'M12 5v7l4 3',
  cross: 'm7 7 10 10m0-10L7 17',
  scan: 'M4 8V4h4m8 0h4v4m0 8v4h-4m-8 0H4v-4m-1-4h18',
};

/** A small picture; what it says is also said in words, so it is not read out. */
function icon(name, kind = '') {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[name]);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `icon icon-${name} ${kind}`);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  return svg;
}

const badge = (name) => icon(name, 'badge');

export function loadingView() {
  const bones = ['qr', 'bar', 'bar thin', 'bar thin'].map((bone) => el('div', { class: `${bone} skeleton` }));
  return { nodes: [heading(text('title')), ...bones], say: text('loading'), busy: true };
}

/** The QR code; dimmed once it was scanned and the phone has yet to confirm. */
export function loopView({ svg, scanned, until }) {
  const picture = el('img', { alt: text('qr_alt'), src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
  const [title, words] = scanned ? [text('scanned'), text('confirm')] : [text('title'), text('scan')];
  const box = el('div', { class: scanned ? 'qr dim' : 'qr' }, picture);
  const hint = el('p', { class: 'hint' }, words);
  if (scanned) box.append(badge('check'));
  else hint.prepend(icon('scan'));
  const fresh = scanned ? [] : [el('p', { class: 'quiet' }, text('scan_new'))];
  return { nodes: [heading(title), box, hint, ...fresh, timer(until, 'valid_for')], say: `${title}. ${words}` };
}

/** The end of a login without a session, with the way to a new one. */
export function expiredView({ reason }, { renew }) {
  const why = text(reason === 'lost' ? 'expired_lost_why' : 'expired_why');
  const button = el('button', { class: 'main', type: 'button', click: renew }, text('renew'));
  const title = text(`expired_${reason}`);
  const sign = badge(reason === 'cancelled' || reason === 'denied' ? 'cross' : 'clock');
  return { nodes: [sign, heading(title), el('p', { class: 'note' }, why), button], focus: button, say: title };
}

/** A problem that passes: says when the next try is. */
export function troubleView({ problem, until }, { retry }) {
  const next = timer(until, 'retry_in', 'retrying');
  const nodes = [badge('alert'), heading(text('trouble')), el('p', { class: 'note' }, problemText(problem)), next];
  // Asking a server again that counts the questions only makes the wait longer.
  if (problem.status === 429) return { nodes, say: problemText(problem) };
  const button = el('button', { type: 'button', click: retry }, text('retry'));
  return { nodes: [...nodes, button], focus: button, say: problemText(problem) };
}

/** A problem that does not pass by itself. */
export function failedView({ problem }, { renew }) {
  const button = el('button', { class: 'main', type: 'button', click: renew }, text('retry'));
  const nodes = [badge('alert'), heading(text('failed')), el('p', { class: 'note' }, problemText(problem)), button];
  if (problem.requestId) nodes.push(el('p', { class: 'quiet' }, text('reference', { id: problem.requestId })));
  return { nodes, focus: button, say: problemText(problem) };
}

export function leavingView() {
  return { nodes: [badge('check'), heading(text('leaving'))], say: text('leaving'), busy: true };
}

/** Whose session this is. `returnTo` may be null. */
export function accountView({ session, returnTo }, { logOut }) {
  const { account } = session;
  const title = heading(text('welcome'));
  const facts = el('dl', {},
    ...fact('account_phone', account.phone),
    ...fact('identities', ...account.identities.map(identityName)),
    ...fact('account_id', account.id),
    ...fact('logged_in_since', moment(session.created_at)),
    ...fact('account_since', moment(account.created_at)));
  const nodes = [badge('check'), title, facts];
  if (returnTo) nodes.push(el('a', { class: 'button main', href: returnTo }, text('go_on')));
  nodes.push(el('button', { type: 'button', click: logOut }, text('log_out')), el('p', { class: 'quiet' }, text('not_you')));
  return { nodes, focus: title, say: `${text('welcome')}: ${account.phone}` };
}

function identityName({ nickname, channel, app }) {
  return [nickname, `${channelName(channel)} (${app})`].filter(Boolean).join(' · ');
}

function fact(key, ...values) {
  return [el('dt', {}, text(key)), ...values.map((value) => el('dd', {}, value))];
}
