// Mini programs: one logs in to its service when it opens, and gives the phone number when there is no account.

import * as api from "./api.js";
import { appIcon, button, el, setText, sync } from "./dom.js";
import { t } from "./words.js";
import { world } from "./world.js";

const line = (text, className = "") => el("p", { className, textContent: text });

const STATES = ["registered", "unregistered"];

function describe({ status, body }) {
  if (status >= 400 || !body) return [line(t("mini_problem", body?.detail ?? body?.title ?? status))];
  const title = STATES.includes(body.state) ? t(`mini_${body.state}`) : t("mini_other", body.state);
  const account = [body.account?.phone, body.account?.id].filter(Boolean);
  return [el("strong", { className: body.state, textContent: title }), ...account.map((text) => line(text, "small"))];
}

/** Gives a phone its mini programs. */
export function startMini(phone) {
  const { ref } = phone;
  let opened = 0;
  let edited = false;

  function phoneButton(body, app, service, show) {
    const login = { app, service_url: service, login: body.id, poll_token: body.poll_token };
    return button("main", t("miniPhone"), "", async (node) => {
      node.disabled = true;
      const answer = await phone.act(() => api.givePhone(phone.name, login));
      node.disabled = false;
      if (answer) show(answer);
    });
  }

  async function open(app) {
    const service = ref["mini-service"].value.trim();
    if (!service) {
      phone.notify({ text: t("miniAddress") });
      ref["mini-service"].focus();
      return;
    }
    opened += 1;
    const mine = opened;
    const put = (...nodes) => mine === opened && ref["mini-result"].replaceChildren(...nodes);
    ref["mini-home"].hidden = true;
    ref["mini-app"].hidden = false;
    setText(ref["mini-title"], app);
    ref["mini-icon"].replaceChildren(appIcon(app));
    ref["mini-title"].focus();
    put(line(t("miniBusy")));
    const answer = await phone.act(() => api.openMini(phone.name, app, service));
    if (!answer) return;
    const unbound = answer.body?.state === "unregistered";
    const show = (next) => put(...describe(next));
    put(...describe(answer), ...(unbound ? [phoneButton(answer.body, app, service, show)] : []));
  }

  function close() {
    const app = ref["mini-title"].textContent;
    opened += 1;
    ref["mini-home"].hidden = false;
    ref["mini-app"].hidden = true;
    [...ref.programs.children].find((item) => item.dataset.key === app)?.firstElementChild.focus();
  }

  function makeTile({ name }) {
    const tile = el("button", { className: "tile", type: "button", "aria-label": t("miniOpen", name) }, appIcon(name), name);
    tile.addEventListener("click", () => open(name));
    return el("li", {}, tile);
  }

  ref["mini-close"].addEventListener("click", close);
  ref["mini-service"].addEventListener("input", () => { edited = true; });

  const draw = () => {
    const programs = world.state.apps.filter((app) => app.kind === "mini_program");
    sync(ref.programs, programs, ({ name }) => name, makeTile);
    ref["mini-form"].hidden = programs.length === 0;
    ref["no-mini"].hidden = programs.length > 0;
    if (!edited && world.state.service_url) ref["mini-service"].value = world.state.service_url;
    return 0;
  };
  return { draw };
}
