// @ts-check
// What every page of the console needs of script: the CSRF token on htmx's requests, notices, closing a toast, ticking all, keys.

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
});

document.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (button) button.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

const TYPED_IN = "input, textarea, select";

/** @param {KeyboardEvent} event a key that no field takes */
function press(event) {
  if (event.key === "/") {
    /** @type {HTMLInputElement | null} */ (document.querySelector(".find input"))?.focus();
    event.preventDefault();
    return;
  }
  const bound = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`));
  const open = document.querySelector(":popover-open, dialog[open]");
  const isBusy = document.querySelector("[aria-busy], .htmx-request");
  if (!bound || isBusy || (open && bound.getAttribute("popovertarget") !== open.id)) return;
  event.preventDefault();
  bound.click();
}

document.addEventListener("keydown", (event) => {
  const field = event.target instanceof Element && event.target.closest(TYPED_IN);
  if (field && event.key === "Escape") /** @type {HTMLElement} */ (field).blur();
  const isPlain = !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!field && isPlain) press(event);
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
