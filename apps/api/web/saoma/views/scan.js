// The QR code, and what happens after a phone has scanned it.

import { el } from '../dom.js';

const HELP_MS = 20_000;
/** The blank frame around the code, in modules on both sides. */
const FRAME = 8;

/** Returns what is kept of a code to draw it again: no secret. */
export function drawn({ content, svg, png, image_url: image, message }) {
	if (message) return { picture: image, digits: message.code, share: 1 };
	// A mini program's code is WeChat's own drawing: nothing says what is in it.
	if (png) return { picture: `data:image/png;base64,${png}`, share: content ? 0.75 : 1, isMini: !content };
	const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 41);
	return { picture: `data:image/svg+xml,${encodeURIComponent(svg)}`, share: (side - FRAME) / side };
}

/** The code with the mark of the account in its middle. */
export function code({ screen, login, account }, ...over) {
	const { picture, share, digits, isMini } = login;
	const image = el('img.code', { alt: screen.t(isMini ? 'mini' : 'qr'), src: picture });
	const box = el('div.qr', {}, image, !digits && !isMini && mark(account), ...over);
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
	return [
		flow.title(),
		code(flow),
		screen.p('p.text', 'scan'),
		login.isMini ? screen.p('p.quiet', 'scan_mini') : followed(flow),
		screen.timer(login.until, 'left'),
		screen.helpAt(flow.helpAt, 'help', login.isMini ? 'help_mini' : 'help_follow', 'help_network', 'help_account', 'help_code'),
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
