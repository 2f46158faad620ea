// The desk with its phones, and the log below.

import { byId } from "./dom.js";
import { drawDesk, setLine, shownNames, startDesk, tickDesk } from "./desk.js";
import { drawLog, startLog } from "./log.js";
import { language, t, translate } from "./words.js";
import { startWorld } from "./world.js";

document.documentElement.lang = language;
document.title = `Saoma · ${t("title")}`;
translate(document);
startDesk();
startLog(byId("log"));
setInterval(tickDesk, 1000);
startWorld(shownNames, () => {
  drawDesk();
  drawLog();
}, setLine);
