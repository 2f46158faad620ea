// Checks against machines: a proof of work that the browser does by itself, or a captcha.

/** So many numbers are hashed at once; between two rounds the page has its turn. */
const ROUND = 256;

/** Returns what goes with a call as `check`. The element's property `captcha` may show Alibaba Cloud's in another way. */
export async function solvedCheck(flow, given) {
	const { kind, challenge } = given?.kind ? given : await flow.client.ask('GET', '/check');
	if (kind === 'pow') return solve(challenge);
	if (kind !== 'aliyun') return;
	const show = flow.screen.host.captcha ?? (await import('./captcha.js')).shownCaptcha.bind(null, flow);
	return { captcha_verify_param: await show(challenge) };
}

/** Finds the number of which SHA-256(salt + number) is the challenge, in the form of ALTCHA. */
export async function solve({ algorithm, challenge, maxnumber, salt, signature }) {
	const encoder = new TextEncoder();
	const hash = async (number) => hex(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)));
	for (let first = 0; first <= maxnumber; first += ROUND) {
		const hashes = await Promise.all(Array.from({ length: ROUND }, (_, at) => hash(first + at)));
		const at = hashes.indexOf(challenge);
		if (at >= 0) return { algorithm, challenge, number: first + at, salt, signature };
		await new Promise((go) => setTimeout(go));
	}
	throw new Error('the challenge has no solution');
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
