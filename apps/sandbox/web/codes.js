// The list of QR codes that can be scanned.

import { byId, el, setText, sync } from "./dom.js";
import { t } from "./words.js";

/** Says in words what a scene is for; the scene of a login is `login:<purpose>:<id>`. */
function describe(scene) {
  const [prefix, purpose, id] = String(scene).split(":");
  if (prefix === "login" && id) return { title: `${t("login")} · ${purpose}`, detail: `…${id.slice(-8)}` };
  return { title: String(scene), detail: "" };
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function make(code, scan) {
  const { title, detail } = describe(code.scene);
  const button = el("button", { className: "main", type: "button", textContent: t("scan"), "aria-label": t("scanOf", title) });
  button.addEventListener("click", () => scan(code.url, button));
  return el("li", { title: String(code.scene) },
    el("span", { className: "code-mark", "aria-hidden": "true" }),
    el("span", { className: "code-words" },
      el("strong", { textContent: title }),
      el("span", { className: "small", textContent: [code.account, detail].filter(Boolean).join(" · ") }),
      el("progress", { max: code.expires_at - code.created_at, "aria-hidden": "true" }),
      el("span", { className: "small left" })),
    button);
}

function update(node, code, now) {
  const left = Math.max(0, code.expires_at - now);
  const scanned = code.scanned_by.length ? ` · ${t("scannedBy", code.scanned_by.join(", "))}` : "";
  node.querySelector("progress").value = left;
  node.classList.toggle("scanned", code.scanned_by.length > 0);
  node.querySelector("button").className = code.scanned_by.length ? "quiet" : "main";
  setText(node.querySelector(".left"), t("left", clock(left)) + scanned);
}

function makeAsked(page, decide) {
  const answer = (key, className, allowed) => {
    const button = el("button", { className, type: "button", textContent: t(key), "aria-label": `${t(key)}: ${page.app}` });
    button.addEventListener("click", () => decide(page.id, allowed));
    return button;
  };
  const silent = page.scope === "snsapi_base";
  const kind = t(page.scope === "snsapi_login" ? "website" : "inWechat");
  return el("li", {},
    el("span", { className: "code-words" },
      el("strong", { textContent: t(`asks_${page.scope}`, page.app) }),
      el("span", { className: "small", textContent: `${kind} · ${page.host}` })),
    silent ? null : answer("refuse", "quiet", false),
    answer(silent ? "goOn" : "allow", "main", true));
}

/** Draws the authorization pages that wait for somebody in a browser. Returns how many there are. */
export function drawAsked(pages, now, decide) {
  const open = pages.filter((page) => page.expires_at > now);
  sync(byId("asked"), open, (page) => page.id, (page) => makeAsked(page, decide));
  return open.length;
}

/** Draws the codes that are open at this moment, newest first. Returns how many nobody has scanned. */
export function drawCodes(codes, now, scan) {
  const open = codes.filter((code) => code.expires_at > now);
  sync(byId("codes"), open, (code) => code.ticket, (code) => make(code, scan), (node, code) => update(node, code, now));
  byId("no-codes").hidden = open.length > 0;
  return open.filter((code) => code.scanned_by.length === 0).length;
}
