// @ts-check
// What every page of the console needs of script: the CSRF token on htmx's requests, notices, closing a toast, ticking all, copying, keys.
import "./copy.js";
import "./keys.js";
import { countTicked } from "./ticked.js";

// The answer to a form that was refused has no address to come back to: going back opens the page with the form.
const { address } = document.body.dataset;
if (address) history.replaceState(history.state, "", address);

document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest" });

/** @param {string} selector */
const content = (selector) => document.querySelector(selector)?.getAttribute("content") ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, parameters, verb } = /** @type {CustomEvent} */ (event).detail;
  headers["X-CSRFToken"] = content('meta[name="csrf-token"]');
  if (verb !== "get") return;
  for (const [name, value] of Object.entries(parameters)) if (value === "") delete parameters[name];
});

document.addEventListener("htmx:beforeRequest", () => document.querySelector("#notices")?.replaceChildren());

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector("#no-answer"));
    if (template) document.querySelector("#notices")?.replaceChildren(template.content.cloneNode(true));
  });
}

document.addEventListener("click", (event) => {
  const closes = event.target instanceof Element && event.target.closest("[data-closes]");
  if (closes) document.getElementById(closes.getAttribute("data-closes") ?? "")?.remove();
});

document.addEventListener("click", (event) => {
  const picks = event.target instanceof Element && event.target.closest("[data-picks]");
  if (!picks) return;
  event.preventDefault();
  const name = CSS.escape(picks.getAttribute("data-picks") ?? "");
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`input[type="checkbox"][name="${name}"]`));
  const areAll = [...boxes].every((box) => box.checked);
  for (const box of boxes) box.checked = !areAll;
  countTicked();
});

document.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (button) button.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
