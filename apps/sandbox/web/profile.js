// The card of an official account to which a code led a person who does not follow it. WeChat tells the service nothing until
// they follow, and some never do.

import { appIcon, setText } from "./dom.js";
import { cover, uncover } from "./sheet.js";

/** Gives a phone the card; `phone.meet` shows it, and returns whether its owner follows the account. */
export function startProfile(phone) {
  const { ref } = phone;
  let answer = () => {};
  const decide = (follows) => {
    uncover(phone, ref.profile);
    answer(follows);
  };
  phone.meet = (account) => {
    ref["profile-icon"].replaceChildren(appIcon(account));
    setText(ref["profile-title"], account);
    cover(phone, ref.profile, ref["profile-title"]);
    ref["profile-yes"].scrollIntoView({ block: "nearest" });
    return new Promise((resolve) => { answer = resolve; });
  };
  ref["profile-yes"].addEventListener("click", () => decide(true));
  ref["profile-no"].addEventListener("click", () => decide(false));
  ref.profile.addEventListener("keydown", (event) => { if (event.key === "Escape") decide(false); });
}
