// The scanner: QR codes, codes of mini programs and authorization pages that wait.

import * as api from "./api.js";
import { appIcon, button, el, onSubmit, setText, spanOf, sync } from "./dom.js";
import { t } from "./words.js";
import { now, refresh, store } from "./store.js";

/** How long a code of a mini program is in sight: WeChat knows no end of it. */
const MINI_SPAN = 120;

/** Describes a scene; the scene of a login is `login:<purpose>:<id>`. */
function describe(scene) {
  const [prefix, purpose, id] = String(scene).split(":");
  if (prefix === "login" && id) return { title: `${t("login")} · ${purpose}`, detail: `…${id.slice(-6)}` };
  return { title: String(scene), detail: "" };
}

function card(face, title, asks, span, action) {
  return el("li", {}, face,
    el("span", { className: "words" },
      el("strong", { textContent: title }),
      el("span", { className: "small", textContent: asks.filter(Boolean).join(" · ") }),
      el("progress", { max: span, "aria-hidden": "true" }),
      el("span", { className: "small left" })),
    action);
}

function makeCode(code, scan) {
  const { title, detail } = describe(code.scene);
  const picture = el("img", { className: "qr", src: `/sandbox/codes?ticket=${encodeURIComponent(code.ticket)}`, alt: "" });
  const act = button("main", t("scan"), t("scanOf", `${title}, ${code.account} ${detail}`), (node) => scan(code.url, node));
  return card(picture, title, [code.account, detail], code.expires_at - code.created_at, act);
}

function makeMini(code, open) {
  const title = `${t("login")} · ${code.app}`;
  const picture = el("img", { className: "qr", src: `/sandbox/mini-codes?url=${encodeURIComponent(code.url)}`, alt: "" });
  const act = button("main", t("scan"), t("scanOf", title), () => open(code));
  return card(picture, title, [t("miniCode"), `…${code.scene.slice(-6)}`], MINI_SPAN, act);
}

function makeAsked(page, answer) {
  const silent = page.scope === "snsapi_base";
  const title = t(`asks_${page.scope}`, page.app);
  const kind = t(page.scope === "snsapi_login" ? "website" : "inWechat");
  const act = silent
    ? button("main", t("goOn"), `${t("goOn")}: ${title}`, () => answer(page))
    : button("main", t("open"), t("openOf", title), () => answer(page));
  return card(appIcon(page.app), title, [kind, page.host], page.expires_at - page.created_at, act);
}

function updateLeft(item, thing) {
  const left = Math.max(0, thing.expires_at - now());
  const by = thing.scanned_by?.length ? t("scannedBy", thing.scanned_by.join(", ")) : "";
  item.querySelector("progress").value = left;
  item.classList.toggle("scanned", Boolean(by));
  setText(item.querySelector(".left"), [t("left", spanOf(left)), by].filter(Boolean).join(" · "));
}

/** Gives a phone its scanner. */
export function startScan(phone) {
  const { ref } = phone;

  async function scan(url, node) {
    node.disabled = true;
    const code = store.state.qr_codes.find((known) => known.url === url);
    const isNew = code && !phone.mine.follows.includes(code.account);
    if (isNew && !(await phone.meet(code.account))) {
      node.disabled = false;
      return;
    }
    const reaction = await phone.act(() => api.scan(phone.name, url));
    node.disabled = false;
    if (reaction?.result !== "sent") return;
    await refresh();
    phone.openTalk(code?.account ?? store.state.accounts[0].name);
  }

  async function answer(page) {
    if (page.scope !== "snsapi_base") return phone.ask(page);
    await phone.act(() => api.allow(page.id, phone.name, false));
    return refresh();
  }

  onSubmit(ref.paste, async (node) => {
    await scan(ref.url.value.trim(), node);
    ref.url.value = "";
  });

  const draw = () => {
    const open = (list) => list.filter((thing) => thing.expires_at > now());
    const asked = open(store.state.authorizations);
    const minis = open(store.state.mini_codes.map((code) => ({ ...code, expires_at: code.created_at + MINI_SPAN })));
    sync(ref["mini-codes"], minis, (code) => code.url, (code) => makeMini(code, phone.openMiniCode), updateLeft);
    const codes = open(store.state.qr_codes).sort((a, b) => Math.sign(a.scanned_by.length) - Math.sign(b.scanned_by.length));
    sync(ref.codes, codes, (code) => code.ticket, (code) => makeCode(code, scan), updateLeft);
    sync(ref.asked, asked, (page) => page.id, (page) => makeAsked(page, answer), updateLeft);
    ref["no-codes"].hidden = codes.length + minis.length + asked.length > 0;
    return phone.tab === "scan" ? 0 : asked.length + [...codes, ...minis].filter((code) => !code.scanned_by.length).length;
  };
  return { draw };
}
