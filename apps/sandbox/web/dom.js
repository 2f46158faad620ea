// Small helpers for the document.

import { language } from "./words.js";

export const byId = (id) => document.getElementById(id);

/** Makes an element; properties are set as such, `aria-…`, `data-…` and `role` as attributes. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Makes a button that calls `click` with itself. */
export function button(className, text, label, click) {
  const node = el("button", { className, type: "button", textContent: text });
  if (label) node.setAttribute("aria-label", label);
  node.addEventListener("click", () => click(node));
  return node;
}

/**
 * Copies a template. An element with a `data-ref` is returned under that name and gets it as its id, with the
 * prefix in front; references between elements get the prefix too.
 */
export function stamp(template, prefix) {
  const root = byId(template).content.firstElementChild.cloneNode(true);
  const ref = {};
  for (const node of root.querySelectorAll("[data-ref]")) {
    ref[node.dataset.ref] = node;
    node.id = `${prefix}-${node.dataset.ref}`;
  }
  for (const name of ["aria-labelledby", "aria-controls", "for"]) {
    for (const node of [root, ...root.querySelectorAll(`[${name}]`)]) {
      const to = node.getAttribute(name);
      if (to) node.setAttribute(name, `${prefix}-${to}`);
    }
  }
  return { root, ref };
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

/** Returns the nodes of a chat message; the links that WeChat allows become links, everything else stays text. */
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

/** Returns a person's picture, the one that `headimgurl` points to. */
export const avatar = (name) =>
  el("img", { className: "avatar", src: `/sandbox/avatars/${encodeURIComponent(name)}/132`, alt: "" });

/** Returns the icon of an app: its first letter. */
export const appIcon = (name) => el("span", { className: "avatar app", "aria-hidden": "true", "data-letter": [...name][0].toUpperCase() });

const format = (parts) => new Intl.DateTimeFormat(language, { ...parts, hourCycle: "h23" });
const short = format({ hour: "2-digit", minute: "2-digit" });
const long = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Returns the hour and minute of a moment in Unix seconds. */
export const timeOf = (seconds) => short.format(seconds * 1000);

/** Returns the hour, minute and second of a moment in Unix seconds. */
export const exactTimeOf = (seconds) => long.format(seconds * 1000);

/** Returns a span of seconds as minutes and seconds. */
export const spanOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Calls `what` with the button when a form is submitted. */
export function onSubmit(form, what) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    what(event.submitter ?? form.querySelector("button"));
  });
}
