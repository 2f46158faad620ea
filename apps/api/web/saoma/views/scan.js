// The QR code, and what happens after a phone has scanned it.

import { el } from '../dom.js';

/** When help shows itself. */
export const HELP_MS = 20_000;
/** The blank frame around the code, in modules on both sides. */
const FRAME = 8;

/** Returns what is kept of a code to draw it again: no secret. */
export function drawn({ svg, png, image_url: image, message }) {
	if (message) return { picture: image, digits: message.code, share: 1 };
	if (png) return { picture: `data:image/png;base64,${png}`, share: 0.75 };
	const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 41);
	return { picture: `data:image/svg+xml,${encodeURIComponent(svg)}`, share: (side - FRAME) / side };
}

/** The code with the mark of the account in its middle. */
export function code({ screen, login, account }, ...over) {
	const { picture, share, digits } = login;
	// The picture of an account's own code is WeChat's: without it, the account is found by its name.
	const image = el('img.code', { alt: screen.t(digits ? 'qr_account' : 'qr'), src: picture, onerror: () => digits && box.remove() });
	const box = el('div.qr', {}, image, !digits && mark(account), ...over);
	box.style.setProperty('--share', share);
	return box;
}

function mark({ name, picture } = {}) {
	if (picture) return el('img.mark', { src: picture, alt: '' });
	return name && el('span.mark.initial', { 'aria-hidden': 'true' }, [...name][0]);
}

/** Who is followed with the scan. */
const followed = ({ screen, account: { name, picture } = {} }) =>
	el('p.quiet.account', {}, picture && el('img.face', { src: picture, alt: '' }), el('span', {}, screen.t(name ? 'follow_name' : 'follow', { name })));

/** Waits to be scanned. */
export function waiting(flow) {
	const { screen, login } = flow;
	flow.helpAt ??= Date.now() + HELP_MS;
	if (login.digits) return byMessage(flow, ['message_follow', 'message_follow_name']);
	return [
		flow.title(),
		code(flow),
		screen.p('p.text', 'scan'),
		followed(flow),
		screen.timer(login.until, 'left'),
		screen.helpAt(flow.helpAt, 'help', 'help_follow', 'help_network', 'help_account', 'help_code'),
	];
}

/** Waits for the digits to be sent to the account, whose own code is shown. */
export function byMessage(flow, [follow, followName], ...more) {
	const { screen, login, account: { name } = {} } = flow;
	const halves = [login.digits.slice(0, 3), login.digits.slice(3)];
	return [
		flow.title(),
		code(flow),
		el('ol.steps', {}, screen.p('li', name ? followName : follow, { name }), screen.p('li', 'message')),
		el('p.digits', { ariaLabel: [...login.digits].join(' ') }, halves.map((half) => el('span', {}, half))),
		more,
		screen.timer(login.until, 'left'),
		screen.helpAt(flow.helpAt, 'message_help', 'message_help_open', 'message_help_code', 'help_network'),
	];
}

/** Waits for the phone to confirm; where it has to type two digits, they are large. */
export function scanned(flow) {
	const { screen, login, said } = flow;
	const number = said.confirm?.number;
	const left = screen.timer(login.until, 'left');
	if (number) {
		return [
			el('div.sign'),
			screen.p('h2', flow.isOnPhone ? 'confirm_back' : 'confirm_number'),
			el('p.digits', { ariaLabel: [...number].join(' ') }, number),
			screen.p('p.text', 'confirm_number_why'),
			left,
		];
	}
	const cover = el('div.cover', {}, el('div.sign'), screen.p('h2', login.digits ? 'received' : 'scanned'));
	const box = code(flow, cover);
	box.classList.add('covered');
	return [box, screen.p('p.text', 'confirm'), left];
}
