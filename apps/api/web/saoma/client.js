// Calls of the service. No secret passes through here: poll token and session are HttpOnly cookies.

const CALL_MS = 15_000;

/** These mean that the login or the session is no more. */
const OVER = /^(login_unknown|login_closed|session_invalid)$/;

/** Why a call failed: the service's problem, or `offline`. What is `passing` may succeed later. */
export class Problem extends Error {
	constructor(answer, { ok, status, headers }) {
		const code = answer?.code ?? (status ? 'internal' : 'offline');
		super(code);
		const wait = Number(headers.get('Retry-After')) || 0;
		const passing = ok || !status || status === 429 || (status >= 500 && code !== 'wechat_refused');
		Object.assign(this, answer, { code, status, wait, passing });
	}

	/** Whether the login or the session is no more. */
	get isOver() {
		return OVER.test(this.code);
	}
}

export class Client {
	#base;

	/** `base` is where the service is mounted. */
	constructor(base) {
		this.#base = base;
	}

	get origin() {
		return this.#base.origin;
	}

	/** Returns the address of a page of the service. */
	page(path) {
		return new URL(path, this.#base).href;
	}

	url(path) {
		return this.page(`v1${path}`);
	}

	/** Returns the answer, `null` where a read finds nothing any more. An answer after `signal` was given up is dropped. */
	async ask(method, path, body, { signal, wait_s = 0 } = {}) {
		const json = body && new Blob([JSON.stringify(body)], { type: 'application/json' });
		const timeout = AbortSignal.timeout(CALL_MS + wait_s * 1000);
		const init = { method, body: json, credentials: 'include', signal: timeout };
		const response = await fetch(this.url(path), init).catch(() => Response.error());
		const answer = await response.json().catch(() => {});
		signal?.throwIfAborted();
		if (answer ? response.ok : response.status === 204) return answer;
		const problem = new Problem(answer, response);
		if (method === 'GET' && problem.isOver) return null;
		throw problem;
	}
}
