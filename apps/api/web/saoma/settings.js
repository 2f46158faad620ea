// What the element's attributes ask for.

import { webAddress } from './dom.js';

/** The modules are served from a folder beside the API. */
const HERE = import.meta.url;

/** The login and the problem that the way back from WeChat adds to an address; elsewhere `error` is the page's. */
const returned = (isLoginPage) =>
	RegExp(`[?&](?:login=([\\w-]{32})|error=(denied|snapshot|\\w+_\\w+)${isLoginPage ? '' : '(?=&return_to=)'})(?=&|$)`);

export class Settings {
	#host;

	constructor(host) {
		this.#host = host;
	}

	#attr(name) {
		return this.#host.getAttribute(name) ?? undefined;
	}

	/** Where the service is mounted, with a slash at the end. */
	get api() {
		const given = this.#attr('api');
		return given ? new URL('.', new URL(given, location)) : new URL('..', HERE);
	}

	get app() {
		return this.#attr('app');
	}

	get purpose() {
		return this.#attr('purpose');
	}

	/** The channels that the site names; `null` where the service's own are offered. */
	get channels() {
		const named = this.#attr('channels') ?? this.#attr('channel') ?? 'auto';
		return named === 'auto' ? null : named.split(/[ ,]+/);
	}

	/** Whether the login is what the page is for. */
	get isLoginPage() {
		return this.#host.hasAttribute('focus');
	}

	/** Whether WeChat's own panel takes the place of the button that leads to WeChat's page. */
	get panel() {
		return this.#attr('panel');
	}

	/** Whether who is logged in already is to log in once more. */
	get isRenewal() {
		return this.#attr('renew') !== undefined;
	}

	get returnTo() {
		return webAddress(this.#attr('return-to'));
	}

	/** Where the person changes their account: a page of the service, beside its own login page. */
	get accountPage() {
		return this.isLoginPage && new URL('account', this.api).href;
	}

	/** Returns the login and the problem that the address names. */
	comeBack() {
		const [, id, error] = returned(this.isLoginPage).exec(location.search) ?? [];
		return { id, error };
	}

	/** Takes out of the address what the way back added. */
	clearAddress() {
		const { search, pathname, hash } = location;
		const rest = search.replace(returned(this.isLoginPage), '').replace(/^&/, '?');
		if (rest !== search) history.replaceState(history.state, '', pathname + rest + hash);
	}
}
