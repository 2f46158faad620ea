// The phone number and the code that is sent to it.

import { consentBox } from '../consent.js';
import { digitsOf, grouped, international, split } from '../countries.js';
import { el } from '../dom.js';
import { countryList } from './country.js';
import { wordsOf } from './ends.js';

const HELP_MS = 30_000;
const CODE_DIGITS = 6;

let forms = 0;

/**
 * Asks for a number of one of the countries `offered`, and for its code. `send(phone)` and `confirm(phone, code)` say what is
 * done with them; `isAlone` that no scan came before, and the words are others.
 */
export function numberForm(flow, { offered, isAlone, send: sendTo, confirm, skip, cancel, confirmKey, until, words }) {
	const { screen } = flow;
	const t = (key, values) => screen.t(key, values);
	const id = `number-${++forms}`;
	let busy = false;

	const number = el('input', { id: `${id}-phone`, type: 'tel', autocomplete: 'tel-national', inputMode: 'tel', oninput: typed });
	const picker = countryList({ t }, offered, ({ code: calling }) => write(digitsOf(number.value), calling));
	const code = el('input', { id: `${id}-code`, type: 'text', autocomplete: 'one-time-code', inputMode: 'numeric', oninput: sixDigits });
	const send = screen.button('send', 'send', () => sendCode());
	const told = el('p.told', { id: `${id}-told`, role: 'status' });
	const consent = consentBox(flow);
	const box = consent?.querySelector('input');
	const login = el('button.button.login', {}, t(confirmKey));
	const help = el('div');
	const second = el('div.form', { hidden: true },
		el('label', { htmlFor: code.id }, t('code')), code, login, help);

	const whole = () => international(digitsOf(number.value), picker.country.code);

	/** Writes digits into the field, in groups; the caret stays behind the digit that it was behind. */
	function write(digits, calling = picker.country.code) {
		const before = digitsOf(number.value.slice(0, number.selectionStart ?? number.value.length)).length;
		number.value = grouped(digits, calling);
		let place = 0;
		for (let seen = 0; seen < before && place < number.value.length; place += 1) if (/\d/.test(number.value[place])) seen += 1;
		if (number.matches(':focus')) number.setSelectionRange(place, place);
	}

	function typed(event) {
		if (event.isComposing) return;
		const abroad = split(number.value, offered);
		if (abroad) picker.set(abroad.country);
		write(abroad?.rest ?? digitsOf(number.value));
		if (send.key) hold(0);
	}

	/** Finds the code in whatever was typed: the whole SMS may be pasted. */
	function sixDigits() {
		const plain = code.value.normalize('NFKC');
		code.value = /\b\d{6}\b/.exec(plain)?.[0] ?? digitsOf(plain).slice(0, CODE_DIGITS);
	}

	/** Keeps the button from sending for a while; it stays focusable. */
	function hold(seconds) {
		send.ariaDisabled = 'true';
		screen.timer(Date.now() + seconds * 1000, 'resend_in', 'resend', send);
	}

	function askForCode() {
		if (!second.hidden) return;
		second.hidden = false;
		send.classList.remove('main');
		login.className = login.part = 'button main login';
		help.replaceChildren(screen.helpAt(Date.now() + HELP_MS, 'missing', 'missing_number', 'missing_blocked', 'missing_wait'));
	}

	function tell(words, ...wrong) {
		told.textContent = words;
		for (const node of [number, code, told, box].filter(Boolean)) {
			node.ariaInvalid = wrong.includes(node) ? 'true' : null;
			if (node !== told) node.setAttribute('aria-describedby', told.id);
		}
		wrong[0]?.focus?.();
		if (wrong[0] !== box) wrong[0]?.select?.();
	}

	/** Lets one call be made at a time. */
	async function act(call, done) {
		if (busy) return;
		if (consent && !flow.agreed) return tell(t('agree_first'), box, told);
		busy = true;
		await call().then(done, refused);
		busy = false;
	}

	function refused(problem) {
		if (problem.name === 'AbortError') return;
		if (problem.isOver) return flow.again();
		if (problem.code === 'rate_limited' && problem.wait) {
			// A code may be on its way from before.
			hold(problem.wait);
			askForCode();
		}
		const { words } = wordsOf(screen, problem);
		flow.report(problem);
		const isNumber = /^phone/.test(problem.code);
		const isCode = /^sms_code/.test(problem.code);
		tell(words, ...(isNumber ? [number] : isCode ? [code] : []), told);
	}

	function sendCode() {
		if (send.ariaDisabled) return;
		act(() => sendTo(whole()), ({ resend_in: wait, expires_in: lasts }) => {
			askForCode();
			hold(wait);
			// The number stays on one line.
			const phone = `+${picker.country.code} ${number.value}`.replaceAll(' ', '\u00a0');
			tell(t('sent', { phone, minutes: Math.max(1, Math.round(lasts / 60)) }));
			code.value = '';
			code.focus();
		});
	}

	function onsubmit(event) {
		event.preventDefault();
		if (second.hidden) sendCode();
		else if (code.value) act(() => confirm(whole(), code.value), (answer) => flow.finish(answer));
		else code.focus();
	}

	send.classList.add('main');
	const form = el('form.form', { onsubmit, noValidate: true },
		el('label', { htmlFor: number.id }, t('phone')),
		el('div.row', {}, picker.button, number), picker.panel,
		consent, send, told, second,
		skip && screen.button('skip', 'skip', () => act(skip, (answer) => flow.finish(answer))),
		cancel && screen.button('cancel', 'cancel', cancel));
	return [
		screen.p('h2', words?.[0] ?? (isAlone ? 'sms_title' : 'phone_title')),
		screen.p('p.text', words?.[1] ?? (isAlone ? 'need_sms' : 'phone_why')),
		form,
		until && screen.timer(until, 'left_form'),
	];
}
