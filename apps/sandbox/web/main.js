// The phone: whose it is, which screen is open, and what is new on it.

import * as api from "./api.js";
import { avatar, byId, el, setText, sync } from "./dom.js";
import { drawAsked, drawCodes } from "./codes.js";
import { drawLog } from "./log.js";
import { copyButton, drawChat, drawSms } from "./messages.js";
import { clearMini, drawMini, startMini } from "./mini.js";
import { choosePerson } from "./person.js";
import { t, translate } from "./words.js";

const TABS = ["scan", "chat", "sms", "mini"];
const EVENTS_SHOWN = 20;

const phone = { person: "", account: "", tab: "scan", state: null, mine: null, ahead: 0, read: {} };
let events = [];

const now = () => Math.floor(Date.now() / 1000) + phone.ahead;

// ---- screens

function openTab(name, focus = false) {
  phone.tab = name;
  for (const tab of TABS) {
    const open = tab === name;
    const button = byId(`tab-${tab}`);
    button.setAttribute("aria-selected", String(open));
    button.tabIndex = open ? 0 : -1;
    byId(`panel-${tab}`).hidden = !open;
    if (open && focus) button.focus();
  }
  byId("chat").scrollTop = byId("chat").scrollHeight;
  if (name === "sms") hideBanner();
  draw();
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  openTab(TABS[(TABS.indexOf(phone.tab) + step + TABS.length) % TABS.length], true);
}

/** Counts what arrived on a screen while another one was open. */
function badge(tab, key, newest, unread) {
  if (phone.tab === tab || phone.read[key] === undefined) phone.read[key] = newest;
  const count = unread(phone.read[key]);
  setText(byId(`badge-${tab}`), count ? String(count) : "");
}

// ---- drawing

function drawPeople() {
  const people = phone.state.people;
  sync(byId("people"), people, (person) => person.name, ({ name }) => {
    const input = el("input", { type: "radio", name: "person", value: name });
    input.addEventListener("change", () => pick(name));
    return el("label", { className: "person" }, input, avatar(name),
      el("span", {}, el("strong", { textContent: name }), el("span", { className: "small" })));
  }, (node, person) => {
    node.querySelector("input").checked = person.name === phone.person;
    const words = person.follows.length ? t("following") : t("notFollowing");
    setText(node.querySelector(".small"), `${person.phone} · ${words}`);
  });
}

function drawAccounts() {
  const follows = phone.mine.follows.includes(phone.account);
  sync(byId("account"), phone.state.accounts, (account) => account.name,
    ({ name }) => el("option", { value: name, textContent: name }));
  byId("account").value = phone.account;
  setText(byId("follow"), t(follows ? "unfollow" : "follow"));
  byId("text").disabled = byId("say").querySelector("button").disabled = !follows;
}

function draw() {
  if (!phone.state || !phone.mine) return;
  const { mine } = phone;
  drawPeople();
  drawAccounts();
  setText(byId("phone-title"), t("phoneOf", mine.name));
  setText(byId("phone-number"), mine.phone);
  const unscanned = drawCodes(phone.state.qr_codes, now(), scan);
  const waiting = unscanned + drawAsked(phone.state.authorizations, now(), decide);
  setText(byId("badge-scan"), waiting && phone.tab !== "scan" ? String(waiting) : "");
  drawMini(phone.state.apps);
  const chat = mine.chats[phone.account] ?? [];
  drawChat(chat);
  drawSms(mine.sms);
  const after = (list) => (id) => list.filter((entry) => entry.id > id).length;
  badge("chat", `chat ${mine.name} ${phone.account}`, chat.at(-1)?.id ?? 0, after(chat.filter((m) => m.from !== "person")));
  badge("sms", `sms ${mine.name}`, mine.sms.at(-1)?.id ?? 0, after(mine.sms));
  drawLog(events, resend);
}

// ---- the line at the top of the screen

let bannerEnds;

function showBanner(text, ...more) {
  const banner = byId("banner");
  banner.replaceChildren(el("span", { textContent: text }), ...more);
  banner.classList.add("open");
  clearTimeout(bannerEnds);
  bannerEnds = setTimeout(hideBanner, 8000);
}

