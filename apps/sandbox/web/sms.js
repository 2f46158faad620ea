// The SMS, and the notification when one arrives.

import { el, sync, timeOf } from "./dom.js";
import { copyButton } from "./notify.js";
import { t } from "./words.js";

const make = (sms) => el("li", {},
  el("time", { textContent: timeOf(sms.at) }),
  el("div", { className: "bubble" },
    el("p", {}, t("smsBefore", sms.purpose), el("strong", { className: "code", textContent: sms.code }),
      t("smsAfter", Math.ceil(sms.expires_in / 60))),
    copyButton(sms.code)));

/** Gives a phone its SMS. */
export function startSms(phone) {
  const { ref } = phone;
  let [read, announced] = [null, null];

  function announce(sms) {
    if (announced !== null && sms && sms.id > announced && phone.tab !== "sms") {
      phone.notify({
        from: t("tabSms"),
        text: t("newSms", sms.code),
        open: () => phone.openTab("sms", true),
        action: copyButton(sms.code),
      });
    }
    announced = sms?.id ?? 0;
  }

  const draw = () => {
    const { sms } = phone.mine;
    const newest = sms.at(-1)?.id ?? 0;
    const grown = newest && newest !== Number(ref.sms.lastElementChild?.dataset.key);
    sync(ref.sms, sms, ({ id }) => id, make);
    ref["no-sms"].hidden = sms.length > 0;
    if (read === null || phone.tab === "sms") read = newest;
    if (phone.tab === "sms" && grown) ref["sms-list"].scrollTop = ref["sms-list"].scrollHeight;
    announce(sms.at(-1));
    return sms.filter(({ id }) => id > read).length;
  };
  return { draw };
}
