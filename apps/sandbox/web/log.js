// The log of events, for whoever writes the service.

import { byId, el, setText, sync, timeOf } from "./dom.js";
import { t } from "./words.js";

const KINDS = { subscribe: "subscribe", unsubscribe: "unsubscribe", scan: "scan-event", text: "text-event" };

function make(event, resend) {
  const again = el("button", { className: "link", type: "button", textContent: t("resend"), "aria-label": t("resendOf", event.id) });
  again.addEventListener("click", () => resend(event.id));
  return el("li", {},
    el("p", {},
      el("strong", { textContent: event.person }), ` ${t(KINDS[event.kind])} `,
      el("span", { className: "small", textContent: `${event.account} · ${timeOf(event.created_at)}` })),
    el("p", { className: "outcomes" }),
    el("p", { className: "small answer" }),
    el("details", {}, el("summary", { textContent: "XML" }), el("pre", { textContent: event.body, tabIndex: 0 })),
    again);
}

function chip(delivery) {
  const { outcome, attempts } = delivery;
  const statuses = attempts.map((attempt) => attempt.status ?? attempt.error).join(", ");
  const tries = attempts.length > 1 ? ` · ${t("attempts", attempts.length)}` : "";
  return el("span", { className: `chip ${outcome.outcome}`, title: statuses, textContent: t(outcome.outcome) + tries });
}

function update(node, event) {
  const outcomes = node.querySelector(".outcomes");
  const done = String(event.deliveries.length);
  if (outcomes.dataset.done === done) return;
  outcomes.dataset.done = done;
  const chips = event.deliveries.map(chip);
  outcomes.replaceChildren(...(chips.length ? chips : [el("span", { className: "chip", textContent: t("pending") })]));
  setText(node.querySelector(".answer"), event.deliveries.at(-1)?.outcome.detail ?? "");
}

/** Draws the events, newest first. */
export function drawLog(events, resend) {
  const list = byId("log");
  sync(list, [...events].reverse(), (event) => event.id, (event) => make(event, resend), update);
  list.dataset.empty = events.length ? "" : t("noLog");
}
