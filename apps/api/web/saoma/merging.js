// Two accounts of one person become one: the other one is proven, what would happen is shown, and there is a way back.

import { el } from './dom.js';
import { code, drawn } from './views/scan.js';
import { stream } from './waiting.js';

/** What moves, in the words of the texts. */
const PARTS = {
	identity: 'part_identity', phone: 'part_phone', external_id: 'part_external_id', attributes: 'part_attributes',
	nickname: 'part_nickname', avatar_url: 'part_avatar_url',
};

export class Merging {
	/** `account` is the other one with the `ways` to prove it, as far as it is known; `proof` a number and its code that were just given. */
	constructor(flow, account, proof) {
		this.flow = flow;
		this.account = account;
		if (proof) this.#preview('/session/merge', proof);
		else this.#offer();
	}

	#show(...nodes) {
		this.flow.screen.show('account', {}, ...nodes, this.flow.screen.button('cancel', 'back', () => this.flow.refresh()));
	}

	/** Asks by which way the other account is proven. */
	#offer() {
		const { screen } = this.flow;
		const { ways } = this.account;
		this.#show(
			screen.p('h2', 'merge_title'), screen.p('p.text', 'merge_why'),
			ways.includes('scan') && screen.button('main', 'merge_scan', () => this.#scan()),
			ways.includes('sms') && screen.button('add', 'merge_sms', () => this.#number()),
		);
	}

	async #number() {
		const { flow } = this;
		const steps = {
			send: (phone) => flow.guarded(flow.ask('POST', '/session/sms-codes', { phone }), () => this.#number()),
			confirm: async (phone, sms) => ({ phone, code: sms }),
			confirmKey: 'merge_next',
			words: ['merge_sms', 'merge_sms_why'],
		};
		flow.screen.show('account', {}, await flow.numberForm(steps, (proof) => this.#preview('/session/merge', proof)));
	}

	/** Lets the other WeChat scan. The session that it would get is not taken: it would be the other account's. */
	async #scan() {
		const { flow } = this;
		const { screen } = flow;
		const stop = new AbortController();
		try {
			const answer = await flow.ask('POST', '/logins', { channel: 'official_account' });
			const path = `/logins/${answer.id}`;
			const login = { ...drawn(answer.qr), until: Date.now() + answer.expires_in * 1000 };
			const leave = () => {
				stop.abort();
				flow.ask('DELETE', path).catch(() => {});
				flow.refresh();
			};
			screen.show('account', {}, screen.p('h2', 'merge_scan'), code({ screen, login }), screen.timer(login.until, 'left'), screen.button('cancel', 'back', leave));
			const last = await this.#ended(path, login.until, stop.signal);
			if (stop.signal.aborted) return;
			if (last?.state === 'registered') return this.#preview(`${path}/merge`, {});
			if (last?.state === 'unregistered') flow.ask('DELETE', path).catch(() => {});
			flow.refused({ code: last?.state === 'unregistered' ? 'merge_none' : 'timeout' });
		} catch (problem) {
			flow.refused(problem, () => this.#scan());
		}
	}

	/** Returns how the login stands once it waits no more. */
	async #ended(path, until, signal) {
		let last;
		while (!signal.aborted && (!last || last.state === 'loop') && Date.now() < until) {
			const done = new AbortController();
			signal.addEventListener('abort', () => done.abort());
			const take = (next) => {
				last = next;
				if (next.state !== 'loop') done.abort();
			};
			await stream(this.flow.client.url(`${path}/events`), take, done.signal);
		}
		return last;
	}

	/** Shows what moves and what does not, and asks. */
	async #preview(path, proof) {
		const { flow } = this;
		const { screen } = flow;
		const call = (more) => flow.ask('POST', path, { ...proof, ...more });
		const list = (title, parts) => parts.length > 0 && [screen.p('h3', title), el('ul.steps', {}, parts.map(({ what }) => screen.p('li', PARTS[what] ?? 'part_attributes')))];
		try {
			const { account, moves, clashes } = await call({ dry_run: true });
			this.#show(
				screen.p('h2', 'merge_title'), account?.phone && screen.p('p.text', 'merge_other', { phone: account.phone }),
				list('merge_moves', moves), list('merge_clashes', clashes),
				screen.button('main', 'merge_done', () => flow.change(async () => (this.id = (await call()).id), 'merged').then(() => this.#undo())),
			);
		} catch (problem) {
			// A number alone says nothing of an account that has another WeChat.
			if (problem.code === 'scan_required' && proof.phone) this.#scan();
			else flow.refused(problem, () => this.#preview(path, proof));
		}
	}

	/** Offers the way back beside what was just done. */
	#undo() {
		const { flow, id } = this;
		const said = flow.screen.body.querySelector('.done');
		if (id) said?.append(' ', flow.screen.button('small', 'undo', () => flow.change(() => flow.ask('POST', `/session/merges/${id}/undo`), 'undone')));
	}
}
