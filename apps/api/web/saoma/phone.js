// The steps with the phone number; loaded when they are needed.

import { solvedCheck } from './check.js';
import { countries } from './countries.js';
import { numberForm } from './views/number.js';

/** Returns the countries that SMS go to. */
export const offeredCountries = (screen) =>
	countries({ language: screen.language, t: (key) => screen.t(key), has: (key) => screen.has(key) }, screen.page.login?.sms_countries);

/** Asks whom WeChat has named for the number. */
export async function askForNumber(flow) {
	const { screen, login } = flow;
	const offered = await offeredCountries(screen);
	if (flow.login !== login) return;
	const path = `${login.path}/phone`;
	const cancel = () => flow.ask('DELETE', login.path).then(() => flow.end('cancelled'), (problem) => problem.isOver && flow.again());
	const skip = () => flow.ask('POST', path, { skip: true, consent: flow.consent });
	const isOptional = screen.page.login?.phone === 'optional';
	const form = numberForm(flow, { offered, ...steps(flow), cancel, skip: isOptional && skip, confirmKey: 'bind', until: login.until });
	screen.show('unregistered', flow.said, form);
}

/** Asks for the number alone: the login is made when the first code is asked for. */
export async function askForNumberAlone(flow) {
	const offered = await offeredCountries(flow.screen);
	if (flow.way !== 'sms') return;
	const form = numberForm(flow, { offered, ...steps(flow, () => smsLogin(flow)), isAlone: true, confirmKey: 'log_in' });
	flow.screen.show('sms', {}, form);
}

async function smsLogin(flow) {
	if (flow.login?.isSms) return;
	const kind = flow.screen.page.check?.kind ?? 'none';
	const check = kind === 'none' ? undefined : await solvedCheck(flow);
	const { purpose } = flow.settings;
	const answer = await flow.ask('POST', '/logins', { channel: 'sms', purpose, check, consent: flow.consent });
	flow.adopt(answer);
}

/** What the form's buttons do. Where the service asks for a check against machines, it is solved and the call sent again. */
function steps(flow, before = async () => {}) {
	const post = async (part, body) => {
		await before();
		const path = flow.login.path + part;
		const whole = { ...body, consent: flow.consent };
		return flow.ask('POST', path, whole).catch(async (problem) => {
			if (problem.code !== 'check_failed') throw problem;
			return flow.ask('POST', path, { ...whole, check: await solvedCheck(flow, problem) });
		});
	};
	return {
		send: (phone) => post('/sms-codes', { phone }),
		confirm: (phone, code) => post('/phone', { phone, code }),
	};
}
