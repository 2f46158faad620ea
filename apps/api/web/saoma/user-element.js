// <saoma-user>: the account of who is logged in.

import { AccountFlow } from './account.js';
import { Screen } from './screen.js';
import { Settings } from './settings.js';

export class SaomaUser extends HTMLElement {
	static observedAttributes = ['api', 'lang'];
	#root = this.attachShadow({ mode: 'open' });
	#life;

	connectedCallback() {
		this.#life?.abort();
		this.#life = new AbortController();
		new AccountFlow(new Settings(this), new Screen(this, this.#root), this.#life.signal);
	}

	attributeChangedCallback() {
		if (this.isConnected) this.connectedCallback();
	}

	disconnectedCallback() {
		this.#life.abort();
	}
}
