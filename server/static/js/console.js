// @ts-check
// What every page of the console needs of script: the CSRF token on htmx's requests, notices, closing a toast.

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

document.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (button) button.setAttribute("aria-busy", "true");
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    /** @type {HTMLInputElement | null} */ (document.querySelector(".find input"))?.focus();
    event.preventDefault();
  }
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
