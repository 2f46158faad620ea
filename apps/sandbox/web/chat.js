// The chats: the list of official accounts, and the chat with one of them.

import * as api from "./api.js";
import { appIcon, avatar, el, onSubmit, setText, sync, timeOf, withLinks } from "./dom.js";
import { t } from "./words.js";
import { refresh, store } from "./store.js";

/** A message that comes this many seconds after the one before has its time above it. */
const SILENCE_S = 300;

const chatOf = (phone, account) => phone.mine.chats[account] ?? [];
const plain = (text) => withLinks(text).map((part) => part.textContent ?? part).join("");

function bubble({ message, before }) {
  const side = { person: "mine", account: "theirs", wechat: "notice" }[message.from];
  const faces = { person: () => avatar(message.person), account: () => appIcon(message.account), wechat: () => null };
  const quiet = before && message.at - before.at < SILENCE_S;
  return el("li", { className: side },
    quiet ? null : el("time", { textContent: timeOf(message.at) }),
    el("div", { className: "said" }, faces[message.from](), el("p", { className: "bubble" }, ...withLinks(message.text))));
}

function makeRow(account, open) {
  const row = el("button", { className: "row-button", type: "button" }, appIcon(account.name),
    el("span", { className: "words" }, el("strong", { textContent: account.name }), el("span", { className: "small last" })),
    el("span", { className: "end" }, el("span", { className: "small at" }), el("span", { className: "badge" })));
  row.addEventListener("click", () => open(account.name));
  return el("li", {}, row);
}

/** Returns the number of messages in a chat that the person has not seen. */
function unread({ phone, read, talk }, account) {
  const messages = chatOf(phone, account).filter((message) => message.from !== "person");
  const newest = messages.at(-1)?.id ?? 0;
  if (!read.has(account) || (phone.tab === "chat" && talk === account)) read.set(account, newest);
  return messages.filter((message) => message.id > read.get(account)).length;
}

function updateRow(screen, item, { name }) {
  const { mine } = screen.phone;
  const last = chatOf(screen.phone, name).at(-1);
  const text = last ? plain(last.text) : "";
  const none = mine.follows.includes(name) ? t("noChat") : t("notFollowing");
  const said = last?.from === "person" ? t("you", text) : text;
  setText(item.querySelector(".last"), last ? said : none);
  setText(item.querySelector(".at"), last ? timeOf(last.at) : "");
  setText(item.querySelector(".badge"), String(unread(screen, name) || ""));
}

function drawTalk({ phone, talk }) {
  const { ref } = phone;
  const messages = chatOf(phone, talk);
  const follows = phone.mine.follows.includes(talk);
  const items = messages.map((message, at) => ({ message, before: messages[at - 1] }));
  const grown = messages.length && messages.at(-1).id !== Number(ref.messages.lastElementChild?.dataset.key);
  setText(ref["talk-title"], talk);
  sync(ref.messages, items, ({ message }) => message.id, bubble);
  ref["no-chat"].hidden = messages.length > 0;
  setText(ref["no-chat"], t(follows ? "noChat" : "followFirst"));
  ref.unfollow.hidden = !follows;
  ref.say.hidden = !follows;
  ref["follow-bar"].hidden = follows;
  if (grown) ref.talking.scrollTop = ref.talking.scrollHeight;
}

function draw(screen) {
  const { ref, openTalk } = screen.phone;
  const { accounts } = store.state;
  const update = (item, account) => updateRow(screen, item, account);
  sync(ref.accounts, accounts, ({ name }) => name, (account) => makeRow(account, openTalk), update);
  ref.chats.hidden = screen.talk !== "";
  ref.talk.hidden = screen.talk === "";
  if (screen.talk) drawTalk(screen);
  return accounts.reduce((sum, { name }) => sum + unread(screen, name), 0);
}

function leaveTalk(screen) {
  const { phone, talk } = screen;
  screen.talk = "";
  phone.openTab("chat");
  [...phone.ref.accounts.children].find((item) => item.dataset.key === talk)?.firstElementChild.focus();
}

/** Gives a phone its chats. */
export function startChat(phone) {
  const { ref } = phone;
  const screen = { phone, read: new Map(), talk: "" };
  phone.openTalk = (account) => {
    screen.talk = account;
    phone.openTab("chat");
    ref.talking.scrollTop = ref.talking.scrollHeight;
    ref["talk-title"].focus();
  };
  const turn = async (how, next) => {
    if (!(await phone.act(() => how(phone.name, screen.talk)))) return;
    await refresh();
    ref[next].focus();
  };
  ref.back.addEventListener("click", () => leaveTalk(screen));
  ref.follow.addEventListener("click", () => turn(api.follow, "text"));
  ref.unfollow.addEventListener("click", () => turn(api.unfollow, "follow"));
  onSubmit(ref.say, async () => {
    const text = ref.text.value;
    ref.text.value = "";
    await phone.act(() => api.say(phone.name, screen.talk, text));
  });
  return { draw: () => draw(screen) };
}
