// An account that can make no codes: its own code is shown, and the digits that the person sends to it.

import { el } from '../dom.js';
import { surroundings } from '../surroundings.js';
import { code } from './scan.js';

export { TEXTS } from '../texts-rare.js';

/** How the account is come to, by where the page is looked at. */
const FOLLOW = { wechat: 'message_press', phone: 'message_save', 'wecom-phone': 'message_save' };

/** Waits for the digits to be sent. */
export function byMessage(flow) {
	const { screen, login, account } = flow;
	const follow = FOLLOW[surroundings()];
	const name = account?.name ? screen.t('quoted', { name: account.name }) : screen.t('the_account');
	const steps = el('ol.steps', {}, screen.p('li', follow ?? 'message_follow', { name }), screen.p('li', 'message'));
	const digits = el('p.digits', { ariaLabel: [...login.digits].join(' ') }, `${login.digits.slice(0, 3)} ${login.digits.slice(3)}`);
	const box = code(flow);
	// Where WeChat's picture does not come, the account is found by its name.
	box.querySelector('.code').onerror = () => {
		box.remove();
		steps.firstChild.textContent = screen.t('message_find', { name });
	};
	steps.style.width = 'fit-content';
	Object.assign(digits.style, { fontSize: '2.5em', userSelect: 'all' });
	return [flow.title(), box, steps, digits, follow && copy(flow), screen.timer(login.until, 'left')];
}

/** Copies the digits, where WeChat is on the same screen. */
function copy({ screen, login }) {
	const told = el('p.told.quiet', { role: 'status' });
	const work = () => navigator.clipboard?.writeText(login.digits).then(() => (told.textContent = screen.t('copied')), () => {});
	return el('div.form', {}, screen.button('copy', 'message_copy', work), told);
}
