// Agreeing to the site's terms: a box that is never ticked before the person does.

import { el, link } from './dom.js';

/** Makes the box; it stays as it is while the page is open. */
export function consentBox(flow) {
	const { screen } = flow;
	const { consent, terms_url: terms, privacy_url: privacy } = screen.page;
	if (!consent?.required || flow.isAgreed) return;
	const box = el('input', { type: 'checkbox', checked: flow.agreed, onchange: () => flow.agree(box.checked) });
	return el('label.consent', {}, box, el('span', {}, ...sentence(screen, terms, privacy)));
}

/** Names what is agreed to, with links. */
function sentence(screen, terms, privacy) {
	const links = {
		terms: link('legal', terms, screen.t('terms')) ?? screen.t('terms'),
		privacy: link('legal', privacy, screen.t('privacy')),
	};
	const words = screen.t(links.privacy ? 'consent_both' : 'consent', { terms: '\0terms\0', privacy: '\0privacy\0' });
	return words.split('\0').map((word) => links[word] ?? word);
}

/** Asks for consent where nothing goes on without it. */
export function consentGate(flow, onward) {
	const { screen } = flow;
	const told = el('p.told', { role: 'status', ariaInvalid: 'true' });
	const label = consentBox(flow);
	const ask = () => {
		told.textContent = screen.t('agree_first');
		label.control.ariaInvalid = 'true';
		label.control.focus();
	};
	return [flow.title(), label, screen.button('main', 'agree', () => (flow.agreed ? onward() : ask())), told];
}
