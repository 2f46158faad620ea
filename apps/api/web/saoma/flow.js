// What a login goes through, from the first code to "logged in".

import { Client, Problem } from './client.js';
import { consentGate } from './consent.js';
import { el } from './dom.js';
import { Memory } from './memory.js';
import { surroundings } from './surroundings.js';
import { failure, welcome, wordsOf } from './views/ends.js';
import { quick } from './views/quick.js';
import { drawn, scanned, waiting } from './views/scan.js';
import { drawWays, waysIn } from './views/ways.js';
import { Waiting, sleep } from './waiting.js';

const QR = 'official_account';
/** The code of a mini program, whose page confirms. */
const MINI = 'mini_program_code';
/** How often a code that no phone scanned is renewed by itself. */
const RENEWALS = 4;
/** How long a tab may be out of sight before it lets go of its connection. */
const PAUSE_MS = 300_000;
/** The longest pause between two tries, in units of about a second. */
const LONGEST_PAUSE = 30;

const offline = () => {
	throw new Problem(null, Response.error());
};

export class LoginFlow {
	/** The login that goes on, and what the API said about it last. */
	login = null;
	said = null;
	/** The way in that is shown: `scan`, `quick` or `sms`. */
	way = 'scan';
	agreed = false;
	#where = surroundings();
	#now = new AbortController();
	#failures = 0;
	#renewals = 0;
	/** Whether the code ran out unseen, to be renewed when it is seen. */
	#outdated = false;
	#notice = el('div.notice');
	#page;
	/** The views for a phone's own browser, loaded there alone. */
	#phoneViews;
	/** The view for an account that is sent digits, loaded for it alone. */
	#byMessage;

	constructor(settings, screen, life) {
		this.settings = settings;
		this.screen = screen;
		this.client = new Client(settings.api);
		this.memory = new Memory(settings.app, settings.purpose);
		this.waiting = new Waiting(this.client);
		this.#listen(life);
		this.again();
	}

	// --- Beginning

	/** Begins anew, as if the page were loaded now. */
	again(work = () => this.#start()) {
		this.login = this.said = null;
		this.#outdated = false;
		const title = this.screen.page.languages ? this.title() : el('div.bone');
		this.screen.show('loading', {}, title, el('div.qr.bone'), el('div.bone'));
		this.#begin(work);
	}

	/** Begins anew because the person asks for it. */
	restart() {
		this.remember(null);
		this.#renewals = 0;
		this.again();
	}

