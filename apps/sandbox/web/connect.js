// An authorization page: the person who acts, and their decision. It may also be made on the simulated phone.

import * as api from "./api.js";
import { appIcon, avatar, byId, el, setText, spanOf, sync } from "./dom.js";
import { chosenPerson, choosePerson } from "./person.js";
import { language, t, translate } from "./words.js";

const { page, app, scope, problem, number, frame } = byId("card").dataset;
const silent = scope === "snsapi_base";

let over = false;

/** Shows the end of the page; nothing changes after that. */
function say(title, text, done = false) {
  over = true;
  byId("asks").hidden = true;
  byId("says").hidden = false;
  byId("sign").classList.toggle("done", done);
  setText(byId("says-title"), title);
  setText(byId("says-text"), text);
  byId("says-title").focus();
}

const fail = (error) => over || say(t("failed", error.message), "");

/** Acts on a decision, this page's or the phone's. */
function follow(decision) {
  if (!decision || over) return;
  const title = t(decision.allowed ? "allowed" : "refused", decision.person);
  say(title, t(decision.redirect_url ? "goingBack" : "stays"), decision.allowed);
  if (decision.redirect_url) (frame === "top" ? top : window).location.replace(decision.redirect_url);
}

async function decide(allowed) {
  const person = byId("people").querySelector("input:checked")?.value;
  if (!person) return;
  choosePerson(person);
  const how = () => (allowed ? api.allow(page, person, byId("snapshot").checked) : api.refuse(page, person));
  await how().then(follow, fail);
}

function drawPeople(people) {
  const chosen = byId("people").querySelector("input:checked")?.value ?? chosenPerson();
  sync(byId("people"), people, (person) => person.name, ({ name, phone }) =>
    el("label", { className: "person" }, el("input", { type: "radio", name: "person", value: name }), avatar(name),
      el("span", {}, el("strong", { textContent: name }), el("span", { className: "small", textContent: phone }))));
  const inputs = [...byId("people").querySelectorAll("input")];
  const mine = inputs.find((input) => input.value === chosen) ?? inputs[0];
  if (mine) mine.checked = true;
  // A decision needs a person.
  byId("allow").disabled = byId("refuse").disabled = !mine;
}

/** Counts down to the end of the page, after which no decision is possible. */
function countDown({ created_at, expires_at }) {
  const end = Date.now() + (expires_at - created_at) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    setText(byId("left"), t("left", spanOf(left)));
    if (left === 0 && !over) say(t("connectOver"), t("connectAgain"));
  };
  tick();
  setInterval(tick, 1000);
}

async function refresh() {
  if (over) return;
  const [{ people }, { decision }] = await Promise.all([api.people(), api.authorization(page)]);
  drawPeople(people);
  follow(decision);
}

function ask() {
  byId("asks").hidden = false;
  byId("icon").replaceChildren(appIcon(app));
  setText(byId("title"), t(`asks_${scope}`, app));
  setText(byId("tells"), t(`tells_${scope}`));
  byId("gets").hidden = byId("refuse").hidden = byId("on-phone").hidden = silent;
  byId("snapshot-row").hidden = scope !== "snsapi_userinfo";
  if (silent) setText(byId("allow"), t("goOn"));
  byId("allow").addEventListener("click", () => decide(true));
  byId("refuse").addEventListener("click", () => decide(false));
  api.authorization(page).then(countDown, fail);
  api.watch(() => refresh().catch(fail), () => {});
}

document.body.classList.toggle("lite", new URLSearchParams(location.search).get("stylelite") === "1");
document.documentElement.lang = language;
document.title = `Saoma · ${t("connectTitle")}`;
translate(document);
if (problem) say(t("connectProblem"), [t(`problem_${problem}`), number].filter(Boolean).join(" · "));
else if (!frame && location.hash !== "#wechat_redirect") say(t("connectProblem"), t("problem_fragment"));
else ask();
