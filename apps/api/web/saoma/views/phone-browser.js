// A phone's own browser: its person cannot scan what is on its screen.

import { el } from '../dom.js';

export { TEXTS } from '../texts-rare.js';

/** The picture to save, with the steps in words, and a link to open in WeChat. */
function onPhone(flow) {
	const { screen, login } = flow;
	const { isMini, picture } = login;
	const code = el('img.code', { alt: screen.t(isMini ? 'mini' : 'qr'), src: picture });
	// The link is an official account's way; in WeChat the code itself opens the mini program.
	const inside = !isMini && el('div.inside', {}, screen.p('h3', 'open_wechat_title'), screen.p('p.quiet', 'open_wechat_why'), copyLink(flow, 'copy'));
	return [
		screen.p('h2', 'save_title'),
		el('div.qr.saved', {}, code),
		el('ol.steps', {}, ['save_1', 'save_2', isMini ? 'save_3_mini' : 'save_3'].map((key) => screen.p('li', key))),
		el('a.button.main', { href: picture, download: 'wechat-login.png' }, screen.t('save')),
		screen.timer(login.until, 'left'),
		inside,
	];
}

/** WeChat Work cannot ask WeChat who a person is. */
const inWecom = (flow) => [
	el('div.sign.alert'),
	flow.screen.p('h2', 'wecom'),
	flow.login.isMini ? flow.screen.p('p.text', 'wecom_mini') : flow.screen.p('p.text', 'wecom_why'),
	!flow.login.isMini && copyLink(flow, 'main'),
	flow.screen.timer(flow.login.until, 'left'),
];

/** What waits for the phone, by where the page is looked at. */
export const views = { phone: onPhone, 'wecom-phone': inWecom };

/** Copies the link; where the browser does not let the page do that, the person does. */
function copyLink(flow, kind) {
	const { screen } = flow;
	const address = flow.linkForWechat();
	const told = el('p.told.quiet', { role: 'status' });
	const field = el('input.link', { readOnly: true, value: address, ariaLabel: screen.t('link'), hidden: true, onfocus: () => field.select() });
	const copy = async () => {
		const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
		field.hidden = Boolean(copied);
		told.textContent = screen.t(copied ? 'copied' : 'copy_by_hand');
		if (!copied) field.focus();
	};
	return el('div.form', {}, screen.button(kind, 'copy', copy), told, field);
}
