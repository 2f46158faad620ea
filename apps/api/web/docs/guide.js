// How a login works, told once in Chinese and once in English.

/** Returns the chapters; `base` is where the service is. */
export const guide = (language, base) => (language === 'zh' ? chinese : english)(code(base));

/** What both languages show. */
const code = (base) => ({
	component: `<script type="module" src="${base}/saoma.js"></script>\n<saoma-login return-to="/"></saoma-login>`,
	start: `curl ${base}/v1/logins -H 'Content-Type: application/json' \\\n  -d '{"channel": "official_account", "client": "device"}'`,
	wait: `curl "${base}/v1/logins/$ID?wait=25&since=1" -H "Authorization: Bearer $POLL_TOKEN"`,
	events: `curl -N ${base}/v1/logins/$ID/events -H "Authorization: Bearer $POLL_TOKEN"`,
	codes: `curl ${base}/v1/logins/$ID/sms-codes -H "Authorization: Bearer $POLL_TOKEN" \\\n  -H 'Content-Type: application/json' -d '{"phone": "13800138000"}'`,
	bind: `curl ${base}/v1/logins/$ID/phone -H "Authorization: Bearer $POLL_TOKEN" \\\n  -H 'Content-Type: application/json' -d '{"phone": "13800138000", "code": "482913"}'`,
	session: `curl ${base}/v1/session -H "Authorization: Bearer $SESSION_TOKEN"`,
	problem: `HTTP/1.1 422 Unprocessable Content\nContent-Type: application/problem+json\n\n${JSON.stringify({
		type: 'about:blank', title: 'The code is wrong', status: 422, detail: 'the code is not the one that was sent',
		code: 'sms_code_wrong', attempts_left: 4, request_id: '9c7d774ef89995b94972176b1b7d0f9e',
	}, null, 2)}`,
});

const chinese = (code) => [
	{
		id: 'guide-web', title: '网页：两行就够',
		blocks: [
			'网页不用自己调接口，放上组件即可。二维码、等待、手机号、出错提示都由它处理；登录凭证存在 HttpOnly Cookie 里，脚本读不到。',
			{ code: code.component },
			'电视、桌面程序、小程序或别的后端，按下面几步自己走一遍。每一步都能在本页试。',
		],
	},
	{
		id: 'guide-login', title: '一次登录的过程',
		blocks: [
			'一次登录就是一个状态：`loop`（等扫码）→ `unregistered`（认出了微信，还没有账号）→ `registered`（登录成功）；时间到了、取消或拒绝就是 `expired`。',
			{ list: [
				'`POST /v1/logins` 发起登录，得到公开的 `id`、只有你知道的 `poll_token` 和二维码。',
				'显示 `qr.svg`（或把 `qr.content` 画成二维码），等对方用微信扫。',
				'`GET /v1/logins/{id}` 带上 `wait` 等结果，或者用 `/events` 收推送。',
				'如果是 `unregistered`：请对方填手机号，`/sms-codes` 发验证码，再用 `/phone` 绑定。',
				'`registered` 的响应里有会话：设备拿到 `session.token`，浏览器收到 Cookie。',
			] },
			{ code: code.start },
		],
	},
	{
		id: 'guide-wait', title: '等结果',
		blocks: [
			'长轮询：`since` 填已知的 `version`，有变化就立即返回，否则到 `wait` 秒返回。同一个登录可以有几个等待者，都会收到。',
			{ code: code.wait },
			'或者用 SSE，断线后带 `Last-Event-ID` 接着收：',
			{ code: code.events },
		],
	},
	{
		id: 'guide-phone', title: '新用户绑定手机号',
		blocks: [
			'手机号没有账号就新建，有账号就把这个微信加进去。无论号码有没有账号，`/sms-codes` 的响应都一样。',
			{ code: code.codes },
			{ code: code.bind },
			'小程序可以用微信的手机号组件，见 `/wechat-phone`。',
		],
	},
	{
		id: 'guide-session', title: '登录之后',
		blocks: [
			'会话闲置 30 分钟失效，最长 30 天（可配置）。设备带 `Authorization: Bearer`，浏览器带 Cookie。',
			{ code: code.session },
			'你的后端要知道是谁：在管理端口调 `/v1/admin/introspect`（有完整手机号和 openid），或者让代理用 `/v1/forward-auth` 带上请求头。管理端口的接口说明在它自己的 `/v1/admin/openapi.json`。',
		],
	},
	{
		id: 'guide-errors', title: '出错时',
		blocks: [
			'所有错误都是 `application/problem+json`。按 `code` 判断，不要按文字；429 和 503 带 `Retry-After`；反馈问题时附上 `request_id`。',
			{ code: code.problem },
		],
	},
	{
		id: 'guide-try', title: '在本页试用',
		blocks: [
			'每个接口下面都有“试一试”。最省事的是演示环境：运行 `saoma demo`，打开它的 `/docs`，扫码用它的模拟手机，不用公众号也不发短信。',
			{ list: [
				'在 `POST /v1/logins` 里点“发送”，响应上方会出现二维码；`id` 和令牌自动填到后面的接口里。',
				'打开模拟手机扫码，再到 `GET /v1/logins/{id}` 点“发送”，看状态怎么变。',
				'按状态继续：绑定手机号，或者用会话查账号。',
			] },
			'令牌只留在本页内存里，刷新就没了。',
		],
	},
];

