// The phones on the desk: several side by side, or one on a narrow screen.

import * as api from "./api.js";
import { avatar, byId, el, onSubmit, setText, sync } from "./dom.js";
import { choosePerson } from "./person.js";
import { makePhone } from "./phone.js";
import { t } from "./words.js";
import { refresh, store } from "./store.js";

const KEPT = "saoma_sandbox_desk";
const PHONE_WIDTH = 390;
const AT_FIRST = 3;

const narrow = matchMedia("(max-width: 760px)");
const phones = new Map();
const desk = { names: null, held: "" };

/** Makes a person the one whose phone is used: authorization pages in this browser act as them. */
function hold(name) {
  if (desk.held === name) return;
  desk.held = name;
  choosePerson(name);
}

/** Returns the names on the desk when the page opens: those of last time, or the first few people. */
function first(here) {
  const room = Math.max(1, Math.min(AT_FIRST, Math.floor(innerWidth / PHONE_WIDTH)));
  const last = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  const still = last.filter((name) => here.includes(name));
  return still.length ? still : here.slice(0, room);
}

/** Returns the names of the people whose phones are shown. */
export function shownNames(state) {
  const here = state.people.map((person) => person.name);
  desk.names ??= first(here);
  if (!desk.held) hold(desk.names[0]);
  const one = here.includes(desk.held) ? desk.held : here[0];
  return narrow.matches ? [one] : desk.names.filter((name) => here.includes(name));
}

function arrange(names) {
  desk.names = names;
  sessionStorage.setItem(KEPT, JSON.stringify(names));
  return refresh();
}

function take(name) {
  hold(name);
  return arrange(desk.names.includes(name) ? desk.names : [...desk.names, name]);
}

function putAway(name) {
  byId("people").querySelector(`[data-person="${CSS.escape(name)}"]`)?.focus();
  return arrange(desk.names.filter((other) => other !== name));
}

function makeChip({ name }) {
  const chip = el("button", { className: "person", type: "button", "data-person": name }, avatar(name), el("span", { textContent: name }));
  chip.addEventListener("click", () => {
    const away = !narrow.matches && desk.names.includes(name);
    return away ? putAway(name) : take(name);
  });
  return el("li", {}, chip);
}

function drawPeople(names) {
  sync(byId("people"), store.state.people, (person) => person.name, makeChip, (item, { name }) =>
    item.firstElementChild.setAttribute("aria-pressed", String(names.includes(name))));
}

function phoneOf(name) {
  if (!phones.has(name)) phones.set(name, makePhone(name, { hold, putAway }));
  return phones.get(name);
}

/** Draws the people and their phones. */
export function drawDesk() {
  const names = shownNames(store.state).filter((name) => store.people.has(name));
  drawPeople(names);
  sync(byId("desk"), names, (name) => name, (name) => phoneOf(name).root);
  for (const name of names) phoneOf(name).draw(store.people.get(name));
  byId("no-phones").hidden = names.length > 0;
}

/** Updates the clock and the countdowns of every phone. */
export function tickDesk() {
  for (const phone of phones.values()) phone.tick();
}

/** Shows whether the sandbox answers. */
export function setLine(up) {
  document.documentElement.classList.toggle("offline", !up);
  setText(byId("problem"), up ? "" : t("offline"));
}

/** Starts the form that adds a person. */
export function startDesk() {
  narrow.addEventListener("change", refresh);
  onSubmit(byId("add-person"), async () => {
    const name = byId("new-name").value.trim();
    try {
      await api.addPerson(name);
    } catch (problem) {
      setText(byId("problem"), t("failed", problem.message));
      return;
    }
    setText(byId("problem"), "");
    byId("new-name").value = "";
    await take(name);
  });
}
