// The banner at the top of a phone, which is shown for some seconds.

import { el, setText } from "./dom.js";
import { t } from "./words.js";

const SHOWN_MS = 8000;

/**
 * Gives a phone its banner: a text, and optionally the sender, what a click on it opens, and one more button.
 * It stays while the pointer or the focus is on it.
 */
export function startBanner(phone) {
  const { banner } = phone.ref;
  let ends;
  const hide = () => banner.classList.remove("open");
  const hideLater = () => {
    clearTimeout(ends);
    ends = setTimeout(() => (banner.matches(":hover, :focus-within") ? hideLater() : hide()), SHOWN_MS);
  };
  phone.quiet = hide;
  phone.notify = ({ from, text, open, action }) => {
    const words = [
      from ? el("span", { className: "from" }, el("strong", { textContent: from }), el("span", { textContent: t("now") })) : null,
      el("span", { textContent: text }),
    ];
    const body = open ? el("button", { className: "words", type: "button" }, ...words) : el("p", { className: "words" }, ...words);
    if (open) body.addEventListener("click", () => { hide(); open(); });
    banner.replaceChildren(body, ...(action ? [action] : []));
    banner.classList.add("open");
    hideLater();
  };
}

/** Copies a text to the clipboard, also where the page has no permission for the clipboard API. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = el("textarea", { className: "hidden", value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** Returns a button that copies a code. */
export function copyButton(code) {
  const node = el("button", { className: "quiet", type: "button", textContent: t("copy"), "aria-label": t("copyCode", code) });
  node.addEventListener("click", async () => {
    await copy(code);
    node.focus();
    setText(node, t("copied"));
    setTimeout(() => setText(node, t("copy")), 1500);
  });
  return node;
}
