// Calling codes, and how numbers are written.

/** Region and calling code of where SMS go if nothing else is configured. */
const NEAR = ['CN86', 'HK852', 'MO853', 'TW886'];

/** How many digits stand together; four after that. */
const GROUPS = { 86: [3, 4, 4], 886: [3, 3, 3], 1: [3, 3, 4], 82: [2, 4, 4], 81: [2, 4, 4], 44: [4, 3, 3], 33: [1, 2, 2, 2, 2] };

/** Where the zero in front of a number at home is a part of it abroad, too. */
const KEEPS_ZERO = /^(39|225|229|241|242|378)$/;

/** Returns the countries to offer, with their names; `codes` are those that SMS go to, all of them where there are none. */
export async function countries({ language, t, has }, codes) {
	const names = new Intl.DisplayNames([language], { type: 'region' });
	const isNear = codes?.length && codes.every((code) => NEAR.some((entry) => entry.slice(2) === code));
	const entries = isNear ? NEAR : await import('./regions.js').then(({ REGIONS }) => REGIONS.split(/\s+/), () => NEAR);
	const all = entries.map((entry) => {
		const region = entry.slice(0, 2);
		const own = `region_${region}`;
		return { region, code: entry.slice(2), name: has(own) ? t(own) : names.of(region) };
	});
	const offered = codes?.length && !codes.includes('*') ? all.filter(({ code }) => codes.includes(code)) : all;
	return offered.length ? offered : all;
}

/** Returns digits out of whatever was typed or pasted, full-width ones too. */
export const digitsOf = (text) => text.normalize('NFKC').replace(/\D/g, '');

/** Returns the digits in groups, as people read them. */
export function grouped(digits, code) {
	const groups = [];
	let rest = digits;
	for (const size of GROUPS[code] ?? []) {
		groups.push(rest.slice(0, size));
		rest = rest.slice(size);
	}
	return [...groups, ...(rest.match(/.{1,4}/g) ?? [])].filter(Boolean).join(' ');
}

/** Returns the whole number as E.164 has it. */
export const international = (digits, code) => `+${code}${KEEPS_ZERO.test(code) ? digits : digits.replace(/^0/, '')}`;

/** Splits a number that begins with `+` or `00` into its country and the rest; `null` where it does neither. */
export function split(text, offered) {
	const plain = text.normalize('NFKC').trim();
	if (!/^(\+|00)/.test(plain)) return null;
	const digits = digitsOf(plain).replace(/^00/, '');
	const fitting = offered.filter(({ code }) => digits.startsWith(code));
	const country = fitting.sort((a, b) => b.code.length - a.code.length)[0];
	return country && { country, rest: digits.slice(country.code.length) };
}
