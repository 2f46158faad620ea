// One phone: its screens, and the numbers of new things on them.

import { setText, stamp, timeOf } from "./dom.js";
import { startChat } from "./chat.js";
import { startMini } from "./mini.js";
import { startBanner } from "./notify.js";
import { startProfile } from "./profile.js";
import { startScan } from "./scan.js";
import { startSheet } from "./sheet.js";
import { startSms } from "./sms.js";
import { t, translate } from "./words.js";
import { now } from "./store.js";

const TABS = ["chat", "scan", "sms", "mini"];

let made = 0;

/** Gives a phone its tabs; `drawn` is called after a tab was opened. */
function startTabs(phone, drawn) {
  const { ref } = phone;
  phone.tab = "scan";
  phone.openTab = (name, focus = false) => {
    phone.tab = name;
    phone.quiet();
    for (const tab of TABS) {
      const open = tab === name;
      ref[`tab-${tab}`].setAttribute("aria-selected", String(open));
      ref[`tab-${tab}`].tabIndex = open ? 0 : -1;
      ref[`panel-${tab}`].hidden = !open;
    }
    if (focus) ref[`tab-${name}`].focus();
    drawn();
  };
  for (const tab of TABS) ref[`tab-${tab}`].addEventListener("click", () => phone.openTab(tab));
  ref.tabs.addEventListener("keydown", (event) => {
    const last = TABS.length - 1;
    const at = TABS.indexOf(phone.tab);
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    phone.openTab(TABS[to], true);
  });
}

/** Shows the number of new things behind a tab. */
function badge(phone, tab, count) {
  const node = phone.ref[`badge-${tab}`];
  setText(node, count ? String(count) : "");
  phone.ref[`tab-${tab}`].setAttribute("aria-description", count ? t("unread", count) : "");
}

/** Returns a function that does something on a phone and shows there why it failed. */
const acting = (phone) => async (what) => {
  try {
    const reaction = await what();
    if (reaction?.result === "not_sent") phone.notify({ text: t(reaction.reason) });
    return reaction;
  } catch (problem) {
    phone.notify({ text: t("failed", problem.message) });
    return null;
  }
};

/** Makes a person's phone; it calls `hold` when it is used and `putAway` when it is to leave the desk. */
export function makePhone(name, { hold, putAway }) {
  made += 1;
  const { root, ref } = stamp("phone", `phone-${made}`);
  translate(root);
  root.dataset.person = name;
  const phone = { name, root, ref, mine: null };
  phone.act = acting(phone);
  startBanner(phone);
  const screens = {};
  const drawScreens = () => {
    if (!phone.mine) return;
    for (const tab of TABS) badge(phone, tab, screens[tab].draw());
    screens.sheet.draw();
  };
  startTabs(phone, drawScreens);
  screens.sheet = startSheet(phone);
  startProfile(phone);
  screens.chat = startChat(phone);
  screens.scan = startScan(phone);
  screens.sms = startSms(phone);
  screens.mini = startMini(phone);
  setText(ref.owner, t("phoneOf", name));
  ref.away.setAttribute("aria-label", t("putAway", name));
  ref.away.addEventListener("click", () => putAway(name));
  for (const event of ["pointerdown", "focusin"]) root.addEventListener(event, () => hold(name));
  phone.tick = () => {
    setText(ref.clock, timeOf(now()));
    if (phone.mine) screens.scan.draw();
  };
  phone.draw = (mine) => {
    phone.mine = mine;
    setText(ref.number, mine.phone);
    drawScreens();
  };
  phone.tick();
  return phone;
}
