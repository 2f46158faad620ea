// WeChat's own login panel, for the website channel: the frame that WeChat's script `wxLogin.js` makes. That script looks for
// its place in the document, where a component's inside is not found, and would need the page to let it in.

import { el } from '../dom.js';
import { dressForFrames } from '../styles-frames.js';

/** How often an unused panel is renewed by itself. */
const RENEWALS = 4;

/** Puts the panel into the box, for a login of this browser. */
export async function fill(box, flow, renewals = RENEWALS) {
	const { wx_login: wx, authorize_url: url, expires_in: seconds } = await flow.panelLogin();
	dressForFrames(flow.screen);
	box.replaceChildren(frame(flow, wx, url));
	setTimeout(() => {
		if (!box.isConnected) return;
		if (renewals) fill(box, flow, renewals - 1).catch((problem) => flow.fail(problem));
		else flow.end('timeout');
	}, seconds * 1000);
}

function frame({ settings, screen }, wx, authorizeUrl) {
	const at = new URL('/connect/qrconnect', authorizeUrl);
	const options = Object.fromEntries(settings.panel.split(/[ ,]+/).filter(Boolean).map((word) => word.split('=')));
	if (options.self_redirect === 'true') {
		console.warn('<saoma-login>: self_redirect=true does not work here: inside a frame the cookie that ties a login to its browser does not come along.');
	}
	const theme = screen.host.getAttribute('theme');
	const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
	at.search = new URLSearchParams({
		...wx, login_type: 'jssdk', stylelite: '1', style: isDark ? 'white' : 'black',
		...(screen.language === 'en' && { lang: 'en' }), ...options, self_redirect: 'false',
	});
	return el('iframe.wechat', {
		src: at.href, title: screen.t('title'), allow: 'local-network-access; loopback-network',
		sandbox: 'allow-scripts allow-same-origin allow-top-navigation',
	});
}
