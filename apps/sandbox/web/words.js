// The texts of the page, in the browser's language.

import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const chinese = (navigator.language || "en").toLowerCase().startsWith("zh");
const words = chinese ? zh : en;

/** The tag of the language, for the document and for dates. */
export const language = chinese ? "zh-CN" : "en";

/** Returns a text with its gaps filled. */
export const t = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, at) => values[at]);

/** Fills every element that names its text, its placeholder or its label. */
export function translate(root) {
  root.querySelectorAll("[data-text]").forEach((node) => { node.textContent = t(node.dataset.text); });
  root.querySelectorAll("[data-placeholder]").forEach((node) => { node.placeholder = t(node.dataset.placeholder); });
  root.querySelectorAll("[data-label]").forEach((node) => { node.setAttribute("aria-label", t(node.dataset.label)); });
}
