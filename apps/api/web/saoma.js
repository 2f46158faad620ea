// <saoma-login>: login with WeChat as a web component; README.md tells how to use and style it.
// The poll token and the session are HttpOnly cookies: no secret passes through here.

// ── Texts: English|Chinese, with `{gaps}`; problems and ends go by their code. ──

const TEXTS = {
	title: 'WeChat login|微信登录',
	loading: 'One moment…|请稍候…',
	qr: 'QR code|二维码',
	scan: 'Scan with WeChat|打开微信扫一扫',
	follow: 'New here? Then tap Follow.|首次登录，请点击“关注”',
	left: 'Time left: {time}|剩余时间 {time}',
	scanned: 'Scanned|扫描成功',
	confirm: 'Confirm on your phone|请在手机上确认登录',
	door: 'Log in with WeChat|使用微信账号登录',
	phone_title: 'Your phone number|绑定手机号',
	phone_why: 'First time here? Confirm your number to finish.|首次登录，请验证手机号',
	country: 'Country code|国家或地区代码',
	phone: 'Phone number|手机号',
	code: 'SMS code|短信验证码',
	send: 'Send code|获取验证码',
	resend: 'Again in {time}|{time} 后重发',
	sent: 'Code sent to {phone}|验证码已发送至 {phone}',
	log_in: 'Log in|登录',
	cancel: 'Cancel|取消',
	welcome: 'You are logged in|登录成功',
	not_you: 'Not you? Log out and scan with your own WeChat.|不是你？请退出后用自己的微信扫码',
	log_out: 'Log out|退出登录',
	go_on: 'Continue|继续',
	retry: 'Try again|重试',
	retry_in: 'Trying again in {time}|{time} 后重试',
	reference: 'Reference: {id}|编号：{id}',
	timeout: 'Time is up|二维码已过期',
	cancelled: 'The login was cancelled|登录已取消',
	denied: 'You refused the login|你已拒绝登录',
	lost: 'This login is over. Please allow cookies.|本次登录已失效，请允许使用 Cookie',
	offline: 'No connection to the server|无法连接服务器',
	internal: 'The server has a problem|服务器出现问题',
	wechat_unavailable: 'WeChat does not answer|微信暂时没有响应',
	wechat_refused: 'WeChat refuses this site. Its operator can help.|微信拒绝了请求，请联系网站管理员',
	wechat_code_invalid: 'WeChat’s confirmation is no longer valid|微信授权已失效',
	snapshot: 'Open the full page in WeChat to log in|请在微信中“使用完整服务”后登录',
	app_unknown: 'WeChat login is not set up here|本网站尚未开通微信登录',
	account_disabled: 'This account is blocked|该账号已被停用',
	rate_limited: 'Too many tries|操作过于频繁',
	phone_invalid: 'Please check the phone number|手机号无效，请检查',
	phone_taken: 'This number belongs to another WeChat|该手机号已绑定其他微信',
	sms_code_wrong: 'Wrong code. Tries left: {left}|验证码错误，还可以尝试 {left} 次',
	sms_code_expired: 'The code is no longer valid. Send a new one.|验证码已失效，请重新获取',
	sms_unavailable: 'The SMS could not be sent|短信发送失败，请重试',
};

