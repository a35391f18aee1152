// @ts-check
// Dragging a planned visit onto another day of the calendar; the form in each visit's details does the same without it.

/** @type {HTMLElement | null} */
let dragged = null;

/** @param {Event} event @param {string} selector */
const around = (event, selector) =>
  /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest(selector) : null);

/** @param {HTMLElement | null} day */
function aim(day) {
  for (const one of document.querySelectorAll(".day.aimed")) if (one !== day) one.classList.remove("aimed");
  day?.classList.add("aimed");
}

document.addEventListener("dragstart", (event) => {
  dragged = around(event, "[data-chip]");
  dragged?.classList.add("dragged");
  if (dragged && event.dataTransfer) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const day = dragged && around(event, "[data-day]");
  if (day) event.preventDefault();
  aim(day);
});

document.addEventListener("drop", (event) => {
  const day = dragged && around(event, "[data-day]");
  const form = /** @type {HTMLFormElement | null | undefined} */ (dragged?.querySelector("form.move"));
  const field = /** @type {HTMLInputElement | null | undefined} */ (form?.querySelector("[name=planned_on]"));
  if (!day || !form || !field) return;
  event.preventDefault();
  if (day.contains(dragged)) return;
  field.value = day.dataset.day ?? "";
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  aim(null);
});
