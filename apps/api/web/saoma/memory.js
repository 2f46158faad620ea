// What a reload comes back to, and the way in that was taken last. No secret: the poll token is a cookie.

/** Returns a storage of the browser, or an object where it is blocked. */
function storage(name) {
	try {
		return globalThis[name] ?? {};
	} catch {
		return {};
	}
}

const tab = storage('sessionStorage');
const browser = storage('localStorage');
const LAST_WAY = 'saoma_way';

function read(text) {
	try {
		return JSON.parse(text ?? null);
	} catch {
		return null;
	}
}

export class Memory {
	#slot;

	/** Keeps the logins of each app and purpose apart. */
	constructor(app, purpose) {
		this.#slot = `saoma_login ${[app, purpose]}`;
	}

	/** The login of this tab, as `{id, picture}`; `{}` after one that ended, `null` before the first. */
	get login() {
		return read(tab[this.#slot]);
	}

	set login(login) {
		put(tab, this.#slot, JSON.stringify(login));
	}

	get way() {
		return browser[LAST_WAY];
	}

	set way(way) {
		put(browser, LAST_WAY, way);
	}
}

function put(store, key, value) {
	try {
		store[key] = value;
	} catch {
		// It is full: the page works without it.
	}
}
