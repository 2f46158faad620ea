// Small helpers for the document.

export const byId = (id) => document.getElementById(id);

/** Makes an element; properties are set as such, `aria-…` and `role` as attributes. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets a text only where it differs, so that screen readers are not told twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes the children of a list match the items and keeps what is there already, with its focus.
 * `make` returns a node for a new item, `update` brings any node up to date.
 */
export function sync(list, items, keyOf, make, update = () => {}) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  items.forEach((item, at) => {
    const key = String(keyOf(item));
    let node = old.get(key);
    if (node) old.delete(key);
    else {
      node = make(item);
      node.dataset.key = key;
    }
    update(node, item);
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
  old.forEach((node) => node.remove());
}

const LINK = /<a\s+href="(https?:\/\/[^"]+)"\s*>([^<]*)<\/a>/g;

/** Writes a text of a chat; the links that WeChat allows in one become links, all else stays text. */
export function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index));
    parts.push(el("a", { href: match[1], target: "_blank", rel: "noopener noreferrer", textContent: match[2] }));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** Returns the colour class of a name, always the same. */
export const tint = (name) => `tint-${[...name].reduce((sum, c) => (sum * 17 + c.codePointAt(0)) % 1009, 1) % 6}`;

/** Returns a round picture with the first letter of a name. */
export const avatar = (name) =>
  el("span", { className: `avatar ${tint(name)}`, "aria-hidden": "true", textContent: [...name][0].toUpperCase() });

/** Returns the picture of an official account. */
export const officialAvatar = () => el("span", { className: "avatar official", "aria-hidden": "true", textContent: "✓" });

/** Returns the time of a moment in Unix seconds. */
export const timeOf = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