// ── Looks ──

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host {
	--saoma-card: light-dark(#fff, #1e1e1e); --saoma-text: light-dark(#1a1a1a, #ededed);
	--saoma-quiet: light-dark(#646a73, #a0a0a0); --saoma-soft: light-dark(#eceef0, #2e2e2e);
	--saoma-button: light-dark(#067d40, #07c160); --saoma-on-button: light-dark(#fff, #04210f);
	--saoma-accent: #07c160; --saoma-bad: light-dark(#c8302b, #ff7b72); --saoma-radius: 1em;
	color-scheme: light dark; display: block; max-width: 23em;
	font: 1rem/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
* { box-sizing: border-box; margin: 0; }
.card, .form { display: flex; flex-direction: column; gap: 1em; width: 100%; }
.card {
	align-items: center; justify-content: center; min-height: 29.5em; padding: 2em clamp(1em, 8%, 2.25em);
	border-radius: var(--saoma-radius); background: var(--saoma-card); box-shadow: 0 12px 40px #00000014;
	color: var(--saoma-text); text-align: center; text-wrap: balance;
}
h2 { font-size: 1.25em; outline: 0; }
.quiet, ::placeholder, [aria-disabled] { color: var(--saoma-quiet); opacity: 1; }
.quiet { font-size: .875em; font-variant-numeric: tabular-nums; }
.unseen { position: absolute; clip-path: inset(50%); }
.qr { position: relative; width: min(15em, 100%); aspect-ratio: 1; border-radius: .75em; overflow: hidden; background: #fff; }
.code { width: 100%; }
.scanned .code { opacity: .1; }
.scanned .sign { position: absolute; inset: 0; margin: auto; }
.bone { width: 9em; min-height: 1.75em; border-radius: .75em; background: var(--saoma-soft); animation: 1.6s breathe infinite alternate; }
@keyframes breathe { to { opacity: .5; } }
.sign { width: 4rem; height: 4rem; border-radius: 50%; background: var(--saoma-accent); color: #fff; font: 600 2.5rem/4rem sans-serif; }
.sign::before { content: "✓" / ""; }
.alert { background: #d98a00; }
.alert::before { content: "!" / ""; }
.button, input { min-height: 2.75em; padding: .5em .75em; border: 1px solid #0000; border-radius: .5em; font: inherit; color: inherit; }
.button { width: 100%; background: var(--saoma-soft); text-decoration: none; cursor: pointer; }
.main { background: var(--saoma-button); color: var(--saoma-on-button); font-weight: 600; }
.send { width: auto; flex: none; }
:focus-visible { outline: 2px solid var(--saoma-button); outline-offset: 2px; }
.row { display: flex; gap: .5em; }
input { flex: 1; min-width: 0; border-color: var(--saoma-quiet); background: none; }
input[size] { flex: none; width: 4.5em; }
.told { min-height: 1.5em; text-align: start; }
.wrong { color: var(--saoma-bad); }
[aria-invalid] { border-color: var(--saoma-bad); }
.notice { width: 100%; padding: .75em; border-radius: .5em; background: var(--saoma-soft); }
@media (prefers-reduced-motion) { * { animation: none; } }
`);

// `el('p.quiet', {…}, …)`: an element whose classes are its parts; functions listen, data enters as text only.
function el(name, properties = {}, ...children) {
	const [tag, ...kinds] = name.split('.');
	const node = document.createElement(tag);
	node.className = node.part = kinds.join(' ');
	for (const [key, value] of Object.entries(properties)) {
		if (typeof value === 'function') node.addEventListener(key, value);
		else if (key in node) node[key] = value;
		else node.setAttribute(key, value);
	}
	node.append(...children);
	return node;
}

// ── The API ──

const CALL_MS = 15_000;
const LONG_POLL_S = 25;
// The pace where the server answers long polls at once, as it does when too many are waiting.
const PLAIN_POLL_MS = 2_000;
// A stream that is silent for so long is given up: at its begin, and after the login's deadline.
const SILENCE_MS = 5_000;

// Why a call failed: `code` is the API's word for it, or `offline` when there was no answer.
const problem = (code, status = 0, body = {}, wait = 0) => Object.assign(new Error(code), {
	code, status, wait, left: body.attempts_left, id: body.request_id,
	// The same call may well succeed later.
	passing: !status || status === 429 || (status >= 500 && code !== 'wechat_refused'),
});

// What `use` returns, or null: for a text that is no JSON, and for a tab whose storage is off.
function attempt(use) {
	try {
		return use();
	} catch {
		return null;
	}
}

async function call(signal, method, url, body, ms = CALL_MS) {
	const init = { method, credentials: 'include', cache: 'no-store', signal: AbortSignal.timeout(ms) };
	if (body) Object.assign(init, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	const response = await fetch(url, init).catch(() => {});
	const text = await response?.text().catch(() => {});
	if (text === undefined || signal.aborted) throw problem('offline');
	const answer = attempt(() => JSON.parse(text));
	const { ok, status, headers } = response;
	if (ok && (answer || !text)) return answer;
	throw problem(answer?.code ?? 'internal', ok ? 500 : status, answer ?? {}, Number(headers.get('Retry-After')));
}

// Tells `take` each event, to the stream's end. True when there was one.
const stream = (signal, url, take) => new Promise((resolve) => {
	const source = new EventSource(url, { withCredentials: true });
	let works = false;
	const end = () => resolve(works, source.close());
	let timer = setTimeout(end, SILENCE_MS);
	signal.addEventListener('abort', end);
	source.onerror = end;
	source.addEventListener('state', ({ data }) => {
		const answer = JSON.parse(data);
		works = true;
		clearTimeout(timer);
		timer = setTimeout(end, answer.expires_in * 1000 + SILENCE_MS);
		take(answer);
	});
});

// Waits; ends early when the network comes back or `signal` aborts.
const sleep = (ms, signal) => new Promise((done) => {
	setTimeout(done, ms);
	addEventListener('online', done, { signal });
	signal.addEventListener('abort', done);
});

// Lets the problems pass that are of this kind.
const unless = (kind) => (problem) => kind(problem) ? null : Promise.reject(problem);
// The login is unknown, closed or elsewhere by now.
const isOver = ({ code }) => code.startsWith('login_');

// ── One element ──

const RENEWALS = 4;
const HIDDEN_PAUSE_MS = 300_000;
// What WeChat's pages come back with; any other words in the address belong to the page.
const RETURNED = /[?&](?:login=([\w-]{39})|error=(denied|snapshot|wechat_\w+))(?=&|$)/;

function run(host, root, life) {
	const card = el('section.card');
	const live = el('p.unseen', { role: 'status' });
	// What is being done; aborting it ends its stream and its waiting, and nothing comes of its calls.
	let now = new AbortController();
	// The login that is waited for, as {path, svg, answer, until}.
	let login;
	let state;
	let failures = 0;
	let renewals = 0;
	let outdated;
	let streams = true;

	// Does `work` in place of what was being done, and again after a while when it fails in passing.
	async function begin(work) {
		now.abort();
		const { signal } = (now = new AbortController());
		await null; // Attributes that are set one after the other begin it once.
		while (!signal.aborted) {
			try {
				return await work(signal);
			} catch (problem) {
				if (signal.aborted) return;
				const wait = Math.min(30, 2 ** failures++) * (750 + Math.random() * 500);
				const until = problem.passing && Date.now() + Math.max(wait, problem.wait * 1000);
				trouble(problem, until);
				if (!until) return;
				await sleep(until - Date.now(), signal);
			}
		}
	}

	function again(work = start) {
		show('loading', [p('h2', 'title'), el('div.qr.bone'), el('div.bone'), p('p.text.unseen', 'loading')]);
		begin(work);
	}

	// The login that the address names or that was there before a reload, else the session, else a new login.
	async function start() {
		const [, id, error] = RETURNED.exec(location.search) ?? [];
		const before = kept();
		const known = id && id !== before?.id ? { id } : before;
		if (known?.id && !error && (await resume(known))) return;
		const inside = offers('in_wechat') && navigator.userAgent.includes('MicroMessenger');
		const scan = offers('official_account') && !inside;
		// At once, so that the first code is there after one round trip.
		const early = scan && !before && !error && create().catch((problem) => problem);
		const who = await session();
		const fresh = await early;
		if (who) {
			if (fresh?.id) ask('DELETE', `/logins/${fresh.id}`).catch(() => {});
			account(who);
		} else if (error) end(error);
		else if (scan) await follow(fresh || (await create()));
		else if (inside && !before) door('in_wechat').click();
		else show('door', [p('h2', 'title'), door(inside ? 'in_wechat' : 'website')]);
	}

	const create = () => ask('POST', '/logins', { channel: 'official_account', app: attr('app'), purpose: attr('purpose') });
	const session = () => ask('GET', '/session').catch(unless(({ status }) => status === 401));

	// Goes on with a login that was begun before. False when it is over, or when its QR code is not known here.
	async function resume({ id, svg }) {
		const answer = await ask('GET', `/logins/${id}`).catch(unless(isOver));
		if (!answer || answer.state === 'expired' || (answer.state === 'loop' && !svg)) return false;
		await follow(answer, svg);
		return true;
	}

	async function follow(answer, svg = answer.qr?.svg) {
		if (answer.code) throw answer;
		if (answer.qr) keep({ id: answer.id, svg });
		login = { path: `/logins/${answer.id}`, svg };
		take(answer);
		await watch(now.signal);
	}

	// Waits for what becomes of the login: by server-sent events, else by long polls.
	async function watch(signal) {
		while (!signal.aborted) {
			const { path, answer, until } = login;
			if (streams && !failures) streams = await stream(signal, url(`${path}/events`), take);
			if (signal.aborted) return;
			const asked = Date.now();
			const wait = streams || failures ? 0 : LONG_POLL_S;
			const query = wait ? `?wait=${wait}&since=${answer.version}` : '';
			const next = await ask('GET', path + query, null, CALL_MS + wait * 1000).catch(unless(isOver));
			if (!next) end(Date.now() < until ? 'lost' : 'timeout');
			else if (!take(next) && Date.now() - asked < PLAIN_POLL_MS) await sleep(PLAIN_POLL_MS, signal);
		}
	}

	// Moves on to where the login is by now. False when that is no news.
	function take(answer) {
		card.querySelector('.notice')?.remove();
		failures = 0;
		if (answer.version <= login.answer?.version) return false;
		Object.assign(login, { answer, until: Date.now() + answer.expires_in * 1000 });
		if (answer.state === 'registered') finish();
		else if (answer.state === 'expired') end(answer.reason);
		else if (answer.state === 'loop') loop();
		else phone();
		return true;
	}

	// Fetches the session: only an answer to a call can set its cookie, a stream cannot.
	function finish() {
		const { path } = login;
		login = null;
		begin(async () => {
			// It may have handed over its session before; if not here, this login is lost.
			await ask('GET', path).catch(unless(isOver));
			const who = await session();
			if (who) account(who, true);
			else end('lost');
		});
	}

	// Ends a login that brings no session. A code that nobody scanned is renewed while somebody may be looking.
	function end(reason) {
		outdated = reason === 'timeout' && state === 'loop' && renewals < RENEWALS;
		now.abort();
		login = null;
		keep(null);
		if (outdated && !document.hidden) return renew();
		show('expired', [el('div.sign.alert'), p('h2', reason), retry()], { reason });
	}

	function renew() {
		outdated = false;
		renewals += 1;
		again(async () => follow(await create()));
	}

	// ── Where things are ──

	const attr = (name) => host.getAttribute(name) ?? undefined;
	const url = (path) => new URL(attr('api') ?? import.meta.url, location.href).origin + `/v1${path}`;
	const ask = (method, path, body, ms) => call(now.signal, method, url(path), body, ms);
	const offers = (channel) => (attr('channels') ?? attr('channel') ?? 'official_account')
		.replace('auto', 'official_account in_wechat').includes(channel);

	// Where to go after the login.
	function returnTo() {
		const { href, protocol } = el('a', { href: attr('return-to') ?? kept()?.to ?? '' });
		return /^https?:$/.test(protocol) ? href : '';
	}

	// The id and the picture of a login are no secrets; they bring a reloaded page back to the same code.
	const kept = () => attempt(() => JSON.parse(sessionStorage.saoma_login));

	function keep(what) {
		attempt(() => (sessionStorage.saoma_login = JSON.stringify(what)));
		if (RETURNED.test(location.search)) history.replaceState(history.state, '', location.href.replace(RETURNED, ''));
	}

	// ── Views ──

	const language = () => host.closest('[lang]')?.lang || navigator.language;

	function t(key, values = {}) {
		const words = host.texts?.[key] ?? (TEXTS[key] ?? TEXTS.internal).split('|')[Number(/^zh/i.test(language()))];
		return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
	}

	const p = (name, key, values) => el(name, {}, t(key, values));
	const button = (kind, key, click) => el(`button.button.${kind}`, { type: 'button', click }, t(key));
	const retry = () => button('main', 'retry', () => again(start, (renewals = 0)));

	// The way to WeChat's own page, and back. With a QR code beside it, `app` is the account of the code.
	function door(channel) {
		const to = returnTo();
		const query = new URLSearchParams({ channel, return_to: (to || location.href).replace(url('').replace('v1', ''), '/') });
		if (attr('app') && (channel !== 'website' || !offers('official_account'))) query.set('app', attr('app'));
		return el('a.button.door', { href: url(`/oauth/authorize?${query}`), click: () => keep({ to }) }, t('door'));
	}

	// Draws a state and reads it out. Takes the focus only from itself or from nowhere: other fields keep it.
	function show(next, nodes, detail = login?.answer) {
		const at = host.getRootNode().activeElement;
		state = next;
		card.lang = live.lang = language();
		card.ariaBusy = state === 'loading';
		card.replaceChildren(...nodes);
		const target = card.querySelector('.first, .main');
		const title = card.querySelector('h2');
		title.tabIndex = -1;
		if (at === host || (target && (!at || at === document.body))) (target ?? title).focus();
		say([...card.querySelectorAll('h2, .text')].map((node) => node.textContent).join('. '));
		fire('state', { ...detail, state });
	}

	function say(words) {
		if (live.textContent !== words) live.textContent = words;
	}

	const fire = (name, detail) =>
		host.dispatchEvent(new CustomEvent(`saoma:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));

	// A node that says `key` with the time left, each second, and `end` then.
	const timer = (until, key, end = key, node = el('p.quiet', { role: 'timer' })) => tick(Object.assign(node, { until, key, end }));

	function tick(node) {
		const left = Math.max(0, Math.ceil((node.until - Date.now()) / 1000));
		const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
		node.textContent = t(left ? node.key : node.end, { time });
		if (!left) node.ariaDisabled = null;
		return node;
	}

	// The QR code; dimmed once it was scanned and the phone has yet to confirm.
	function loop() {
		const { svg, until, answer: { scanned } } = login;
		const picture = el('img.code', { alt: t('qr'), src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
		const nodes = scanned
			? [p('h2', 'scanned'), el('div.qr.scanned', {}, picture, el('div.sign')), p('p.text', 'confirm')]
			: [p('h2', 'title'), el('div.qr', {}, picture), p('p.text', 'scan'), p('p.quiet', 'follow')];
		nodes.push(timer(until, 'left'));
		if (!scanned && offers('website')) nodes.push(door('website'));
		show('loop', nodes);
	}

	// Whose session this is; from a login just now the page goes on by itself.
	function account({ account }, fresh) {
		const to = returnTo();
		failures = 0;
		keep({});
		const who = [account.phone, ...account.identities.map(({ nickname }) => nickname)].filter(Boolean).join(' · ');
		const nodes = [el('div.sign'), p('h2', 'welcome'), el('p.text', {}, who)];
		if (to) nodes.push(el('a.button.main', { href: to }, t('go_on')));
		const out = () => ask('DELETE', '/session').then(() => again());
		nodes.push(button('out', 'log_out', () => begin(out)), p('p.quiet', 'not_you'));
		show('registered', nodes);
		if (fire('login', account) && fresh && to) location.replace(to);
	}

	// Tells the page of a problem; returns the key of what to tell the person.
	function report({ code, status, id, left }) {
		fire('error', { code, status, request_id: id });
		return left === 0 ? 'sms_code_expired' : code;
	}

	// Says what is wrong and when the next try is, below the view of a login that goes on.
	function trouble(problem, until) {
		const key = report(problem);
		const next = until ? [timer(until, 'retry_in', 'loading')] : problem.id ? [p('p.quiet', 'reference', problem)] : [];
		if (login) {
			card.querySelector('.notice')?.remove();
			card.append(el('div.notice', {}, p('p.text', key), ...next));
			return say(t(key));
		}
		if (problem.status !== 429) next.push(retry());
		show(until ? 'trouble' : 'failed', [el('div.sign.alert'), p('h2', key), ...next]);
	}

	// The form in which a person whom only WeChat knows confirms a phone number.
	function phone() {
		const { path, until } = login;
		const digits = (words) => words.replace(/\D/g, '');
		const field = (key, autocomplete, input, more) => el('input', {
			type: 'tel', autocomplete, input, ariaLabel: t(key), placeholder: t(key), 'aria-describedby': 'told', ...more,
		});
		const country = field('country', 'tel-country-code', () => hold(0), { value: '+86', size: 4 });
		const number = field('phone', 'tel-national', () => hold(0), { className: 'first' });
		// What is pasted around a code ("your code: …") falls away.
		const code = field('code', 'one-time-code', () => (code.value = digits(code.value).slice(0, 8)), { inputMode: 'numeric' });
		const send = button('send', 'send', () => send.ariaDisabled || sendCode());
		const told = el('p.told.quiet', { id: 'told' });
		const whole = () => `+${digits(/^\s*\+/.test(number.value) ? number.value : country.value + number.value)}`;
		let sent;

		// Keeps the button from sending for so long; it stays focusable, so that the keyboard keeps its place.
		function hold(seconds) {
			send.ariaDisabled = true;
			timer(Date.now() + seconds * 1000, 'resend', 'send', send);
		}

		function tell(words, wrong) {
			number.ariaInvalid = code.ariaInvalid = null;
			told.classList.toggle('wrong', Boolean(wrong));
			told.textContent = words;
			say(words);
			if (!wrong?.focus) return;
			wrong.ariaInvalid = true;
			wrong.focus();
			wrong.select();
		}

		const act = (method, part, body, done) => ask(method, path + part, body).then(done).catch((problem) => {
			if (isOver(problem)) return begin(start);
			if (problem.wait) hold(problem.wait);
			tell(t(report(problem), problem), /^phone/.test(problem.code) ? number : !/^sms_code/.test(problem.code) || code);
		});
		const sendCode = () => act('POST', '/sms-codes', { phone: whole() }, ({ resend_in }) => {
			sent = true;
			hold(resend_in);
			code.value = '';
			code.focus();
			tell(t('sent', { phone: whole() }));
		});
		function submit(event) {
			event.preventDefault();
			if (code.value) act('POST', '/phone', { phone: whole(), code: code.value }, finish);
			else if (sent) code.focus();
			else sendCode();
		}
		const form = el('form.form', { submit },
			el('div.row', {}, country, number),
			el('div.row', {}, code, send),
			told,
			el('button.button.main', {}, t('log_in')),
			button('cancel', 'cancel', () => act('DELETE', '', null, () => end('cancelled'))));
		show('unregistered', [p('h2', 'phone_title'), p('p.text', 'phone_why'), form, timer(until, 'left')]);
	}

	// A tab that nobody looks at for long holds no connection.
	let hiding;
	let paused;
	document.addEventListener('visibilitychange', () => {
		clearTimeout(hiding);
		if (document.hidden) hiding = setTimeout(() => now.abort((paused = true)), HIDDEN_PAUSE_MS);
		else if (paused) begin(login ? watch : start, (paused = false));
		else if (outdated) renew();
	}, { signal: life });
	addEventListener('pageshow', (event) => event.persisted && again(), { signal: life });
	const beat = setInterval(() => root.querySelectorAll('[role=timer], .send').forEach(tick), 1000);
	life.addEventListener('abort', () => now.abort(clearInterval(beat)));
	root.replaceChildren(card, live);
	again();
}

export class SaomaLogin extends HTMLElement {
	static observedAttributes = ['api', 'app', 'channel', 'channels', 'lang', 'purpose'];
	#life;

	connectedCallback() {
		this.disconnectedCallback();
		const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
		root.adoptedStyleSheets = [SHEET];
		this.#life = new AbortController();
		run(this, root, this.#life.signal);
	}

	attributeChangedCallback() {
		if (this.#life) this.connectedCallback();
	}

	disconnectedCallback() {
		this.#life?.abort();
		this.#life = null;
	}
}

customElements.define('saoma-login', SaomaLogin);
