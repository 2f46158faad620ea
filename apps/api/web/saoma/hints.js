// What a site has to change, said on the console of who builds it.

const told = new Set();

function tell(text) {
	if (!told.has(text)) console.warn(`<saoma-login>: ${text}`);
	told.add(text);
}

/** Why the service cannot be reached: it is away, the page's policy is too narrow, or the page's origin is not allowed. */
export async function service(client) {
	const address = client.url('/session');
	if (client.origin === location.origin || !navigator.onLine) return;
	if (client.origin === 'null') return tell('the attribute `api` has to say where the service is: api="https://login.example.com/".');
	let blocked = false;
	const see = ({ effectiveDirective }) => (blocked ||= effectiveDirective === 'connect-src');
	addEventListener('securitypolicyviolation', see);
	const isThere = await fetch(address, { mode: 'no-cors' }).then(() => true, () => false);
	removeEventListener('securitypolicyviolation', see);
	if (blocked) tell(`the page's Content-Security-Policy keeps it from the service: add ${client.origin} to connect-src.`);
	else if (isThere) tell(`the service at ${client.origin} does not know this page: add "${location.origin}" to server.allowed_origins.`);
}

/** Why a login that was made is not known any more: its cookie did not come. */
export function cookies(client) {
	const isElsewhere = client.origin !== location.origin;
	tell(
		isElsewhere
			? `no cookie of the service comes along. Its cookies are SameSite=Lax: page (${location.origin}) and service (${client.origin}) have to be of one site, and the browser has to allow cookies.`
			: 'no cookie of the service comes along: the browser does not allow cookies here.',
	);
}
