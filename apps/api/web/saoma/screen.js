// The card: what is drawn in it, read out, and focused.

import { el, link } from './dom.js';
import { styles } from './styles.js';
import { filled, fitting, textsOf } from './texts.js';

export class Screen {
	/** The texts of the language, once they are loaded, and what the service says about its page. */
	#texts = {};
	page = {};
	state;

	constructor(host, root) {
		this.host = host;
		this.root = root;
		this.brand = el('slot', { name: 'logo' });
		this.tabs = el('div.tabs', { role: 'tablist', hidden: true });
		this.body = el('div.body');
		this.footer = el('slot', { name: 'footer' });
		this.card = el('section.card', {}, this.brand, this.tabs, this.body, this.footer);
		this.live = el('p.unseen', { role: 'status' });
		root.adoptedStyleSheets = [styles];
		root.replaceChildren(this.card, this.live);
	}

	/** Takes what the service says about its page, and loads the texts. `origin` is where its files are. */
	async prepare(page, origin) {
		const address = (text) => text && new URL(text, origin).href;
		const { terms_url, privacy_url, help_url } = page;
		page = { ...page, terms_url: address(terms_url), privacy_url: address(privacy_url), help_url: address(help_url) };
		this.page = page;
		const offered = page.languages?.map(({ tag }) => tag);
		this.language = fitting(this.host.closest('[lang]')?.lang || navigator.language, offered);
		const own = page.languages?.find(({ tag }) => tag === this.language)?.texts;
		const more = own && new URL(own, origin);
		this.#texts = await textsOf(this.language, more);
		this.#dress(page, origin);
	}

	/** Loads what few pages say; a site's own words stay. */
	async learn(texts) {
		const { default: more } = await (texts[this.language] ?? texts.en)();
		this.#texts = { ...more, ...this.#texts };
	}

	/** Puts on what the site has chosen. */
	#dress({ site_name: name, logo, logo_dark: dark, colors = {}, footer = [], terms_url, privacy_url, css }, origin) {
		const at = (path) => new URL(path, origin).href;
		const media = { dark: 'all', light: 'not all' }[this.host.getAttribute('theme')] ?? '(prefers-color-scheme: dark)';
		const picture = logo && el('picture', {}, dark && el('source', { srcset: at(dark), media }), el('img.logo', { src: at(logo), alt: '' }));
		this.brand.replaceChildren(...(name || logo ? [el('p.brand', {}, picture, name && el('span.site', {}, name))] : []));
		const { accent, accent_dark: accentDark = accent } = colors;
		if (accent) this.card.style.setProperty('--saoma-own', `light-dark(${accent}, ${accentDark})`);
		const legal = [link('legal', terms_url, this.t('terms')), link('legal', privacy_url, this.t('privacy'))];
		const lines = footer.map(({ text, url }) => link('legal', url, text) ?? el('span.legal', {}, text));
		const all = [...legal, ...lines].filter(Boolean);
		this.footer.replaceChildren(...(all.length ? [el('p.footer', {}, all)] : []));
		const sheet = css && el('link', { rel: 'stylesheet', href: new URL(css, origin) });
		this.root.querySelector('link')?.remove();
		if (sheet) this.root.append(sheet);
	}

	/** Returns a text with its gaps filled. */
	t(key, values = {}) {
		return filled(this.host.texts?.[key] ?? this.#texts[key] ?? this.#texts.internal ?? '', values);
	}

	/** Returns whether there is such a text. */
	has(key) {
		return (this.host.texts?.[key] ?? this.#texts[key]) !== undefined;
	}

	/** Makes an element with a text. */
	p(name, key, values) {
		return el(name, {}, this.t(key, values));
	}

	button(kind, key, onclick) {
		return el(`button.button.${kind}`, { type: 'button', onclick }, this.t(key));
	}

	/** Draws a state, reads it out, and tells the page. Who was at something that is gone is brought to what leads on. */
	show(state, detail, ...nodes) {
		const wasInside = this.body.contains(this.root.activeElement);
		const isCalled = this.host.hasAttribute('focus') || (this.state === 'loop' && state === 'unregistered');
		this.state = state;
		this.card.lang = this.live.lang = this.language ?? '';
		this.body.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
		const title = this.body.querySelector('h2');
		if (title) Object.assign(title, { tabIndex: -1, part: 'title' });
		const target = this.body.querySelector('input, .main');
		if (wasInside || (isCalled && target && document.activeElement === document.body)) {
			(target ?? title)?.focus({ preventScroll: !wasInside });
		}
		this.live.textContent = this.joined([...this.body.querySelectorAll('h2, .text')].map((node) => node.textContent));
		this.fire('state', { ...detail, state });
	}

	/** Puts sentences one after the other. */
	joined(sentences) {
		return sentences.join(this.language?.startsWith('zh') ? '。' : '. ');
	}

	/** Tells the page; returns whether it has nothing against what follows. */
	fire(name, detail) {
		return this.host.dispatchEvent(new CustomEvent(`saoma:${name}`, { detail, bubbles: true, cancelable: true }));
	}

	/** Makes an element that says `key` with the time left, then `end`. */
	timer(until, key, end = key, node = el('p.quiet', { role: 'timer' })) {
		return this.#tick(Object.assign(node, { until, key, end }));
	}

	/** Draws every countdown anew. */
	tick() {
		for (const node of this.card.querySelectorAll('[role=timer], .send')) if (node.key) this.#tick(node);
	}

	#tick(node) {
		const left = Math.max(0, Math.ceil((node.until - Date.now()) / 1000));
		const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
		node.textContent = this.t(left ? node.key : node.end, { time });
		if (!left) node.ariaDisabled = null;
		return node;
	}

	/** Makes help that shows itself at a time. */
	helpAt(at, title, ...items) {
		const more = link('more', this.page.help_url, this.t('help_more'));
		const help = el('details.help', {}, this.p('summary', title), el('ul', {}, items.map((key) => this.p('li', key))), more);
		const wait = at - Date.now();
		help.hidden = wait > 0;
		if (help.hidden) setTimeout(() => (help.hidden = false), wait);
		return el('slot', { name: 'help' }, help);
	}
}