	/** Does `work` until it does not fail in passing. What was going on before is given up. */
	async #begin(work) {
		this.#now.abort();
		const { signal } = (this.#now = new AbortController());
		await null; // Attributes may be set one after the other.
		while (!signal.aborted) {
			try {
				return await work();
			} catch (problem) {
				if (signal.aborted) return;
				if (!problem.code) throw problem;
				await this.#prepared().catch(() => {});
				if (signal.aborted) return;
				if (this.login) work = () => this.#watch();
				const pause = Math.min(LONGEST_PAUSE, 2 ** this.#failures++) * (750 + Math.random() * 500);
				const until = problem.passing && Date.now() + Math.max(pause, problem.wait * 1000);
				this.#trouble(problem, until, work);
				if (!until) return;
				await sleep(until - Date.now(), signal);
			}
		}
	}

	/** The login of the address or of before, else the session, else a new one. */
	async #start() {
		const { id, error } = this.settings.comeBack();
		const before = this.memory.login;
		const known = id ? { id } : before;
		const answer = known?.id && !error && (await this.ask('GET', `/logins/${known.id}`));
		const isScan = (this.memory.way ?? 'scan') === 'scan';
		if (answer?.state === 'loop' ? known.picture && isScan : answer && answer.state !== 'expired') {
			await this.#prepared();
			return this.#follow(answer, known);
		}
		// One round trip to the first code: whose session it is and what the page is like is asked beside it.
		const early = !before && !error && this.#startsWithCode() && this.#create().catch((problem) => problem);
		const session = this.settings.isRenewal ? null : this.ask('GET', '/session');
		const [who] = await Promise.all([session, this.#prepared()]);
		const fresh = await early;
		const isOfUse = !who && !error && this.way === 'scan';
		if (fresh?.id && !isOfUse) this.ask('DELETE', `/logins/${fresh.id}`).catch(() => {});
		if (who) this.#account(who);
		else if (error) this.end(error);
		else await this.#open(this.way, fresh, before);
	}

	/** Whether a code will most likely be shown first, as far as that is known before the service has said anything. */
	#startsWithCode() {
		const offered = this.settings.channels?.some((each) => each === QR || each === MINI) ?? true;
		return offered && this.#where !== 'wechat' && (this.memory.way ?? 'scan') === 'scan';
	}

	/** Knows the texts and what the service says about its page. */
	#prepared() {
		const { screen, settings, client } = this;
		this.#page ??= (async () => {
			const page = screen.host.page ?? (await client.ask('GET', '/page').catch(() => null)) ?? {};
			await screen.prepare(page, client.origin);
			this.ways = waysIn({ offers: (channel) => this.offers(channel), page, channels: settings.channels });
			this.way = this.ways.find((way) => way === this.memory.way) ?? this.ways[0] ?? 'scan';
			if (this.isOnPhone) this.#phoneViews = (await this.#rare(import('./views/phone-browser.js'))).views;
		})();
		this.#page.catch(() => (this.#page = null));
		return this.#page;
	}

	/** Waits for views that few pages need, and for their texts. */
	async #rare(loading) {
		const views = await loading.catch(offline);
		await this.screen.learn(views.TEXTS).catch(offline);
		return views;
	}

	/** Whether a channel is one of those that the site names, or that the service has. */
	offers(channel) {
		const named = this.settings.channels;
		const { page, host } = this.screen;
		const served = (page.channels ?? host.page?.channels)?.map((each) => each.channel);
		return named ? named.includes(channel) : (served ?? [QR, 'in_wechat']).includes(channel);
	}

	/** The official account that is followed with a scan, as far as the service says. */
	get account() {
		const { app } = this.settings;
		const channels = this.screen.page.channels ?? [];
		const found = channels.find((each) => each.channel === QR && (!app || each.app === app))?.account;
		return found && { name: found.name, picture: found.picture && new URL(found.picture, this.client.origin).href };
	}

	// --- Ways in

	/** Shows a way in that was chosen. */
	choose(way) {
		if (way === this.way) return;
		this.way = this.memory.way = way;
		const waits = this.login?.picture && this.login.until > Date.now() && this.login;
		if (way === 'scan' && waits) {
			this.#showWays();
			this.#loop();
			this.#begin(() => this.#watch());
		} else {
			if (!waits) this.login = this.said = null;
			this.#begin(() => this.#open(way));
		}
	}

	async #open(way, fresh, before = {}) {
		this.#showWays();
		if (this.#isInside) this.#inside(before);
		else if (way === 'sms') await (await import('./phone.js').catch(offline)).askForNumberAlone(this);
		else if (way === 'quick') this.screen.show('door', {}, quick(this, 'website'));
		else if (this.ways.includes('scan')) {
			// What was asked for before the page was known may be what the service does not have.
			const isOther = fresh?.code === 'app_unknown' && this.#scanChannel !== QR;
			const answer = (!isOther && fresh) || (await this.#create());
			if (answer.code) throw answer;
			await this.#follow(answer);
		} else this.#trouble({ code: 'app_unknown', status: 0 });
	}

	/** WeChat's own browser is led on at once, but once only, or who logs out could never stay out. */
	#inside(before) {
		this.screen.show('door', {}, quick(this, 'in_wechat'));
		if (!before) this.screen.body.querySelector('.door').click();
	}

	/** Inside WeChat there is nothing to choose. */
	#showWays() {
		const ways = this.#isInside ? [] : (this.ways ?? []);
		drawWays({ screen: this.screen, ways, way: this.way, where: this.#where, choose: (way) => this.choose(way) });
	}

	/** Whether the page is in a phone's own browser, or in WeCom's: the WeChat that scans is on the same screen. */
	get isOnPhone() {
		return /phone/.test(this.#where);
	}

	get #isInside() {
		return this.#where === 'wechat' && this.offers('in_wechat');
	}

	#hideWays() {
		this.screen.tabs.hidden = true;
	}

	title() {
		return this.screen.p('h2', 'title');
	}

	/** Where WeChat's page leads back to: what the site says, or here. */
	get #backTo() {
		return (this.settings.returnTo || location.href).replace(`${this.client.origin}/`, '/');
	}

	#authorize(query) {
		return this.client.url(`/oauth/authorize?${new URLSearchParams({ ...query, app: this.settings.app ?? '' })}`);
	}

	/** Returns where WeChat's page is asked through. */
	authorizeUrl(channel) {
		return this.#authorize({ channel, return_to: this.#backTo });
	}

	/** Returns the link that is opened in WeChat for the login of this page. It can be sent to a victim, so it asks for the two digits. */
	linkForWechat() {
		return this.#authorize({ channel: 'in_wechat', login: this.login.id });
	}

	/** Makes a login for WeChat's own panel. */
	panelLogin() {
		const { app, purpose } = this.settings;
		return this.ask('POST', '/logins', { channel: 'website', app, purpose, return_to: this.#backTo, consent: this.consent });
	}

	// --- Following a login

	/** Whose code is shown: a mini program's where the site names that, or has no official account. */
	get #scanChannel() {
		const isNamed = this.settings.channels?.includes(MINI);
		return isNamed || (!this.offers(QR) && this.offers(MINI)) ? MINI : QR;
	}

	#create() {
		const { app, purpose } = this.settings;
		const qr_format = this.isOnPhone ? 'png' : undefined;
		return this.ask('POST', '/logins', { channel: this.#scanChannel, app, purpose, qr_format, consent: this.consent });
	}

	/** The version of the terms, once the person has agreed to it. */
	get consent() {
		return this.agreed ? this.screen.page.consent?.version : undefined;
	}

	agree(agreed) {
		this.agreed = agreed;
	}

	async #follow(answer, known = answer.qr && drawn(answer.qr)) {
		if (answer.qr) this.remember({ id: answer.id, ...known });
		if (known?.isMini) await this.#rare(import('./texts-rare.js'));
		if (known?.digits) this.#byMessage ??= (await this.#rare(import('./views/message.js'))).byMessage;
		this.login = { ...known, id: answer.id, path: `/logins/${answer.id}` };
		this.said = null;
		this.#take(answer);
		await this.#watch();
	}

	async #watch() {
		const { signal } = this.#now;
		const watched = { take: (answer) => this.#take(answer), failing: () => this.#failures > 0, version: () => this.said.version };
		await this.waiting.follow(this.login.path, watched, signal);
		if (!signal.aborted && this.login) this.end(Date.now() < this.login.until ? 'lost' : 'timeout');
	}

	/** Takes what the API says; returns whether it is news. */
	#take(answer) {
		this.#notice.remove();
		this.screen.body.querySelector('.qr')?.classList.remove('interrupted');
		this.#failures = 0;
		if (answer.version <= this.said?.version) return false;
		this.login.scanned ||= answer.scanned;
		this.said = answer;
		this.login.until = Date.now() + answer.expires_in * 1000;
		const next = {
			loop: () => this.#loop(),
			unregistered: () => this.#numberForm(),
			registered: () => this.finish(),
			expired: () => this.end(answer.reason),
		};
		next[answer.state]();
		return true;
	}

	#loop() {
		const { screen, said } = this;
		if (said.scanned) {
			this.#hideWays();
			return screen.show('loop', said, scanned(this));
		}
		this.#showWays();
		const view = this.login.digits ? this.#byMessage : (this.#phoneViews?.[this.#where] ?? waiting);
		screen.show('loop', said, view(this));
	}

	/** Hands the session over: a stream cannot set its cookie. */
	finish() {
		const { path } = this.login;
		this.login = null;
		this.#begin(async () => {
			await this.ask('GET', path);
			const who = await this.ask('GET', '/session');
			if (who) this.#account(who);
			else this.end('lost');
		});
	}

	/** Ends without a session. A code that no phone scanned is renewed, while it is seen. */
	end(reason) {
		const { screen } = this;
		const refused = reason === 'denied' && this.login?.scanned;
		this.#outdated = reason === 'timeout' && screen.state === 'loop' && this.#renewals < RENEWALS;
		this.#now.abort();
		this.login = null;
		this.said = { ...this.said, reason };
		this.remember({});
		if (this.#outdated && !document.hidden) return this.#renew();
		if (reason === 'lost') this.hint('cookies');
		this.#showWays();
		const again = reason === 'timeout' ? 'refresh' : 'retry';
		screen.show('expired', this.said, failure(this, refused ? 'denied_phone' : reason, { again }));
	}

	#renew() {
		this.#renewals += 1;
		this.again(async () => this.#follow(await this.#create()));
	}

	/** Keeps what a reload comes back to. */
	remember(login) {
		this.memory.login = login;
		this.settings.clearAddress();
	}

	// --- The phone number

	/** Asks for the number, once the form is loaded. */
	async #numberForm() {
		const { said } = this;
		try {
			const { askForNumber } = await import('./phone.js').catch(offline);
			if (this.said !== said) return;
			this.#hideWays();
			await askForNumber(this);
		} catch (problem) {
			this.said = { ...said, version: 0 };
			this.#begin(() => Promise.reject(problem));
		}
	}

	/** Goes on with a login that has no code. */
	adopt(answer) {
		this.login = { id: answer.id, path: `/logins/${answer.id}`, isSms: true, until: Date.now() + answer.expires_in * 1000 };
		this.said = answer;
		this.remember({});
		this.#begin(() => this.#watch());
	}

	// --- Ends and problems

	#account(who) {
		const { screen, settings } = this;
		this.#failures = 0;
		this.remember({});
		const to = settings.returnTo;
		const leadsAway = to && to !== location.href;
		this.#hideWays();
		screen.show('registered', this.said, welcome(this, who.account, leadsAway));
		if (screen.fire('login', who.account) && leadsAway) location.replace(to);
	}

	logOut() {
		this.#begin(() => this.ask('DELETE', '/session').then(() => this.again()));
	}

	/** Tells the page of a problem. */
	report({ code, status, request_id }) {
		this.screen.fire('error', { code, status, request_id });
		if (code === 'offline') this.hint('service');
	}

	#trouble(problem, until, work) {
		const { screen } = this;
		if (problem.code === 'consent_required') return this.#askForConsent(work);
		const { key, words } = wordsOf(screen, problem);
		const next = until ? screen.timer(until, 'retry_in') : null;
		this.report(problem);
		if (!this.login) {
			this.#showWays();
			const again = problem.status === 429 && until ? null : 'retry';
			const { request_id } = problem;
			return screen.show(until ? 'trouble' : 'failed', this.said, failure(this, key, { words, request_id, next, again }));
		}
		this.#notice.replaceChildren(el('p', { role: 'alert' }, words), ...(next ? [next] : []));
		const box = screen.state === 'loop' && screen.body.querySelector('.qr');
		if (box) box.classList.add('interrupted');
		(box || screen.body).append(this.#notice);
	}

	/** Shows a problem of a part of the card. */
	fail(problem) {
		if (problem.code) this.#trouble(problem, null, () => this.#open(this.way));
	}

	#askForConsent(work) {
		this.screen.show('consent', {}, consentGate(this, () => this.again(work)));
	}

	/** Explains on the console what a site has to change; loaded only where something is wrong. */
	hint(what) {
		import('./hints.js').then((hints) => hints[what](this.client), () => {});
	}

	ask(method, path, body) {
		return this.client.ask(method, path, body, { signal: this.#now.signal });
	}

	// --- The page around

	/** Lets go where the page is out of sight for long, or left. */
	#listen(life) {
		const on = { signal: life };
		let hiding;
		document.addEventListener('visibilitychange', () => {
			clearTimeout(hiding);
			if (document.hidden) hiding = setTimeout(() => this.#now.abort(), PAUSE_MS);
			else if (this.#outdated) this.#renew();
			else if (this.#now.signal.aborted && this.screen.state !== 'expired') this.#begin(() => (this.login ? this.#watch() : this.#start()));
		}, on);
		addEventListener('pagehide', () => this.#now.abort(), on);
		addEventListener('pageshow', (event) => event.persisted && this.again(), on);
		const beat = setInterval(() => this.screen.tick(), 1000);
		life.addEventListener('abort', () => {
			clearInterval(beat);
			this.#now.abort();
		});
	}
}
