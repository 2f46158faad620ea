// Mini programs and mobile applications: one logs in to its service when it opens. A mini program can give the phone number
// where there is no account.

import * as api from "./api.js";
import { appIcon, button, el, setText, sync } from "./dom.js";
import { t } from "./words.js";
import { store } from "./store.js";

const line = (text, className = "") => el("p", { className, textContent: text });

const KINDS = ["mini_program", "mobile_app"];
const STATES = ["registered", "unregistered"];

function describe({ status, body }) {
  if (status >= 400 || !body) return [line(t("mini_problem", body?.detail ?? body?.title ?? status))];
  const title = STATES.includes(body.state) ? t(`mini_${body.state}`) : t("mini_other", body.state);
  const account = [body.account?.phone, body.account?.id].filter(Boolean);
  return [el("strong", { className: body.state, textContent: title }), ...account.map((text) => line(text, "small"))];
}

/** Shows nodes on the screen of the mini program, unless it was closed meanwhile. */
const put = (screen, run, ...nodes) => run === screen.run && screen.ref["mini-result"].replaceChildren(...nodes);

function phoneButton(screen, run, { app, service, body }) {
  const { phone } = screen;
  const login = { app, service_url: service, login: body.id, poll_token: body.poll_token };
  return button("main", t("miniPhone"), "", async (node) => {
    node.disabled = true;
    const answer = await phone.act(() => api.givePhone(phone.name, login));
    node.disabled = false;
    if (answer) put(screen, run, ...describe(answer));
  });
}

async function logIn(screen, { name: app, kind }, service) {
  const { phone, run } = screen;
  put(screen, run, line(t("miniBusy")));
  const isProgram = kind === "mini_program";
  const openIt = isProgram ? api.openMini : api.openApp;
  const answer = await phone.act(() => openIt(phone.name, app, service));
  if (!answer) return put(screen, run, line(t("miniSilent")));
  const unbound = isProgram && answer.body?.state === "unregistered";
  const more = unbound ? [phoneButton(screen, run, { app, service, body: answer.body })] : [];
  return put(screen, run, ...describe(answer), ...more);
}

const choice = (text, className, click) => button(className, text, "", click);

/** What the page of a login's code shows of who asks. */
function asked({ site, user_agent: agent, ip, same_network: near }) {
  return [
    el("strong", { textContent: t("miniAsks", site) }),
    line([agent, ip].filter(Boolean).join(" · "), "small"),
    line(t(near ? "miniNear" : "miniFar"), near ? "small" : "small warning"),
  ];
}

/** Has the page of a login's code say something, and shows what it led to. */
async function say(screen, run, code, confirm) {
  const { phone, ref } = screen;
  put(screen, run, line(t("miniBusy")));
  const body = { url: code.url, service_url: ref["mini-service"].value.trim(), confirm };
  const answer = await phone.act(() => api.onPage(phone.name, body));
  if (!answer) return put(screen, run, line(t("miniSilent")));
  if (answer.status >= 400) return put(screen, run, ...describe(answer));
  const { state, asker } = answer.body;
  if (state !== "loop") return put(screen, run, el("strong", { className: state, textContent: t(`page_${state}`) }));
  const choices = el("div", { className: "row" },
    choice(t("miniNo"), "quiet", () => say(screen, run, code, false)),
    choice(t("miniYes"), "main", () => say(screen, run, code, true)));
  return put(screen, run, ...asked(asker), choices);
}

/** Shows the list of mini programs, or one of them in front of it. */
function show({ ref }, opened) {
  ref["mini-home"].hidden = opened;
  ref["mini-app"].hidden = !opened;
}

/** Puts a program in front; `work` then goes on in it. */
function open(screen, name, work) {
  const { phone, ref } = screen;
  const service = ref["mini-service"].value.trim();
  if (!service) {
    phone.notify({ text: t("miniAddress") });
    ref["mini-service"].focus();
    return;
  }
  screen.run += 1;
  show(screen, true);
  setText(ref["mini-title"], name);
  ref["mini-icon"].replaceChildren(appIcon(name));
  ref["mini-title"].focus();
  work(service);
}

function close(screen) {
  const { ref } = screen;
  screen.run += 1;
  show(screen, false);
  const app = ref["mini-title"].textContent;
  [...ref.programs.children].find((item) => item.dataset.key === app)?.firstElementChild.focus();
}

function makeTile(screen, app) {
  const { name } = app;
  const tile = el("button", { className: "tile", type: "button", "aria-label": t("miniOpen", name) }, appIcon(name), name);
  tile.addEventListener("click", () => open(screen, name, (service) => logIn(screen, app, service)));
  return el("li", {}, tile);
}

/** Gives a phone its mini programs. */
export function startMini(phone) {
  const { ref } = phone;
  const screen = { phone, ref, run: 0 };
  let edited = false;
  ref["mini-close"].addEventListener("click", () => close(screen));
  ref["mini-service"].addEventListener("input", () => { edited = true; });

  phone.openMiniCode = (code) => {
    phone.openTab("mini");
    open(screen, code.app, () => say(screen, screen.run, code));
  };

  const draw = () => {
    const programs = store.state.apps.filter((app) => KINDS.includes(app.kind));
    sync(ref.programs, programs, ({ name }) => name, (app) => makeTile(screen, app));
    ref["mini-form"].hidden = programs.length === 0;
    ref["no-mini"].hidden = programs.length > 0;
    if (!edited && store.state.service_url) ref["mini-service"].value = store.state.service_url;
    return 0;
  };
  return { draw };
}
