// How pages of others look inside the card; loaded with what has one.

const frameStyles = new CSSStyleSheet();
frameStyles.replaceSync(`
iframe { width: 100%; border: 0 }
.panel { width: 100%; min-height: 10em }
.wechat { height: 22em }
.captcha { width: 100%; height: 100%; max-width: none; max-height: none; padding: 0; border: 0; background: none }
.captcha iframe { height: 100% }
`);

/** Lets a card know these styles. */
export function dressForFrames({ root }) {
	if (!root.adoptedStyleSheets.includes(frameStyles)) root.adoptedStyleSheets.push(frameStyles);
}
