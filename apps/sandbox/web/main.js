// The desk with its phones, and the log below.

import { byId } from "./dom.js";
import { drawDesk, setLine, shownNames, startDesk, tickDesk } from "./desk.js";
import { drawLog, startLog } from "./log.js";
import { language, t, translate } from "./words.js";
import { startStore } from "./store.js";

document.documentElement.lang = language;
document.title = `Saoma · ${t("title")}`;
translate(document);
startDesk();
startLog(byId("log"));
setInterval(tickDesk, 1000);
startStore(shownNames, () => {
  drawDesk();
  drawLog();
}, setLine);
