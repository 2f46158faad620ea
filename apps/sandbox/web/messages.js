// The chat with an official account, and the SMS.

import { avatar, byId, el, officialAvatar, setText, sync, timeOf, withLinks } from "./dom.js";
import { t } from "./words.js";

function bubble(message) {
  const side = { person: "mine", account: "theirs", wechat: "notice" }[message.from];
  const text = el("p", { className: "bubble" }, ...withLinks(message.text));
  const faces = { person: () => avatar(message.person), account: officialAvatar, wechat: () => null };
  return el("li", { className: side, title: timeOf(message.at) }, faces[message.from](), text);
}

/** Draws a chat, the newest message in sight. */
export function drawChat(messages) {
  const list = byId("chat");
  const grown = messages.length && messages.at(-1).id !== Number(list.lastElementChild?.dataset.key);
  sync(list, messages, (message) => message.id, bubble);
  list.dataset.empty = messages.length ? "" : t("noChat");
  if (grown) list.scrollTop = list.scrollHeight;
}

/** Puts a text on the clipboard, also where the page has no right to. */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(shown);
    document.execCommand("copy");
  }
}

/** Returns a button that copies a code. */
export function copyButton(code, shown) {
  const button = el("button", { className: "quiet", type: "button", textContent: t("copy"), "aria-label": `${t("copy")} ${code}` });
  button.addEventListener("click", async () => {
    await copy(code, shown);
    setText(button, t("copied"));
    setTimeout(() => setText(button, t("copy")), 1500);
  });
  return button;
}

function card(sms) {
  const code = el("strong", { className: "code", textContent: sms.code });
  return el("li", {},
    el("span", { className: "small", textContent: `${t("codeFor")} · ${sms.purpose} · ${timeOf(sms.at)}` }),
    el("div", { className: "code-row" }, code, copyButton(sms.code, code)),
    el("span", { className: "small", textContent: t("validFor", Math.ceil(sms.expires_in / 60)) }));
}

/** Draws the SMS, newest first. */
export function drawSms(messages) {
  sync(byId("sms"), [...messages].reverse(), (sms) => sms.id, card);
  byId("no-sms").hidden = messages.length > 0;
}
