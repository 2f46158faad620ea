// WeChat's own login panel, for the website channel.

import { el } from '../dom.js';

/** Puts in the frame that WeChat's script would make, for a login of this browser. */
export async function fill(box, flow) {
	const { wx_login: wx, authorize_url: url } = await flow.panelLogin();
	box.replaceChildren(frame(flow, wx, url));
}

function frame({ settings, screen }, wx, authorizeUrl) {
	const at = new URL('/connect/qrconnect', authorizeUrl);
	const options = Object.fromEntries(settings.panel.split(/[ ,]+/).filter(Boolean).map((word) => word.split('=')));
	const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
	at.search = new URLSearchParams({
		...wx, login_type: 'jssdk', self_redirect: options.self_redirect ?? 'false', style: isDark ? 'white' : 'black',
		stylelite: options.stylelite ?? '1', fast_login: options.fast_login ?? '1',
	});
	return el('iframe.wechat', {
		src: at.href, title: screen.t('title'), allow: 'local-network-access; loopback-network',
		sandbox: 'allow-scripts allow-same-origin allow-top-navigation',
	});
}
