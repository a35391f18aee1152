// @ts-check
// The print button of a sheet of paper; without script the browser's own menu prints.

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-prints]"));
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
