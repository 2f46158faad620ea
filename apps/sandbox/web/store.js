// The newest answers of the sandbox, fetched again after every change.

import * as api from "./api.js";

const EVENTS_SHOWN = 50;

/** The overview, the people whose phones are on the desk, by name, and the events. */
export const store = { state: null, people: new Map(), events: [], ahead: 0 };

/** Returns WeChat's time in Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000) + store.ahead;

let wanted = () => [];
let draw = () => {};
let tell = () => {};

async function fetchAll() {
  const state = await api.state();
  if (!state.people.length) state.people.push(await api.addPerson("ming"));
  const names = wanted(state);
  const last = store.events.at(-1)?.id ?? 0;
  const [people, newest] = await Promise.all([
    Promise.all(names.map((name) => api.person(name))),
    api.events(Math.max(0, last - EVENTS_SHOWN)),
  ]);
  store.ahead = state.now - Math.floor(Date.now() / 1000);
  store.events = newest.slice(-EVENTS_SHOWN);
  store.people = new Map(people.map((person) => [person.name, person]));
  store.state = state;
  draw();
}

let running = null;
let again = false;

async function run() {
  do {
    again = false;
    await fetchAll();
  } while (again);
}

/** Fetches everything; calls during a fetch lead to one more afterwards. `connected` hears of a failure. */
export async function refresh() {
  if (running) again = true;
  else running = run().finally(() => { running = null; });
  return running.catch(() => tell(false));
}

/**
 * Starts to watch the sandbox: `names` returns the people whose phones are shown, `drawn` is called after every
 * fetch, `connected` when the connection opens or fails.
 */
export function startStore(names, drawn, connected) {
  [wanted, draw, tell] = [names, drawn, connected];
  api.watch(refresh, connected);
  return refresh();
}
