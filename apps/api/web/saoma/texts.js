// The texts by language. The three that ship are modules, loaded when they are needed; a site may have more as files.

const SHIPPED = {
	'zh-CN': () => import('./texts/zh-CN.js'),
	'zh-TW': () => import('./texts/zh-TW.js'),
	en: () => import('./texts/en.js'),
};

/** Returns the language out of those offered that fits what a person reads best. */
export function fitting(wanted, offered = Object.keys(SHIPPED)) {
	const lower = wanted.toLowerCase();
	const chinese = /^zh\b.*\b(tw|hk|mo|hant)\b/.test(lower) ? 'zh-TW' : /^zh\b/.test(lower) ? 'zh-CN' : wanted;
	const [base] = lower.split('-');
	return (
		offered.find((each) => each.toLowerCase() === chinese.toLowerCase()) ??
		offered.find((each) => each.toLowerCase().split('-')[0] === base) ??
		offered.find((each) => each === 'en') ??
		offered[0] ??
		'en'
	);
}

/** Returns the texts of a language; `more` says where the site's own file is, whose texts come first. */
export async function textsOf(language, more) {
	const own = more ? fetch(more).then((answer) => answer.json()).catch(() => ({})) : {};
	const { default: texts } = await (SHIPPED[language] ?? SHIPPED.en)();
	return { ...texts, ...(await own) };
}

/** Puts values into the gaps of a text. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
