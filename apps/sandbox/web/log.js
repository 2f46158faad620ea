// The log of events, for the developers of the service. It stays folded or open as it was left.

import * as api from "./api.js";
import { button, byId, el, exactTimeOf, setText, sync } from "./dom.js";
import { t } from "./words.js";
import { store } from "./store.js";

const KEPT = "saoma_sandbox_log";
const KINDS = { subscribe: "subscribe", unsubscribe: "unsubscribe", scan: "scan-event", text: "text-event", click: "click-event", picture: "picture-event", revoke: "revoke-event" };

function make(event) {
  const again = button("link", t("resend"), t("resendOf", event.id), async (node) => {
    node.disabled = true;
    await api.resend(event.id).catch((problem) => setText(byId("problem"), t("failed", problem.message)));
    node.disabled = false;
  });
  return el("li", {},
    el("p", { className: "what" },
      el("time", { className: "small", textContent: exactTimeOf(event.created_at) }),
      el("span", {}, el("strong", { textContent: event.person }), ` ${t(KINDS[event.kind])} `),
      el("span", { className: "small", textContent: event.account })),
    el("p", { className: "outcomes" }),
    el("p", { className: "small answer" }),
    again,
    el("details", {},
      el("summary", { textContent: event.body.startsWith("{") ? "JSON" : "XML", "aria-label": t("xmlOf", event.id) }),
      el("pre", { textContent: event.body, tabIndex: 0 })));
}

function chip({ outcome, attempts }) {
  const statuses = attempts.map((attempt) => attempt.status ?? attempt.error).join(", ");
  const tries = attempts.length > 1 ? ` · ${t("attempts", attempts.length)}` : "";
  return el("span", { className: `chip ${outcome.outcome}`, title: statuses, textContent: t(outcome.outcome) + tries });
}

function update(item, event) {
  const outcomes = item.querySelector(".outcomes");
  const done = String(event.deliveries.length);
  if (outcomes.dataset.done === done) return;
  outcomes.dataset.done = done;
  const chips = event.deliveries.map(chip);
  outcomes.replaceChildren(...(chips.length ? chips : [el("span", { className: "chip", textContent: t("pending") })]));
  setText(item.querySelector(".answer"), event.deliveries.at(-1)?.outcome.detail ?? "");
}

/** Draws the events, newest first. */
export function drawLog() {
  const { events } = store;
  sync(byId("events"), [...events].reverse(), (event) => event.id, make, update);
  setText(byId("log-count"), events.length ? String(events.at(-1).id) : "");
  byId("no-events").hidden = events.length > 0;
}

/** Starts the log, which remembers whether it is folded. */
export function startLog(log) {
  log.open = sessionStorage.getItem(KEPT) === "open";
  log.addEventListener("toggle", () => sessionStorage.setItem(KEPT, log.open ? "open" : "folded"));
}
