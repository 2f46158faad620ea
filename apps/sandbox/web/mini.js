// A mini program on the phone: it logs in to its service, and gives the phone number when there is no account.

import * as api from "./api.js";
import { byId, el, sync } from "./dom.js";
import { t } from "./words.js";

/** Draws the mini programs that can be opened. */
export function drawMini(apps) {
  const programs = apps.filter((app) => app.kind === "mini_program");
  sync(byId("mini-app"), programs, (app) => app.name, ({ name }) => el("option", { value: name, textContent: name }));
  byId("mini").hidden = programs.length === 0;
  byId("no-mini").hidden = programs.length > 0;
}

/** Forgets what another person saw. */
export const clearMini = () => byId("mini-result").replaceChildren();

const line = (text, className = "") => el("p", { className, textContent: text });

function describe({ status, body }) {
  if (status >= 400 || !body) return [line(t("mini_problem", body?.detail ?? body?.title ?? status))];
  const lines = [el("strong", { textContent: t(`mini_${body.state}`) })];
  if (body.account?.phone) lines.push(line(t("mini_phone", body.account.phone)));
  if (body.account?.id) lines.push(line(body.account.id, "small"));
  return lines;
}

/** Lets the form open a mini program for whoever holds the phone. */
export function startMini(person, act) {
  const result = byId("mini-result");
  const show = (answer, ...more) => answer && result.replaceChildren(...describe(answer), ...more);

  function phoneButton(body, app, service_url, name) {
    const button = el("button", { className: "main", type: "button", textContent: t("miniPhone") });
    button.addEventListener("click", async () => {
      button.disabled = true;
      const login = { app, service_url, login: body.id, poll_token: body.poll_token };
      const answer = await act(() => api.givePhone(name, login));
      button.disabled = false;
      if (person() === name) show(answer);
    });
    return button;
  }

  byId("mini").addEventListener("submit", async (event) => {
    event.preventDefault();
    const [app, service, name] = [byId("mini-app").value, byId("mini-service").value.trim(), person()];
    clearMini();
    const answer = await act(() => api.openMini(name, app, service));
    if (!answer || person() !== name) return;
    const unbound = answer.body?.state === "unregistered";
    show(answer, ...(unbound ? [phoneButton(answer.body, app, service, name)] : []));
  });
}
