// What few pages say: those in a phone's own browser, with a mini program's code, and of an account that is sent digits.

/** The texts by language. */
export const TEXTS = {
	'zh-CN': () => import('./texts/rare/zh-CN.js'),
	'zh-TW': () => import('./texts/rare/zh-TW.js'),
	en: () => import('./texts/rare/en.js'),
};
