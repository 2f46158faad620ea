// What the sandbox says, and when it says something new.

import * as api from "./api.js";

const EVENTS_SHOWN = 50;

/** The newest answers: the overview, the people whose phones are on the desk, by name, and the events. */
export const world = { state: null, people: new Map(), events: [], ahead: 0 };

/** Returns WeChat's time in Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000) + world.ahead;

let wanted = () => [];
let draw = () => {};
let tell = () => {};

async function fetchAll() {
  const state = await api.state();
  if (!state.people.length) state.people.push(await api.addPerson("ming"));
  const names = wanted(state);
  const last = world.events.at(-1)?.id ?? 0;
  const [people, newest] = await Promise.all([
    Promise.all(names.map((name) => api.person(name))),
    api.events(Math.max(0, last - EVENTS_SHOWN)),
  ]);
  world.ahead = state.now - Math.floor(Date.now() / 1000);
  world.events = newest.slice(-EVENTS_SHOWN);
  world.people = new Map(people.map((person) => [person.name, person]));
  world.state = state;
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

/** Fetches everything; calls during a fetch lead to one more afterwards. A sandbox that is silent is told of. */
export async function refresh() {
  if (running) again = true;
  else running = run().finally(() => { running = null; });
  return running.catch(() => tell(false));
}

/**
 * Starts to follow the sandbox: `names` says whose phones are wanted, `drawn` is called with every news,
 * `connected` when the line comes and goes.
 */
export function startWorld(names, drawn, connected) {
  [wanted, draw, tell] = [names, drawn, connected];
  api.watch(refresh, connected);
  return refresh();
}
