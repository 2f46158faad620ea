// The ways in, by name.

import { el } from '../dom.js';
import { isPhone } from '../surroundings.js';

const TURNS = { ArrowRight: 1, ArrowLeft: -1 };

/** Returns the ways in that lead somewhere from where the person is: a phone cannot scan a code on WeChat's page either. */
export function waysIn({ offers, page, channels }) {
	const scans = offers('official_account') || offers('mini_program_code');
	const bySms = (page.login?.sms ?? 'off') !== 'off' && (channels?.includes('sms') ?? true);
	return [scans && 'scan', offers('website') && !(scans && isPhone()) && 'quick', bySms && 'sms'].filter(Boolean);
}

/** Draws the tabs, where there is something to choose. */
export function drawWays({ screen, ways, way, where, choose }) {
	const { tabs } = screen;
	const turn = (place, key) => TURNS[key] && choose(ways[(place + TURNS[key] + ways.length) % ways.length]);
	const label = (each) => screen.t(each === 'scan' && where === 'phone' ? 'way_phone' : `way_${each}`);
	const made = ways.map((each, place) =>
		el(`button.tab.${each}`, {
			type: 'button',
			role: 'tab',
			ariaSelected: String(each === way),
			tabIndex: each === way ? 0 : -1,
			onclick: () => choose(each),
			onkeydown: ({ key }) => turn(place, key),
		}, label(each)),
	);
	const hadFocus = tabs.contains(screen.root.activeElement);
	tabs.hidden = ways.length < 2;
	tabs.ariaLabel = screen.t('ways');
	tabs.replaceChildren(...made);
	if (hadFocus) tabs.querySelector('[aria-selected=true]')?.focus();
}
