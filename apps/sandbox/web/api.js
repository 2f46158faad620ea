// The sandbox's control API.

async function call(method, path, body) {
  const answer = await fetch(`/sandbox/api${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const json = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(json.message);
  return json;
}

const of = (name) => `/people/${encodeURIComponent(name)}`;

export const state = () => call("GET", "/state");
export const people = () => call("GET", "/people");
export const person = (name) => call("GET", of(name));
export const addPerson = (name) => call("POST", "/people", { name });
export const scan = (name, url) => call("POST", `${of(name)}/scan`, { url });
export const follow = (name, account) => call("POST", `${of(name)}/follow`, { account });
export const unfollow = (name, account) => call("POST", `${of(name)}/unfollow`, { account });
export const say = (name, account, text) => call("POST", `${of(name)}/text`, { account, text });
export const authorization = (id) => call("GET", `/authorizations/${id}`);
export const allow = (id, person, snapshot) => call("POST", `/authorizations/${id}/allow`, { person, snapshot });
export const refuse = (id, person) => call("POST", `/authorizations/${id}/refuse`, { person });
export const openMini = (name, app, service_url) => call("POST", `${of(name)}/mini-program/login`, { app, service_url });
export const openApp = (name, app, service_url) => call("POST", `${of(name)}/mobile-app/login`, { app, service_url });
export const onPage = (name, body) => call("POST", `${of(name)}/mini-program/page`, body);
export const givePhone = (name, body) => call("POST", `${of(name)}/mini-program/phone`, body);
export const events = (after) => call("GET", `/events?after=${after}`);
export const resend = (id) => call("POST", `/events/${id}/resend`, {});

/** Calls `changed` after every change, and `connected` when the connection opens or fails. */
export function watch(changed, connected) {
  const stream = new EventSource("/sandbox/api/stream");
  stream.addEventListener("change", changed);
  stream.addEventListener("open", () => connected(true));
  stream.addEventListener("error", () => connected(false));
}
