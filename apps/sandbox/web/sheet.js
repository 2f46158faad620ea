// The sheet that asks whether a website or an account may know the person.

import * as api from "./api.js";
import { appIcon, avatar, setText } from "./dom.js";
import { t } from "./words.js";
import { refresh, store } from "./store.js";

/** Puts a card over the screens of a phone, and the focus on its title. */
export function cover({ ref }, card, title) {
  card.hidden = false;
  ref.inside.inert = true;
  title.focus();
}

/** Takes a card away; if it had the focus, the scanner gets it. */
export function uncover({ ref }, card) {
  const focused = card.contains(document.activeElement);
  card.hidden = true;
  ref.inside.inert = false;
  if (focused) ref["tab-scan"].focus();
}

function show(phone, page) {
  const { ref, name } = phone;
  ref["sheet-icon"].replaceChildren(appIcon(page.app));
  setText(ref["sheet-title"], t(`asks_${page.scope}`, page.app));
  setText(ref["sheet-tells"], t(`tells_${page.scope}`));
  ref["sheet-me"].replaceChildren(avatar(name), name);
  ref["snapshot-row"].hidden = page.scope !== "snsapi_userinfo";
  ref.snapshot.checked = false;
  cover(phone, ref.sheet, ref["sheet-title"]);
}

/** Gives a phone the sheet on which its owner decides. */
export function startSheet(phone) {
  const { ref } = phone;
  let page = null;
  phone.ask = (asked) => {
    page = asked;
    show(phone, page);
  };
  const leave = () => {
    page = null;
    uncover(phone, ref.sheet);
  };
  async function decide(allowed) {
    const { id, app } = page;
    const how = allowed ? () => api.allow(id, phone.name, ref.snapshot.checked) : () => api.refuse(id, phone.name);
    const decision = await phone.act(how);
    if (decision) phone.notify({ text: t(decision.allowed ? "youAllowed" : "youRefused", app) });
    leave();
    await refresh();
  }
  ref.allow.addEventListener("click", () => decide(true));
  ref.refuse.addEventListener("click", () => decide(false));
  ref.later.addEventListener("click", leave);
  ref.sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });

  /** Closes the sheet when its page was decided elsewhere or has expired. */
  const draw = () => {
    if (page && !store.state.authorizations.some(({ id }) => id === page.id)) leave();
  };
  return { draw };
}
