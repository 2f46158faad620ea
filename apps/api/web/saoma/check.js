// Checks against machines: a proof of work that the browser does by itself, in the form of ALTCHA.

const BATCH = 2_000;

/** Returns what goes with a call as `check`. */
export async function solvedCheck(client, kind, challenge) {
	const asked = challenge ?? (await client.ask('GET', '/check')).challenge;
	return solve(asked);
}

/** Finds the number whose hash behind the salt is the challenge. */
async function solve({ algorithm = 'SHA-256', challenge, salt, signature, maxnumber = 1_000_000 }) {
	const began = performance.now();
	const encoder = new TextEncoder();
	const hash = async (number) => hex(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)));
	for (let first = 0; first <= maxnumber; first += BATCH) {
		const numbers = Array.from({ length: BATCH }, (_, place) => first + place);
		const hashes = await Promise.all(numbers.map(hash));
		const place = hashes.indexOf(challenge);
		if (place >= 0) {
			const took = Math.round(performance.now() - began);
			return btoa(JSON.stringify({ algorithm, challenge, number: first + place, salt, signature, took }));
		}
	}
	return '';
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
