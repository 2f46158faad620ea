// <saoma-login>

import { LoginFlow } from './flow.js';
import { Screen } from './screen.js';
import { Settings } from './settings.js';

export class SaomaLogin extends HTMLElement {
	static observedAttributes = ['api', 'app', 'channel', 'channels', 'lang', 'panel', 'purpose'];
	#root = this.attachShadow({ mode: 'open' });
	#life;

	connectedCallback() {
		this.#life?.abort();
		this.#life = new AbortController();
		new LoginFlow(new Settings(this), new Screen(this, this.#root), this.#life.signal);
	}

	attributeChangedCallback() {
		if (this.isConnected) this.connectedCallback();
	}

	disconnectedCallback() {
		this.#life.abort();
	}
}
