// A phone's own browser: its person cannot scan what is on its screen.

import { el } from '../dom.js';
import { HELP_MS, byMessage, waiting } from './scan.js';

const SAVE = ['message_save', 'message_save_name'];

/** The account's own code to save, or to press where the page is inside WeChat, and the digits to copy. */
function writing(flow, follow) {
	const { screen, login } = flow;
	const told = el('p.told.quiet', { role: 'status' });
	const copy = async () => {
		const copied = await navigator.clipboard?.writeText(login.digits).then(() => true, () => false);
		told.textContent = copied ? screen.t('copied') : '';
	};
	flow.helpAt ??= Date.now() + HELP_MS;
	return byMessage(flow, follow, el('div.form', {}, screen.button('copy', 'message_copy', copy), told));
}

/** Where the person writes a message there is no code to save or to open. */
const unless = (view, follow) => (flow) => (flow.login.digits ? writing(flow, follow) : view(flow));

/** The picture to save, with the steps in words, and a link to open in WeChat. */
function onPhone(flow) {
	const { screen, login } = flow;
	const code = el('img.code', { alt: screen.t('qr'), src: login.picture });
	return [
		screen.p('h2', 'save_title'),
		el('div.qr.saved', {}, code),
		el('ol.steps', {}, ['save_1', 'save_2', 'save_3'].map((key) => screen.p('li', key))),
		el('a.button.main', { href: login.picture, download: 'wechat-login.png' }, screen.t('save')),
		screen.timer(login.until, 'left'),
		el('div.inside', {}, screen.p('h3', 'open_wechat_title'), screen.p('p.quiet', 'open_wechat_why'), copyLink(flow, 'copy')),
	];
}

/** WeChat Work cannot ask WeChat who a person is. */
const inWecom = (flow) => [
	el('div.sign.alert'),
	flow.screen.p('h2', 'wecom'),
	flow.screen.p('p.text', 'wecom_why'),
	copyLink(flow, 'main'),
	flow.screen.timer(flow.login.until, 'left'),
];

/** What waits for the phone, by where the page is looked at. */
export const views = {
	phone: unless(onPhone, SAVE),
	'wecom-phone': unless(inWecom, SAVE),
	wechat: unless(waiting, ['message_press', 'message_press_name']),
};

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
