// How a login ends, and what stands in its way.

import { el, link } from '../dom.js';

/** Who is logged in, and where they go on. */
export function welcome(flow, account, goesOn) {
	const { screen, settings } = flow;
	const { nickname, phone, identities = [] } = account;
	const names = [phone, nickname ?? identities.find((identity) => identity.nickname)?.nickname];
	return [
		el('div.sign'),
		screen.p('h2', 'welcome'),
		el('p.text', {}, names.filter(Boolean).join(' · ')),
		goesOn && screen.p('p.quiet', 'going_on'),
		settings.returnTo && el('a.button.main', { href: settings.returnTo }, screen.t('go_on')),
		!settings.returnTo && settings.accountPage && el('a.button', { href: settings.accountPage }, screen.t('account')),
		screen.button('out', 'log_out', () => flow.logOut()),
	];
}

/** Says what went wrong and what to do: over the code where one is or would be, else alone. */
export function failure(flow, key, { words, request_id, next, again = 'retry' } = {}) {
	const { screen } = flow;
	const head = [el('div.sign.alert'), words ? el('h2', {}, words) : screen.p('h2', key), next];
	const button = again && screen.button('main', again, () => flow.restart());
	const more = [
		screen.has(`${key}_do`) && screen.p('p.text', `${key}_do`),
		request_id && screen.p('p.quiet.request', 'request', { request_id }),
		key !== 'cancelled' && el('slot', { name: 'help' }, link('more', screen.page.help_url, screen.t('help_more')) ?? ''),
	];
	if (flow.way !== 'scan') return [...head, ...more, button];
	return [el('div.qr.covered', {}, el('div.bone'), el('div.cover', {}, ...head, button)), ...more];
}

/** Says what a call that failed says, in words of the person's. */
export function wordsOf(screen, problem) {
	const { code, attempts_left: left } = problem;
	const key = left === 0 ? 'sms_code_expired' : screen.has(code) ? code : 'internal';
	return { key, words: screen.t(key, problem) };
}
