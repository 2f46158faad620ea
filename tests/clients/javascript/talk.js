// How a client talks to the test that plays the browser: it says where to go, and is told where that led.

import readline from 'node:readline';

export const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, AFTER_LOGOUT } = process.env;
export const SCOPE = 'openid profile phone offline_access';

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export const say = (what) => console.log(JSON.stringify(what));

export async function visit(authorize) {
  say({ authorize: String(authorize) });
  return new URL((await lines.next()).value);
}

export function done(result) {
  say({ done: result });
  process.exit(0);
}