const english = (code) => [
	{
		id: 'guide-web', title: 'A web page: two lines',
		blocks: [
			'A web page does not have to call the API. The component shows the code, waits, asks for the phone number and explains errors; its secrets are HttpOnly cookies that no script can read.',
			{ code: code.component },
			'A TV, a desktop program, a mini program or another back end follows the steps below. You can try each of them on this page.',
		],
	},
	{
		id: 'guide-login', title: 'How a login works',
		blocks: [
			'A login has a state: `loop` (waiting for a scan) → `unregistered` (WeChat knows the person, there is no account yet) → `registered` (logged in). It is `expired` once its time is up, or when it was cancelled or refused.',
			{ list: [
				'`POST /v1/logins` starts one. It returns a public `id`, a `poll_token` for you alone, and a QR code.',
				'Show `qr.svg`, or draw `qr.content` as a QR code, and let the person scan it with WeChat.',
				'Wait with `GET /v1/logins/{id}` and `wait`, or listen to `/events`.',
				'In `unregistered`, ask for the phone number: `/sms-codes` sends a code, `/phone` binds it.',
				'The answer in `registered` has the session: `session.token` for a device, a cookie for a browser.',
			] },
			{ code: code.start },
		],
	},
	{
		id: 'guide-wait', title: 'Waiting',
		blocks: [
			'Long polling: `since` is the `version` that you know. The answer comes with the next change, or after `wait` seconds. Several clients may wait for one login.',
			{ code: code.wait },
			'Or server-sent events; `Last-Event-ID` continues where the connection broke:',
			{ code: code.events },
		],
	},
	{
		id: 'guide-phone', title: 'New users and their number',
		blocks: [
			'A number without an account creates one; where it has one, this WeChat is added to it. The answer of `/sms-codes` is the same for both.',
			{ code: code.codes },
			{ code: code.bind },
			'Mini programs can use WeChat’s own phone component: `/wechat-phone`.',
		],
	},
	{
		id: 'guide-session', title: 'After the login',
		blocks: [
			'A session ends after 30 idle minutes, and after 30 days at most (both can be configured). Devices send `Authorization: Bearer`, browsers send their cookie.',
			{ code: code.session },
			'Your back end learns who it is from `/v1/admin/introspect` on the admin listener (with the whole number and the openids), or from the headers of `/v1/forward-auth` behind a proxy. The admin listener describes itself at `/v1/admin/openapi.json`.',
		],
	},
	{
		id: 'guide-errors', title: 'Errors',
		blocks: [
			'Every error is `application/problem+json`. Check `code`, not the words; 429 and 503 have `Retry-After`; a `request_id` finds the log line.',
			{ code: code.problem },
		],
	},
	{
		id: 'guide-try', title: 'Trying it here',
		blocks: [
			'Each call below has a form to try it. The demo is the easiest way: run `saoma demo` and open its `/docs`. Its simulated phone scans the code; you need no WeChat account, and no SMS is sent.',
			{ list: [
				'Send `POST /v1/logins`: the QR code is shown, and its `id` and token are filled in for the calls below.',
				'Scan it with the simulated phone, then send `GET /v1/logins/{id}` and see the state change.',
				'Continue as the state says: bind the number, or read the account with the session.',
			] },
			'Tokens stay in this page’s memory and are gone after a reload.',
		],
	},
];
