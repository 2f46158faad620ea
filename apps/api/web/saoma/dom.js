// Making elements. Data enters as text only, so none of it can become markup.

/** Makes an element. The words behind the tag's name are its classes and its parts; a name with a dash is an attribute. */
export function el(name, properties = {}, ...children) {
	const [tag, ...kinds] = name.split('.');
	const node = document.createElement(tag);
	if (kinds.length) node.className = node.part = kinds.join(' ');
	for (const [key, value] of Object.entries(properties)) {
		if (!key.includes('-')) node[key] = value;
		else if (value != null) node.setAttribute(key, value);
	}
	node.append(...children.flat(Infinity).filter((child) => child || child === 0));
	return node;
}

/** Returns an address as it stands in a link, where it leads to a web page. */
export function webAddress(text) {
	return /^https?:.+/.exec(el('a', { href: text || 'none:' }).href)?.[0];
}

/** Makes a link that opens beside the page, if the address is that of a web page. */
export const link = (name, address, words) =>
	webAddress(address) && el(`a.${name}`, { href: webAddress(address), target: '_blank', rel: 'noopener' }, words);
