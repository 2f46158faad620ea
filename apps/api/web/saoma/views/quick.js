// The way through WeChat's own page.

import { el } from '../dom.js';

/** The button that leads to WeChat's page; inside WeChat that page is its own question. */
export function quick(flow, channel) {
	const { screen, settings } = flow;
	const isInside = channel === 'in_wechat';
	if (settings.panel !== undefined && !isInside) {
		const box = el('div.panel', {}, el('div.bone'));
		import('./panel.js').then(({ fill }) => fill(box, flow)).catch((problem) => flow.fail(problem));
		return [flow.title(), box, screen.p('p.quiet', 'quick_why')];
	}
	return [
		el('div.sign.chat'),
		flow.title(),
		screen.p('p.text', isInside ? 'need_inside' : 'need_quick'),
		door(flow, channel),
		!isInside && screen.p('p.quiet', 'quick_why'),
	];
}

export function door(flow, channel) {
	const { screen } = flow;
	const words = screen.t(channel === 'in_wechat' ? 'quick_inside' : 'quick');
	return el('a.button.main.door', { href: flow.authorizeUrl(channel), onclick: () => flow.remember({}) }, words);
}
