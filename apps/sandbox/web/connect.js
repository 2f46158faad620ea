// An authorization page: who acts, and what they decide. Somebody may decide on their phone instead.

import * as api from "./api.js";
import { avatar, byId, el, setText, sync } from "./dom.js";
import { chosenPerson, choosePerson } from "./person.js";
import { t, translate } from "./words.js";

const { page, app, scope, problem, number } = byId("card").dataset;
const silent = scope === "snsapi_base";

function say(title, text) {
  byId("asks").hidden = true;
  byId("says").hidden = false;
  setText(byId("says-title"), title);
  setText(byId("says-text"), text);
}

/** Follows a decision, this page's or the phone's. */
function follow(decision) {
  if (!decision) return;
  if (decision.redirect_url) {
    say(t(decision.allowed ? "allowed" : "refused", decision.person), t("goingBack"));
    location.replace(decision.redirect_url);
  } else say(t("refused", decision.person), t("stays"));
}

async function decide(allowed) {
  const person = byId("people").querySelector("input:checked")?.value;
  if (!person) return;
  choosePerson(person);
  try {
    const snapshot = byId("snapshot").checked;
    follow(await (allowed ? api.allow(page, person, snapshot) : api.refuse(page, person)));
  } catch (error) {
    say(t("failed", error.message), "");
  }
}

function drawPeople(people) {
  const chosen = byId("people").querySelector("input:checked")?.value ?? chosenPerson();
  sync(byId("people"), people, (person) => person.name, ({ name, phone }) =>
    el("label", { className: "person" }, el("input", { type: "radio", name: "person", value: name }), avatar(name),
      el("span", {}, el("strong", { textContent: name }), el("span", { className: "small", textContent: phone }))));
  const inputs = [...byId("people").querySelectorAll("input")];
  const mine = inputs.find((input) => input.value === chosen) ?? inputs[0];
  if (mine) mine.checked = true;
}

async function refresh() {
  const [{ people }, { decision }] = await Promise.all([api.people(), api.authorization(page)]);
  drawPeople(people);
  follow(decision);
}

function start() {
  translate(document);
  document.title = `Saoma · ${t("connectTitle")}`;
  if (problem) return say(t("connectProblem"), [t(`problem_${problem}`), number].filter(Boolean).join(" · "));
  if (location.hash !== "#wechat_redirect") return say(t("connectProblem"), t("problem_fragment"));
  byId("asks").hidden = false;
  setText(byId("title"), t(`asks_${scope}`, app));
  setText(byId("lead"), t(`tells_${scope}`));
  byId("refuse").hidden = silent;
  byId("snapshot-row").hidden = scope !== "snsapi_userinfo";
  if (silent) setText(byId("allow"), t("goOn"));
  byId("allow").addEventListener("click", () => decide(true));
  byId("refuse").addEventListener("click", () => decide(false));
  const fresh = () => refresh().catch((error) => say(t("failed", error.message), ""));
  api.watch(fresh, () => {});
  return fresh();
}

start();
