// Calls of this service from the page. What an answer says of a login is kept in memory for the next calls; nothing is
// stored, and a browser's poll token and session are cookies that no script sees.

import { el } from './dom.js';
import { shown } from './schema.js';

/** The parts of an answer that the next call needs. */
const KEPT = ['id', 'poll_token'];

export class Tries {
	#base;
	#t;
	#forms = 0;
	/** What the last login said, and the fields that take it. */
	#login = {};
	#fields = { id: [], poll_token: [] };

	constructor(base, t) {
		this.#base = base;
		this.#t = t;
	}

	/** Makes the form of an operation. */
	form({ path, method, operation }, body) {
		const t = this.#t;
		const parameters = (operation.parameters ?? []).filter(({ in: place }) => place !== 'cookie');
		const inputs = parameters.map((each) => ({ ...each, field: this.#field(each.name, each.required, path) }));
		const token = operation.security && this.#field('poll_token', false, path, t('token'));
		const text = body && el('textarea', { value: shown(body.value), rows: Math.min(14, shown(body.value).split('\n').length + 1), spellcheck: false, ariaLabel: t('body') });
		const out = el('div.answered', { role: 'status' });
		const send = el('button', {}, t('send'));
		const call = async (event) => {
			event.preventDefault();
			out.replaceChildren(el('p.quiet', {}, t('sending')));
			const url = this.#address(path, inputs);
			const headers = {};
			if (token?.input.value) headers.Authorization = `Bearer ${token.input.value.trim()}`;
			for (const { in: place, name, field } of inputs) if (place === 'header' && field.input.value) headers[name] = field.input.value;
			if (text) headers['Content-Type'] = body.kind;
			const content = text && (body.kind.endsWith('form-urlencoded') ? new URLSearchParams(JSON.parse(text.value)) : text.value);
			const given = new AbortController();
			const began = performance.now();
			try {
				const answer = await fetch(url, { method: method.toUpperCase(), headers, body: content, redirect: 'manual', signal: given.signal });
				await this.#show(out, answer, Math.round(performance.now() - began), given);
			} catch (error) {
				if (error.name !== 'AbortError') out.replaceChildren(el('p', {}, `${t('no_answer')}: ${error.message}`));
			}
		};
		return el('form', { onsubmit: call, autocomplete: 'off' },
			el('p.quiet', {}, t('try_why')),
			inputs.map(({ field }) => field.label), token?.label, text, send, out);
	}

	/** Makes an input with its label. Those of the last login are filled in. */
	#field(name, required, path, words = name) {
		const isOfLogin = name === 'poll_token' || (name === 'id' && path.startsWith('/v1/logins/'));
		const input = el('input', {
			id: `try-${++this.#forms}`, required: Boolean(required), autocomplete: 'off', spellcheck: false,
			type: name === 'poll_token' ? 'password' : 'text', value: (isOfLogin && this.#login[name]) || '',
		});
		if (isOfLogin) this.#fields[name].push(input);
		return { input, label: el('label', { htmlFor: input.id }, el('span', {}, words), input) };
	}

	#address(path, inputs) {
		const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(inputs.find((each) => each.name === name)?.field.input.value ?? ''));
		const url = new URL(filled.slice(1), this.#base);
		for (const { in: place, name, field } of inputs) if (place === 'query' && field.input.value) url.searchParams.set(name, field.input.value);
		return url;
	}

	async #show(out, answer, ms, given) {
		const t = this.#t;
		const status = answer.type === 'opaqueredirect' ? '3xx' : answer.status;
		const line = el('p', {}, t('answered').replace('{status}', status).replace('{ms}', ms));
		const pre = el('pre', { tabIndex: 0 });
		const kind = answer.headers.get('Content-Type') ?? '';
		if (kind.startsWith('text/event-stream')) {
			const stop = el('button', { type: 'button', onclick: () => given.abort() }, t('stop'));
			out.replaceChildren(line, pre, stop);
			const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
			for (let read = await reader.read(); !read.done; read = await reader.read()) pre.append(read.value);
			return stop.remove();
		}
		const text = await answer.text();
		const json = kind.includes('json') && JSON.parse(text);
		pre.append(json ? JSON.stringify(json, null, 2) : text);
		out.replaceChildren(line, ...this.#code(json), text && pre);
		if (json.poll_token) this.#keep(json, line);
	}

	/** Shows the QR code of an answer, or the digits to send to the account. */
	#code({ qr } = {}) {
		const t = this.#t;
		if (qr?.message) return [el('p', {}, t('send_here'), ' ', el('strong', {}, qr.message.code))];
		if (!qr?.svg && !qr?.png) return [];
		const src = qr.png ? `data:image/png;base64,${qr.png}` : `data:image/svg+xml,${encodeURIComponent(qr.svg)}`;
		const phone = new URL('/', qr.image_url);
		const isReal = phone.hostname.endsWith('.qq.com');
		return [el('p', {}, t('scan_here'), ' ', !isReal && el('a', { href: phone.href, target: '_blank', rel: 'noopener' }, t('phone'))), el('img.qr', { src, alt: 'QR' })];
	}

	#keep(answer, line) {
		for (const name of KEPT) {
			this.#login[name] = answer[name];
			for (const input of this.#fields[name]) input.value = answer[name];
		}
		line.after(el('p.quiet', {}, this.#t('kept')));
	}
}
