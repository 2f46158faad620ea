// <saoma-login>: see README.md. No secret passes through here.

// English|Chinese. Problems and ends go by their code.
const TEXTS = Object.fromEntries(`
title=WeChat login|微信登录
qr=QR code|二维码
scan=Scan with WeChat|打开微信扫一扫
follow=New here? Then tap Follow.|首次登录，请点击“关注”
left=Time left: {time}|剩余时间 {time}
scanned=Scanned|扫描成功
confirm=Confirm on your phone|请在手机上确认登录
door=Log in with WeChat|使用微信账号登录
phone_title=Your phone number|绑定手机号
phone_why=Confirm it once to finish.|首次登录，请验证手机号
country=Country code|国家/地区代码
phone=Phone number|手机号
code=SMS code|短信验证码
send=Send code|获取验证码
resend=Again in {time}|{time} 后重发
sent=Code sent to {phone}|验证码已发送至 {phone}
log_in=Log in|登录
cancel=Cancel|取消
welcome=You are logged in|登录成功
log_out=Not you? Log out|不是你？退出登录
go_on=Continue|继续
retry=Try again|重试
retry_in=Trying again in {time}|{time} 后重试
timeout=Time is up|已过期，请重试
cancelled=The login was cancelled|登录已取消
denied=You refused the login|你已拒绝登录
lost=Login lost. Please allow cookies.|登录已失效，请允许 Cookie
offline=No connection to the server|无法连接服务器
internal=The server has a problem|服务器出错
wechat_unavailable=WeChat does not answer|微信暂时没有响应
wechat_refused=WeChat refuses this site|微信拒绝了本网站
wechat_code_invalid=WeChat answered too late|微信授权已失效
snapshot=Open the full page in WeChat|请“使用完整服务”后登录
app_unknown=WeChat login is not set up here|本网站未开通微信登录
account_disabled=This account is blocked|该账号已停用
rate_limited=Too many tries|操作过于频繁
phone_invalid=Please check the phone number|手机号无效，请检查
phone_taken=This number belongs to another WeChat|该手机号已绑定其他微信
sms_code_wrong=Wrong code. Tries left: {attempts_left}|验证码错误，还可试 {attempts_left} 次
sms_code_expired=This code has expired. Send a new one.|验证码已失效，请重新获取
sms_unavailable=The SMS could not be sent|短信发送失败
`.trim().split('\n').map((line) => line.split('=')));

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host {
	--saoma-card: light-dark(#fff, #1e1e1e); --saoma-text: light-dark(#1a1a1a, #ededed);
	--saoma-quiet: light-dark(#646a73, #a0a0a0); --saoma-soft: light-dark(#eceef0, #2e2e2e);
	--saoma-accent: #07c160; --saoma-button: #067d40; --saoma-bad: light-dark(#c8302b, #ff7b72);
	color-scheme: light dark; display: block; max-width: 23em; font: 1rem/1.5 system-ui;
}
:host([theme=light]) { color-scheme: light }
:host([theme=dark]) { color-scheme: dark }
* { box-sizing: border-box; margin: 0 }
.card, .form { display: flex; flex-direction: column; gap: 1em; width: 100% }
.card {
	align-items: center; justify-content: center; min-height: min(29.5em, 90vh); padding: 2em clamp(1em, 8%, 2em);
	border-radius: 1em; background: var(--saoma-card); box-shadow: 0 12px 40px #00000014;
	color: var(--saoma-text); text-align: center; text-wrap: balance;
}
h2 { font-size: 1.25em; outline: 0 }
.quiet, ::placeholder, [aria-disabled] { color: var(--saoma-quiet); opacity: 1 }
.quiet { font-size: .875em; font-variant-numeric: tabular-nums }
.unseen { position: absolute; clip-path: inset(50%) }
.bone { width: 9em; min-height: 1.75em; border-radius: .75em; background: var(--saoma-soft) }
.qr { position: relative; width: min(15em, 100%); aspect-ratio: 1; border-radius: .75em; overflow: hidden }
.code { width: 100% }
.scanned .code { opacity: .15 }
.scanned .sign { position: absolute; inset: 0; margin: auto }
.sign { width: 4rem; height: 4rem; border-radius: 50%; background: var(--saoma-accent); color: #fff; font-size: 2.5rem; line-height: 4rem }
.sign::before { content: "✓" / "" }
.alert { background: #d98a00 }
.alert::before { content: "!" / "" }
.button, input, .notice { padding: .6em .75em; border: 1px solid #0000; border-radius: .5em; font: inherit; color: inherit }
.button, .notice { width: 100%; background: var(--saoma-soft); text-decoration: none }
.main { background: var(--saoma-button); color: #fff; font-weight: 600 }
.send { width: auto; flex: none }
:not(h2):focus-visible { outline: 2px solid var(--saoma-button); outline-offset: 2px }
.row { display: flex; gap: .5em }
input { flex: 1; min-width: 0; border-color: var(--saoma-quiet); background: none }
input[size] { flex: none; width: 4.5em }
.told { min-height: 1.5em; text-align: start }
[aria-invalid] { border-color: var(--saoma-bad); color: var(--saoma-bad) }
`);

// An element whose classes are its parts; data enters as text only.
function el(name, properties, ...children) {
	const [tag, ...kinds] = name.split('.');
	const node = Object.assign(document.createElement(tag), properties);
	node.className = node.part = kinds.join(' ');
	node.append(...children);
	return node;
}

const QR = 'official_account';
const CALL_MS = 15_000;
const LONG_POLL_S = 25;
const PLAIN_POLL_MS = 2_000;
const SILENCE_MS = 5_000;
const RENEWALS = 4;
const PAUSE_MS = 300_000;
const OVER = /^(login|session)_/;

// Tells `take` each event. True when there was one.
const stream = (signal, url, take) => new Promise((resolve) => {
	const source = new EventSource(url, { withCredentials: true });
	const end = () => resolve(works, source.close());
	let works;
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

// Ends early when online.
const sleep = (ms, signal) => new Promise((done) => {
	setTimeout(done, ms);
	addEventListener('online', done, { signal });
	signal.addEventListener('abort', done);
});

// May be blocked.
let store = {};
try {
	store = sessionStorage ?? store;
} catch {}

function run(host, root, life) {
	const card = el('section.card');
	const live = el('p.unseen', { role: 'status' });
	const notice = el('div.notice');
	let now = new AbortController();
	// The login that goes on, {path, svg, until}, and what the API said last.
	let login, said, state, outdated, hiding;
	let failures = 0, renewals = 0, streams = true;

	// Does `work` until it does not fail in passing.
	async function begin(work) {
		now.abort();
		const { signal } = (now = new AbortController());
		await null; // Attributes may be set one after the other.
		while (!signal.aborted) {
			try {
				return await work();
			} catch (problem) {
				if (signal.aborted) return;
				if (login) work = watch;
				const wait = Math.min(30, 2 ** failures++) * (750 + Math.random() * 500);
				const until = problem.passing && Date.now() + Math.max(wait, problem.wait * 1000);
				trouble(problem, until);
				if (!until) return;
				await sleep(until - Date.now(), signal);
			}
		}
	}

	function again(work = start) {
		login = said = outdated = null;
		show('loading', p('h2', 'title'), el('div.qr.bone'), el('div.bone'));
		begin(work);
	}

	// The login of the address or before, else the session, else a new one.
	async function start() {
		const [, id, error] = returned().exec(location.search) ?? [];
		const before = JSON.parse(store[slot()] ?? null);
		const known = id ? { id } : before;
		const answer = known?.id && !error && (await ask('GET', `/logins/${known.id}`));
		if (answer?.state === 'loop' ? known.svg : answer && answer.state !== 'expired') return follow(answer, known.svg);
		const inside = offers('in_wechat') && navigator.userAgent.includes('MicroMessenger');
		const way = inside ? 'in_wechat' : 'website';
		const scan = offers(QR) && !inside;
		// One round trip to the first code.
		const early = scan && !before && !error && create().catch((problem) => problem);
		const who = await ask('GET', '/session');
		const fresh = await early;
		if (who) {
			if (fresh?.id) ask('DELETE', `/logins/${fresh.id}`).catch(() => {});
			account(who);
		} else if (error) end(error);
		else if (scan) await follow(fresh || (await create()));
		else if (inside && !before) door(way).click();
		else if (offers(way)) show('door', p('h2', 'title'), door(way, 'main'));
		else trouble({ code: 'app_unknown', status: 0 });
	}

	async function follow(answer, svg = answer.qr?.svg) {
		if (answer.code) throw answer;
		if (answer.qr) keep({ id: answer.id, svg });
		login = { path: `/logins/${answer.id}`, svg };
		said = null;
		take(answer);
		await watch();
	}

	// A stream, else long polls, else plain.
	async function watch() {
		const { signal } = now;
		while (!signal.aborted) {
			if (streams && !failures) streams = await stream(signal, url(`${login.path}/events`), take);
			if (signal.aborted) return;
			const wait = streams || failures ? 0 : LONG_POLL_S;
			const next = await ask('GET', `${login.path}?wait=${wait}&since=${said.version}`, null, wait);
			if (!next) end(Date.now() < login.until ? 'lost' : 'timeout');
			else if (!take(next)) await sleep(PLAIN_POLL_MS, signal);
		}
	}

	function take(answer) {
		notice.remove();
		failures = 0;
		if (answer.version <= said?.version) return false;
		said = answer;
		login.until = Date.now() + answer.expires_in * 1000;
		({ loop, unregistered: phone, registered: finish, expired: end })[answer.state](answer.reason);
		return true;
	}

	// A stream cannot set the session's cookie.
	function finish() {
		const { path } = login;
		login = null;
		begin(async () => {
			await ask('GET', path);
			const who = await ask('GET', '/session');
			if (who) account(who, true);
			else end('lost');
		});
	}

	// An unscanned code is renewed while seen.
	function end(reason) {
		outdated = reason === 'timeout' && state === 'loop' && renewals < RENEWALS;
		now.abort();
		login = null;
		said = { ...said, reason };
		keep({});
		if (outdated && !document.hidden) renew();
		else show('expired', el('div.sign.alert'), p('h2', reason), retry());
	}

	const renew = () => again(async () => follow(await create()), renewals++);

	// Null where nothing is. Throws why a call failed, by `code`; `passing` may succeed later.
	async function ask(method, path, body, wait_s = 0) {
		const { signal } = now;
		const json = body && new Blob([JSON.stringify(body)], { type: 'application/json' });
		const init = { method, body: json, credentials: 'include', signal: AbortSignal.timeout(CALL_MS + wait_s * 1000) };
		const response = await fetch(url(path), init).catch(() => Response.error());
		const answer = await response.json().catch(() => {});
		signal.throwIfAborted();
		const { ok, status, headers } = response;
		if (answer ? ok : status === 204) return answer;
		const code = answer?.code ?? (status ? 'internal' : 'offline');
		if (method === 'GET' && OVER.test(code)) return null;
		const wait = Number(headers.get('Retry-After')) || 0;
		const passing = ok || !status || status === 429 || (status >= 500 && code !== 'wechat_refused');
		throw Object.assign(new Error(code), answer, { code, status, wait, passing });
	}

	const attr = (name) => host.getAttribute(name) ?? undefined;
	const api = () => new URL('.', new URL(attr('api') ?? import.meta.url, location));
	const url = (path) => `${api()}v1${path}`;
	const create = () => ask('POST', '/logins', { channel: QR, app: attr('app'), purpose: attr('purpose') });
	const offers = (channel) => (attr('channels') ?? attr('channel') ?? QR).replace('auto', `${QR} in_wechat`).includes(channel);

	const returnTo = () => /^https?:.+/.exec(el('a', { href: attr('return-to') || 'none:' }).href)?.[0];

	// What the way back adds; elsewhere `error` is the page's.
	const returned = () =>
		RegExp(`[?&](?:login=([\\w-]{32})|error=(denied|snapshot|\\w+_\\w+)${attr('focus') ? '' : '(?=&return_to=)'})(?=&|$)`);

	// Brings a reloaded page back to its code.
	const slot = () => `saoma_login ${[attr('app'), attr('purpose')]}`;

	function keep(what) {
		store[slot()] = JSON.stringify(what);
		const { search, pathname, hash } = location;
		const rest = search.replace(returned(), '').replace(/^&/, '?');
		if (rest !== search) history.replaceState(history.state, '', pathname + rest + hash);
	}

	const language = () => host.closest('[lang]')?.lang || navigator.language;
	const isChinese = () => /^zh/i.test(language());

	function t(key, values = {}) {
		const words = host.texts?.[key] ?? (TEXTS[key] ?? TEXTS.internal).split('|')[+isChinese()];
		return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
	}

	const p = (name, key) => el(name, {}, t(key));
	const button = (kind, key, onclick) => el(`button.button.${kind}`, { type: 'button', onclick }, t(key));
	const retry = () => button('main', 'retry', () => again(start, keep(null), (renewals = 0)));

	function door(channel, kind = 'door') {
		const return_to = (returnTo() || location.href).replace(`${api().origin}/`, '/');
		const query = new URLSearchParams({ channel, return_to, app: attr('app') ?? '' });
		return el(`a.button.${kind}`, { href: url(`/oauth/authorize?${query}`), onclick: () => keep({}) }, t('door'));
	}

	// Draws a state and reads it out.
	function show(next, ...nodes) {
		const inside = root.activeElement;
		const called = attr('focus') || (state === 'loop' && next === 'unregistered');
		state = next;
		card.lang = live.lang = host.texts || isChinese() ? language() : 'en';
		card.replaceChildren(...nodes);
		const title = card.querySelector('h2');
		title.tabIndex = -1;
		title.part = 'title';
		const target = card.querySelector('input + input, .main');
		if (inside || (called && target && document.activeElement === document.body))
			(target ?? title).focus({ preventScroll: !inside });
		live.textContent = [...card.querySelectorAll('h2, .text')].map((node) => node.textContent).join('. ');
		fire('state', { ...said, state });
	}

	const fire = (name, detail) => host.dispatchEvent(new CustomEvent(`saoma:${name}`, { detail, bubbles: true, cancelable: true }));

	// Says `key` with the time left, then `end`.
	const timer = (until, key, end = key, node = el('p.quiet', { role: 'timer' })) => tick(Object.assign(node, { until, key, end }));

	function tick(node) {
		const left = Math.max(0, Math.ceil((node.until - Date.now()) / 1000));
		const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
		node.textContent = t(left ? node.key : node.end, { time });
		if (!left) node.ariaDisabled = null;
		return node;
	}

	function loop() {
		const code = el('img.code', { alt: t('qr'), src: `data:image/svg+xml,${encodeURIComponent(login.svg)}` });
		const left = timer(login.until, 'left');
		if (said.scanned) return show('loop', p('h2', 'scanned'), el('div.qr.scanned', {}, code, el('div.sign')), p('p.text', 'confirm'), left);
		show('loop', p('h2', 'title'), el('div.qr', {}, code), p('p.text', 'scan'), p('p.quiet', 'follow'), left, offers('website') ? door('website') : '');
	}

	function account({ account }, fresh) {
		failures = 0;
		keep({});
		const to = returnTo();
		const who = [account.phone, ...account.identities.map(({ nickname }) => nickname)].filter(Boolean).join(' · ');
		show('registered', el('div.sign'), p('h2', 'welcome'), el('p.text', {}, who),
			to ? el('a.button.main', { href: to }, t('go_on')) : '',
			button('out', 'log_out', () => begin(() => ask('DELETE', '/session').then(again))));
		if (fire('login', account) && fresh && to) location.replace(to);
	}

	function report(problem) {
		const { code, status, request_id, attempts_left } = problem;
		fire('error', { code, status, request_id });
		return t(attempts_left === 0 ? 'sms_code_expired' : code, problem);
	}

	function trouble(problem, until) {
		const words = report(problem);
		const next = until ? timer(until, 'retry_in') : '';
		notice.replaceChildren(el('p', { role: 'alert' }, words), next);
		if (login) card.append(notice);
		else show(until ? 'trouble' : 'failed', el('div.sign.alert'), el('h2', {}, words), next, problem.status === 429 ? '' : retry());
	}

	function phone() {
		let busy;
		// Full-width ones too.
		const plain = ({ value }) => value.normalize('NFKC');
		const digits = (input) => plain(input).replace(/\D/g, '');
		const field = (key, autocomplete, more, oninput = () => hold(0)) =>
			el('input', { type: 'tel', autocomplete, oninput, ariaLabel: t(key), placeholder: t(key), ...more });
		const country = field('country', 'tel-country-code', { value: '+86', size: 4 });
		const number = field('phone', 'tel-national');
		// The whole SMS may be pasted.
		const six = () => (code.value = /\b\d{6}\b/.exec(plain(code)) ?? digits(code).slice(0, 6));
		const code = field('code', 'one-time-code', { inputMode: 'numeric' }, six);
		const send = button('send', 'send', () => sendCode());
		const told = el('p.told.quiet', { role: 'status' });
		const whole = () => `+${plain(number).includes('+') ? '' : digits(country) || 86}${digits(number)}`;

		// It stays focusable.
		function hold(seconds) {
			send.ariaDisabled = true;
			timer(Date.now() + seconds * 1000, 'resend', 'send', send);
		}

		function tell(words, ...wrong) {
			told.textContent = words;
			for (const node of [number, code, told]) node.ariaInvalid = wrong.includes(node) || null;
			wrong[0]?.focus();
			wrong[0]?.select?.();
		}

		// One call at a time, but a cancel.
		async function act(method, part, body, done) {
			if (!login || (busy && part)) return;
			busy = true;
			await ask(method, login.path + part, body).then(done, refused);
			busy = false;
		}

		function refused(problem) {
			if (problem.name === 'AbortError') return;
			if (OVER.test(problem.code)) return again();
			if (problem.wait) hold(problem.wait);
			tell(report(problem), /^phone/.test(problem.code) ? number : /^sms_code/.test(problem.code) ? code : told, told);
		}

		const sendCode = () => send.ariaDisabled || act('POST', '/sms-codes', { phone: whole() }, ({ resend_in }) => {
			hold(resend_in);
			tell(t('sent', { phone: whole() }));
			code.value = '';
			code.focus();
		});
		function onsubmit(event) {
			event.preventDefault();
			if (code.value) act('POST', '/phone', { phone: whole(), code: code.value }, finish);
			else if (send.ariaDisabled) code.focus();
			else sendCode();
		}
		hold(0);
		const form = el('form.form', { onsubmit }, el('div.row', {}, country, number), el('div.row', {}, code, send), told,
			p('button.button.main', 'log_in'), button('cancel', 'cancel', () => act('DELETE', '', null, () => end('cancelled'))));
		show('unregistered', p('h2', 'phone_title'), p('p.text', 'phone_why'), form, timer(login.until, 'left'));
	}

	// Out of sight for long, or left: let go.
	const on = { signal: life };
	document.addEventListener('visibilitychange', () => {
		clearTimeout(hiding);
		if (document.hidden) hiding = setTimeout(() => now.abort(), PAUSE_MS);
		else if (outdated) renew();
		else if (now.signal.aborted && state !== 'expired') begin(login ? watch : start);
	}, on);
	addEventListener('pagehide', () => now.abort(), on);
	addEventListener('pageshow', (event) => event.persisted && again(), on);
	const beat = setInterval(() => card.querySelectorAll('[role=timer], .send').forEach(tick), 1000);
	life.addEventListener('abort', () => now.abort(clearInterval(beat)));
	root.adoptedStyleSheets = [SHEET];
	root.replaceChildren(card, live);
	again();
}

export class SaomaLogin extends HTMLElement {
	static observedAttributes = 'api app channel channels lang purpose'.split(' ');
	#root = this.attachShadow({ mode: 'open' });
	#life;

	connectedCallback() {
		this.#life?.abort();
		this.#life = new AbortController();
		run(this, this.#root, this.#life.signal);
	}

	attributeChangedCallback() {
		if (this.isConnected) this.connectedCallback();
	}

	disconnectedCallback() {
		this.#life.abort();
	}
}

if (!customElements.get('saoma-login')) customElements.define('saoma-login', SaomaLogin);