function hideBanner() {
  byId("banner").classList.remove("open");
}

function announceSms(before, after) {
  const last = before && before.name === after.name ? before.sms.at(-1)?.id ?? 0 : Infinity;
  const fresh = after.sms.filter((sms) => sms.id > last).at(-1);
  if (!fresh || phone.tab === "sms") return;
  const text = t("newSms", fresh.code);
  showBanner(text, copyButton(fresh.code, byId("banner")));
}

// ---- what a person does

async function act(what) {
  try {
    const reaction = await what();
    if (reaction?.result === "not_sent") showBanner(t(reaction.reason));
    return reaction;
  } catch (problem) {
    showBanner(t("failed", problem.message));
    return null;
  }
}

async function scan(url, button) {
  button.disabled = true;
  const code = phone.state.qr_codes.find((known) => known.url === url);
  const reaction = await act(() => api.scan(phone.person, url));
  button.disabled = false;
  if (reaction?.result !== "sent") return;
  if (code) phone.account = code.account;
  await refreshed();
  openTab("chat", true);
}

async function decide(page, allowed) {
  await act(() => (allowed ? api.allow(page, phone.person, false) : api.refuse(page, phone.person)));
  await refreshed();
}

const resend = (id) => act(() => api.resend(id));

async function pick(name) {
  phone.person = name;
  phone.mine = null;
  choosePerson(name);
  clearMini();
  hideBanner();
  await refreshed();
}

// ---- news

let running = null;
let again = false;

/** Fetches everything; calls during a fetch lead to one more afterwards. */
async function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      await fetchAll();
    } while (again);
  })().finally(() => { running = null; });
  return running;
}

async function fetchAll() {
  const state = await api.state();
  if (!state.people.length) await api.addPerson("ming");
  const names = state.people.map((person) => person.name);
  if (!names.includes(phone.person)) {
    phone.person = names[0] ?? "ming";
    choosePerson(phone.person);
  }
  if (!phone.account) phone.account = state.accounts[0]?.name ?? "";
  const last = events.at(-1)?.id ?? 0;
  const [mine, newest] = await Promise.all([api.person(phone.person), api.events(Math.max(0, last - EVENTS_SHOWN))]);
  events = newest.slice(-EVENTS_SHOWN);
  phone.ahead = state.now - Math.floor(Date.now() / 1000);
  const before = phone.mine;
  Object.assign(phone, { state, mine });
  announceSms(before, mine);
  draw();
}

/** Fetches everything; a sandbox that does not answer shows on the line. */
const refreshed = () => refresh().catch(() => setLine(false));

function setLine(up) {
  const line = byId("line");
  line.classList.toggle("down", !up);
  if (!up) showBanner(t("offline"));
}

function onSubmit(id, what) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    what(event.submitter ?? byId(id).querySelector("button"));
  });
}

function tick() {
  setText(byId("clock"), new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false }));
  if (!phone.state) return;
  drawCodes(phone.state.qr_codes, now(), scan);
  drawAsked(phone.state.authorizations, now(), decide);
}

function start() {
  translate(document);
  document.title = `Saoma · ${t("title")}`;
  for (const tab of TABS) byId(`tab-${tab}`).addEventListener("click", () => openTab(tab));
  document.querySelector("[role=tablist]").addEventListener("keydown", moveTab);
  byId("account").addEventListener("change", (event) => { phone.account = event.target.value; draw(); });
  byId("follow").addEventListener("click", () => {
    const follows = phone.mine.follows.includes(phone.account);
    act(() => (follows ? api.unfollow : api.follow)(phone.person, phone.account));
  });
  onSubmit("paste", async (button) => {
    await scan(byId("url").value.trim(), button);
    byId("url").value = "";
  });
  startMini(() => phone.person, act);
  onSubmit("say", async () => {
    const text = byId("text").value;
    byId("text").value = "";
    await act(() => api.say(phone.person, phone.account, text));
  });
  onSubmit("add-person", async () => {
    const name = byId("new-name").value.trim();
    if (await act(() => api.addPerson(name))) {
      byId("new-name").value = "";
      await pick(name);
    }
  });
  tick();
  setInterval(tick, 1000);
  api.watch(refreshed, setLine);
  refreshed();
}

start();
