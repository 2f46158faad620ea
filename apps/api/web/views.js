// What the page looks like in each state. A view returns {nodes, focus?, say}: what the card holds, what the
// keyboard goes to, what is read out. Data enters the page as text only.

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
  card.setAttribute('aria-busy', String(Boolean(view.busy)));
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
  card.append(el('p', { class: 'trouble' }, el('span', { class: 'icon icon-alert' }), `${problemText(problem)} `, next));
  countDown(next, Date.now() + waitMs, (time) => text('retry_in', { time }), () => { next.textContent = text('retrying'); });
  announce(`${problemText(problem)} ${text('retrying')}`);
}

/** Writes the time left until `until` into `node` each second, as long as the node is on the page. */
export function countDown(node, until, words, atZero = () => {}) {
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    node.textContent = words(clock(left));
    if (left > 0) return true;
    clearInterval(timer);
    atZero();
    return false;
  };
  const timer = setInterval(() => (node.isConnected ? tick() : clearInterval(timer)), 1000);
  tick();
}

export const heading = (words) => el('h1', { tabIndex: -1 }, words);

const icon = (name) => el('span', { class: `badge icon icon-${name}` });

export function loadingView() {
  const nodes = [heading(text('title')), el('div', { class: 'qr skeleton' }), el('div', { class: 'bar skeleton' })];
  return { nodes, say: text('loading'), busy: true };
}

/** The QR code; dimmed once it was scanned and the phone has yet to confirm. */
export function loopView({ svg, scanned, until }) {
  const picture = el('img', { alt: text('qr_alt'), src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
  if (scanned) {
    const box = el('div', { class: 'qr dim' }, picture, icon('check'));
    const nodes = [heading(text('scanned')), box, el('p', { class: 'hint' }, text('confirm'))];
    return { nodes, say: `${text('scanned')}. ${text('confirm')}` };
  }
  const left = el('p', { class: 'quiet', role: 'timer' });
  countDown(left, until, (time) => text('valid_for', { time }));
  const hint = el('p', { class: 'hint' }, el('span', { class: 'icon icon-scan' }), text('scan'));
  return { nodes: [heading(text('title')), el('div', { class: 'qr' }, picture), hint, left], say: text('scan') };
}

/** The end of a login without a session, with the way to a new one. */
export function expiredView({ reason }, { renew }) {
  const why = text(reason === 'lost' ? 'expired_lost_why' : 'expired_why');
  const button = el('button', { class: 'main', type: 'button', click: renew }, text('renew'));
  const title = text(`expired_${reason}`);
  return { nodes: [icon('clock'), heading(title), el('p', { class: 'note' }, why), button], focus: button, say: title };
}

/** A problem that passes: says when the next try is. */
export function troubleView({ problem, until }, { retry }) {
  const next = el('p', { class: 'quiet', role: 'timer' });
  const trying = () => { next.textContent = text('retrying'); };
  countDown(next, until, (time) => text('retry_in', { time }), trying);
  const nodes = [icon('alert'), heading(text('trouble')), el('p', { class: 'note' }, problemText(problem)), next];
  // Asking a server again that counts the questions only makes the wait longer.
  const button = problem.status !== 429 && el('button', { type: 'button', click: retry }, text('retry'));
  if (button) nodes.push(button);
  return { nodes, focus: button || undefined, say: problemText(problem) };
}

/** A problem that does not pass by itself. */
export function failedView({ problem }, { renew }) {
  const button = el('button', { class: 'main', type: 'button', click: renew }, text('retry'));
  const nodes = [icon('alert'), heading(text('failed')), el('p', { class: 'note' }, problemText(problem)), button];
  if (problem.requestId) nodes.push(el('p', { class: 'quiet' }, text('reference', { id: problem.requestId })));
  return { nodes, focus: button, say: problemText(problem) };
}

export function leavingView() {
  return { nodes: [icon('check'), heading(text('leaving'))], say: text('leaving'), busy: true };
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
  const nodes = [icon('check'), title, facts];
  if (returnTo) nodes.push(el('a', { class: 'button main', href: returnTo }, text('go_on')));
  nodes.push(
    el('button', { type: 'button', click: logOut }, text('log_out')),
    el('p', { class: 'quiet' }, text('not_you')));
  return { nodes, focus: title, say: `${text('welcome')}: ${account.phone}` };
}

function identityName({ nickname, channel, app }) {
  return [nickname, `${channelName(channel)} (${app})`].filter(Boolean).join(' · ');
}

function fact(key, ...values) {
  return [el('dt', {}, text(key)), ...values.map((value) => el('dd', {}, value))];
}
