// Where the page is looked at. What a person can do there differs.

/** Returns `wechat`, `wecom` or, on a phone, `wecom-phone` (WeChat Work, which cannot ask WeChat who a person is), `phone` or `desktop`. */
export function surroundings(agent = navigator.userAgent) {
	if (/wxwork/i.test(agent)) return isPhone(agent) ? 'wecom-phone' : 'wecom';
	if (/MicroMessenger/i.test(agent)) return 'wechat';
	return isPhone(agent) ? 'phone' : 'desktop';
}

/** Tablets show a code that a phone can scan, so they count as desktops. */
export const isPhone = (agent = navigator.userAgent) => /iPhone|iPod|Mobi/i.test(agent) && !/iPad|Tablet/i.test(agent);
