// The three ways to wait for a change of a login: a stream, long polls where streams fail, plain polls where the
// service is crowded.

const LONG_POLL_S = 25;
const PLAIN_POLL_MS = 2_000;
const SILENCE_MS = 5_000;

/** Waits for a time, but not longer than until the browser is online again. */
export const sleep = (ms, signal) =>
	new Promise((done) => {
		setTimeout(done, ms);
		addEventListener('online', done, { signal });
		signal.addEventListener('abort', done);
	});

/** Tells `take` each event of a stream. Returns whether there was one. */
export const stream = (url, take, signal) =>
	new Promise((resolve) => {
		const source = new EventSource(url, { withCredentials: true });
		let works = false;
		const end = () => resolve(works, source.close());
		let timer = setTimeout(end, SILENCE_MS);
		signal.addEventListener('abort', end);
		source.onerror = end;
		addEventListener('offline', end, { signal });
		source.addEventListener('state', ({ data }) => {
			const answer = JSON.parse(data);
			works = true;
			clearTimeout(timer);
			timer = setTimeout(end, answer.expires_in * 1000 + SILENCE_MS);
			take(answer);
		});
	});

export class Waiting {
	#client;
	#streams = true;

	constructor(client) {
		this.#client = client;
	}

	/**
	 * Tells `take` how a login changes, until `signal` says stop; `take` returns whether it was news. `failing` says that
	 * the last call failed, and `version` what is known. Returns when the login is no more.
	 */
	async follow(path, { take, failing, version }, signal) {
		while (!signal.aborted) {
			if (this.#streams && !failing()) {
				this.#streams = await stream(this.#client.url(`${path}/events`), take, signal);
			}
			if (signal.aborted) return;
			const wait_s = this.#streams || failing() ? 0 : LONG_POLL_S;
			const query = `?wait=${wait_s}&since=${version()}`;
			const next = await this.#client.ask('GET', path + query, null, { signal, wait_s });
			if (!next) return;
			if (!take(next)) await sleep(PLAIN_POLL_MS, signal);
		}
	}
}
