// The account page: everything at a glance, and a question before what cannot be undone.

import { el } from '../dom.js';

const BROWSERS = [['MicroMessenger', 'WeChat'], ['Edg', 'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']];
const SYSTEMS = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['HarmonyOS', 'HarmonyOS'], ['Windows', 'Windows'], ['Mac', 'macOS'], ['Linux', 'Linux']];

const named = (list, agent) => list.find(([word]) => agent.includes(word))?.[1];

/** Returns what people call the device of a session. */
export function deviceName(t, agent = '') {
	const [browser, system] = [named(BROWSERS, agent), named(SYSTEMS, agent)];
	if (browser && system) return t('device', { browser, system });
	return browser ?? system ?? (agent.slice(0, 40) || t('device_unknown'));
}

/** Everything about the account; `told` says what was just done, `wrong` what did not work. */
export function overview(flow, told, wrong) {
	const { screen, session: { account } } = flow;
	const t = (key, values) => screen.t(key, values);
	return [
		screen.p('h2', 'account_title'),
		account.nickname && el('p.text', {}, account.nickname),
		told && el('p.told.done', { role: 'status' }, t(told)),
		wrong && el('p.told.wrong', { role: 'alert' }, wrong),
		(flow.session.conflicts ?? []).map((each) => conflict(flow, each)),
		section(t('ways_in'), account.identities.map((identity) => way(flow, identity)),
			flow.addable().map((each) => screen.button('add', `add_${each.channel}`, () => flow.addWechat(each)))),
		section(t('number'), [
			row(account.phone ?? t('no_number'), null, small(flow, account.phone ? 'change' : 'set', () => flow.changeNumber())),
		]),
		section(t('devices'), flow.sessions.map((each) => device(flow, each)),
			flow.sessions.length > 1 && screen.button('end', 'end_others', () => flow.endOthers())),
		section(t('data'), [], el('div.row', {}, screen.button('export', 'export', () => flow.download()), screen.button('erase', 'erase', () => flow.erase()))),
		screen.button('out', 'log_out', () => flow.logOut()),
	];
}

/** Says that a WeChat of this account has another account, and what can be done about it. */
function conflict(flow, { account, merge_by: ways }) {
	const { screen } = flow;
	const words = account.phone ? screen.t('conflict_number', { phone: account.phone }) : screen.t('conflict');
	return el('div.notice.conflict', {}, el('p', {}, words),
		ways ? screen.button('merge', 'merge', () => flow.merge({ ...account, ways })) : screen.p('p.quiet', 'conflict_ask'));
}

/** A number or a WeChat has an account already: the two can be merged, or `other` be done. */
export const taken = (flow, title, merge, other) => [
	flow.screen.p('h2', title),
	flow.screen.p('p.text', 'taken_why'),
	flow.screen.button('main', 'merge', merge),
	other && flow.screen.button('add', 'taken_other', other),
	flow.screen.button('cancel', 'back', () => flow.refresh()),
];

const section = (title, rows, ...more) =>
	el('section.part', {}, el('h3', {}, title), rows.length ? el('ul.rows', {}, rows) : '', ...more);

const row = (title, note, action) =>
	el('li.entry', {}, el('div', {}, el('p.name', {}, title), note ? el('p.quiet', {}, note) : ''), action || '');

const small = ({ screen }, key, onclick, about = '') =>
	el('button.button.small', { type: 'button', onclick, ariaLabel: about ? `${screen.t(key)}: ${about}` : null }, screen.t(key));

function way(flow, identity) {
	const { screen } = flow;
	const name = identity.nickname ?? screen.t('nameless');
	const key = `channel_${identity.channel}`;
	const shown = screen.page.channels?.find(({ app }) => app === identity.app)?.account?.name;
	const channel = flow.session.account.identities.length > 1 && small(flow, 'remove', () => flow.removeWechat(identity), name);
	return row(name, [screen.has(key) ? screen.t(key) : identity.app, shown].filter(Boolean).join(' · '), channel);
}

function device(flow, each) {
	const { screen } = flow;
	const t = (key, values) => screen.t(key, values);
	const name = deviceName(t, each.user_agent ?? '');
	const time = new Intl.DateTimeFormat(screen.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(each.last_seen_at));
	const note = [each.current ? t('this_device') : t('last_seen', { time }), each.ip].filter(Boolean).join(' · ');
	return row(name, note, !each.current && small(flow, 'end', () => flow.endSession(each), name));
}

/** Asks before something is done that is not easily undone; an account is erased only once the person says that they know. */
export function question(flow, key, yes, no, about) {
	const { screen } = flow;
	const sure = screen.has(`${key}_sure`) && el('input', { type: 'checkbox', onchange: () => (go.ariaDisabled = sure.checked ? null : 'true') });
	const go = screen.button('main', screen.has(`${key}_done`) ? `${key}_done` : key, () => !go.ariaDisabled && yes());
	go.classList.add('danger');
	if (sure) go.ariaDisabled = 'true';
	return [
		screen.p('h2', `${key}_title`),
		about && el('p.text', {}, about),
		screen.p('p.text', `${key}_why`),
		sure && el('label.consent', {}, sure, el('span', {}, screen.t(`${key}_sure`))),
		go,
		screen.button('cancel', 'back', no),
	];
}
