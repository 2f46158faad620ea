// What a person does with their account: ways in, number, devices, data.

import { Client } from './client.js';
import { el } from './dom.js';
import { offeredCountries } from './phone.js';
import { accountStyles } from './styles-account.js';
import { overview, question, taken } from './views/account.js';
import { wordsOf } from './views/ends.js';
import { numberForm } from './views/number.js';
import { code, drawn } from './views/scan.js';
import { Waiting } from './waiting.js';

const QR = 'official_account';

/** The texts of this page, beside those of the login. */
const TEXTS = {
	'zh-CN': () => import('./texts/account/zh-CN.js'),
	'zh-TW': () => import('./texts/account/zh-TW.js'),
	en: () => import('./texts/account/en.js'),
};

export class AccountFlow {
	/** The session and its account, and the account's other sessions. */
	session;
	sessions = [];
	#life;

	constructor(settings, screen, life) {
		this.settings = settings;
		this.screen = screen;
		this.client = new Client(settings.api);
		this.#life = life;
		screen.card.classList.add('wide');
		screen.root.adoptedStyleSheets.push(accountStyles);
		this.#load();
	}

	async #load() {
		const { screen, client, settings } = this;
		try {
			const page = screen.host.page ?? (await client.ask('GET', '/page').catch(() => null)) ?? {};
			await screen.prepare(page, client.origin);
			await screen.learn(TEXTS);
			await this.refresh();
		} catch (problem) {
			this.#failed(problem, () => this.#load());
		}
		addEventListener('pageshow', (event) => event.persisted && this.refresh(), { signal: this.#life });
	}

	ask(method, path, body) {
		return this.client.ask(method, path, body, { signal: this.#life });
	}

	/** Reads what there is and draws it; `told` says what was just done. */
	async refresh(told) {
		this.session = await this.ask('GET', '/session');
		if (!this.session) return this.#signedOut();
		this.sessions = (await this.ask('GET', '/sessions'))?.sessions ?? [];
		this.screen.show('account', this.session.account, overview(this, told));
	}

	#signedOut(told = 'signed_out') {
		const { screen, settings } = this;
		const login = new URL('login', settings.api);
		login.searchParams.set('return_to', settings.api.origin === location.origin ? location.pathname : location.href);
		if (settings.isLoginPage && told === 'signed_out') return location.replace(login);
		screen.fire('logout');
		screen.show('signed-out', {}, screen.p('h2', told), el('a.button.main', { href: login.href }, screen.t('sign_in')));
	}

	/** Does something that changes the account. Where the login is too old for it, a new one is asked for first. */
	async change(work, told) {
		try {
			await work();
			await this.refresh(told);
		} catch (problem) {
			this.refused(problem, () => this.change(work, told));
		}
	}

	/** Shows why something was refused, or asks who it is. */
	refused(problem, again) {
		if (problem.name === 'AbortError') return;
		if (problem.isOver) return this.#signedOut();
		if (problem.code === 'login_too_old') return this.#renew(again);
		this.screen.fire('error', { code: problem.code, status: problem.status, request_id: problem.request_id });
		if (!this.session) return this.#failed(problem, again);
		this.screen.show('account', this.session.account, overview(this, null, this.#toDo(problem)));
	}

	/** Says what went wrong, and what to do where that is known. */
	#toDo(problem) {
		const { key, words } = wordsOf(this.screen, problem);
		return this.screen.has(`${key}_do`) ? this.screen.joined([words, this.screen.t(`${key}_do`)]) : words;
	}

	#failed(problem, again) {
		const { screen } = this;
		if (!problem.code) return;
		screen.show('failed', {}, el('div.sign.alert'), el('h2', {}, this.#toDo(problem)), screen.button('main', 'retry', again));
	}

	/** Asks for a new login of the same person, and goes on. */
	#renew(again) {
		const { screen, settings, session } = this;
		const page = { ...screen.page, site_name: undefined, logo: undefined, footer: [] };
		const login = el('saoma-login', { page });
		login.setAttribute('api', settings.api.href);
		login.setAttribute('renew', '');
		login.setAttribute('lang', screen.language);
		login.addEventListener('saoma:login', (event) => {
			event.preventDefault();
			if (event.detail.id === session.account.id) return again();
			screen.show('account', {}, screen.p('h2', 'other_account'), screen.p('p.text', 'other_account_do'), this.#back('main'));
		});
		screen.show('account', {}, screen.p('h2', 'renew_title'), screen.p('p.text', 'renew_why'), login, this.#back());
	}

	#back(kind = 'cancel') {
		return this.screen.button(kind, 'back', () => this.refresh());
	}

	/** Returns what a call answers. Where the login is too old for it, a new one is asked for, then `again` is done. */
	guarded(call, again) {
		return call.catch((problem) => {
			if (problem.code !== 'login_too_old') throw problem;
			this.#renew(again);
			throw new DOMException('', 'AbortError');
		});
	}

	/** A form for a number, whose `finish` says what follows it. */
	async numberForm(steps, finish) {
		const { screen } = this;
		const form = { screen, agreed: true, isAgreed: true, report: () => {}, again: () => this.refresh(), finish };
		return numberForm(form, { offered: await offeredCountries(screen), cancel: () => this.refresh(), ...steps });
	}

	/** Makes one account of two; loaded when a person has two. */
	async merge(account, proof) {
		const { Merging } = await import('./merging.js');
		new Merging(this, account, proof);
	}

	// --- What the buttons do

	/** Returns the apps through which the person could log in besides those they have. */
	addable() {
		const { identities } = this.session.account;
		const isNew = ({ channel, app }) => (channel === QR || channel === 'website') && !identities.some((each) => each.app === app);
		return (this.screen.page.channels ?? []).filter(isNew);
	}

	/** Adds the WeChat that scans, or that WeChat's own page finds. */
	async addWechat({ channel, app }) {
		const { screen } = this;
		try {
			const return_to = channel === 'website' ? location.href.replace(`${this.client.origin}/`, '/') : undefined;
			const answer = await this.ask('POST', '/session/identities', { channel, app, return_to });
			if (answer.authorize_url) return location.assign(answer.authorize_url);
			const stop = new AbortController();
			this.#life.addEventListener('abort', () => stop.abort());
			const path = `/logins/${answer.id}`;
			const back = screen.button('cancel', 'back', () => {
				stop.abort();
				this.ask('DELETE', path).catch(() => {});
				this.refresh();
			});
			const login = { ...drawn(answer.qr), until: Date.now() + answer.expires_in * 1000 };
			screen.show('account', {}, screen.p('h2', 'add_title'), code({ screen, login }), screen.timer(login.until, 'left'), back);
			await this.#added(path, answer, stop);
		} catch (problem) {
			this.refused(problem, () => this.addWechat({ channel, app }));
		}
	}

	/** Waits until a WeChat has scanned, or it is over. */
	async #added(path, answer, stop) {
		let last = answer;
		const take = (next) => {
			const isNews = next.version > last.version;
			last = next;
			if (next.state !== 'loop') stop.abort();
			return isNews;
		};
		const watched = { take, failing: () => false, version: () => last.version };
		await new Waiting(this.client).follow(path, watched, stop.signal).catch((problem) => {
			if (problem.name !== 'AbortError') throw problem;
		});
		if (last.state === 'registered') await this.ask('GET', path).then(() => this.refresh('added'));
		else if (last.reason === 'denied') this.screen.show('account', {}, taken(this, 'add_taken', () => this.merge({ ways: ['scan'] })));
		else if (last.state === 'expired') this.refused({ code: 'timeout' });
	}

	removeWechat({ id, nickname }) {
		const yes = () => this.change(() => this.ask('DELETE', `/session/identities/${id}`), 'saved');
		this.#question('remove', yes, nickname);
	}

	async changeNumber() {
		const { screen } = this;
		const again = () => this.changeNumber();
		const change = (phone, code) => this.guarded(this.ask('PUT', '/session/phone', { phone, code }), again).catch((problem) => {
			if (problem.code !== 'phone_taken' || !problem.merge_by) throw problem;
			screen.show('account', {}, taken(this, 'taken_title', () => this.merge(null, { phone, code }), again));
			throw new DOMException('', 'AbortError');
		});
		const steps = {
			send: (phone) => this.guarded(this.ask('POST', '/session/sms-codes', { phone }), again),
			confirm: change,
			confirmKey: 'change_done',
			words: ['change_title', 'change_why'],
		};
		screen.show('account', {}, await this.numberForm(steps, () => this.refresh('saved')));
	}

	endSession({ id }) {
		return this.change(() => this.ask('DELETE', `/sessions/${id}`), 'ended');
	}

	endOthers() {
		const others = this.sessions.filter(({ current }) => !current);
		return this.change(() => Promise.all(others.map(({ id }) => this.ask('DELETE', `/sessions/${id}`))), 'ended');
	}

	async download() {
		try {
			const data = await this.ask('GET', '/account/export');
			const file = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
			el('a', { href: file, download: 'account.json' }).click();
			setTimeout(() => URL.revokeObjectURL(file), 60_000);
		} catch (problem) {
			this.refused(problem, () => this.download());
		}
	}

	erase() {
		const work = async () => {
			try {
				await this.ask('DELETE', '/account');
				this.#signedOut('erased');
			} catch (problem) {
				this.refused(problem, work);
			}
		};
		this.#question('erase', work);
	}

	async logOut() {
		await this.ask('DELETE', '/session').catch(() => {});
		this.#signedOut();
	}

	#question(key, yes, about) {
		this.screen.show('account', {}, question(this, key, yes, () => this.refresh(), about));
	}
}
