// The list of countries: names and codes, with a search, by mouse and by keyboard.

import { el } from '../dom.js';

/** From how many countries on a search is of use. */
const MANY = 8;

let lists = 0;

/** Makes a button that opens the list; `onchange` hears the country that was taken. */
export function countryList({ t }, offered, onchange) {
	const id = `countries-${++lists}`;
	let country = offered[0];
	let shown = offered;
	let at = 0;
	const button = el('button.button.country', { type: 'button', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', onclick: () => toggle() });
	const search = el('input', {
		type: 'search', role: 'combobox', autocomplete: 'off', placeholder: t('country_search'), ariaLabel: t('country_search'),
		'aria-controls': id, 'aria-expanded': 'true', oninput: () => filter(), onkeydown: (event) => key(event),
	});
	const list = el('ul.list', { id, role: 'listbox', ariaLabel: t('country') });
	const panel = el('div.countries', { hidden: true }, offered.length > MANY && search, list);
	if (offered.length <= MANY) Object.assign(list, { tabIndex: 0, onkeydown: key });

	function toggle(open = panel.hidden) {
		panel.hidden = !open;
		button.setAttribute('aria-expanded', String(open));
		if (!open) return button.focus();
		search.value = '';
		filter();
		(search.isConnected ? search : list).focus();
	}

	function filter() {
		const wanted = search.value.normalize('NFKC').trim().toLowerCase().replace(/^\+/, '');
		const fits = ({ name, code, region }) => name.toLowerCase().includes(wanted) || code.startsWith(wanted) || region.toLowerCase() === wanted;
		shown = offered.filter(fits);
		at = Math.max(0, shown.indexOf(country));
		const options = shown.map((each, place) =>
			el('li.option', { id: `${id}-${place}`, role: 'option', ariaSelected: String(each === country), onclick: () => take(each) },
				el('span', {}, each.name), el('span.quiet', {}, `+${each.code}`)));
		list.replaceChildren(...(options.length ? options : [el('li.quiet', { role: 'option', ariaDisabled: 'true', ariaSelected: 'false' }, t('country_none'))]));
		mark();
	}

	/** Shows which option the Enter key would take. */
	function mark() {
		[...list.children].forEach((option, place) => option.classList.toggle('at', place === at));
		const active = shown.length ? `${id}-${at}` : '';
		for (const node of [search, list]) node.setAttribute('aria-activedescendant', active);
		list.children[at]?.scrollIntoView({ block: 'nearest' });
	}

	function key(event) {
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
		if (step) at = Math.min(Math.max(at + step, 0), shown.length - 1);
		else if (event.key === 'Enter') take(shown[at]);
		else if (event.key === 'Escape') toggle(false);
		else return;
		event.preventDefault();
		event.stopPropagation();
		mark();
	}

	function take(taken) {
		if (!taken) return;
		set(taken);
		toggle(false);
	}

	function set(taken) {
		country = taken;
		button.textContent = `+${country.code}`;
		button.ariaLabel = `${t('country')}: ${country.name} +${country.code}`;
		onchange(country);
	}

	set(country);
	return { button, panel, set, get country() { return country; } };
}
