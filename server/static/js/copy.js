// @ts-check
// Buttons that copy the field they name: `data-copies` is its id, `data-copied` and `data-selected` what the button says then.

const SAID_MS = 4000;

/**
 * Put the field's text on the clipboard; a page without HTTPS has only the old way.
 * @param {HTMLInputElement} field
 */
async function copied(field) {
  field.focus();
  field.select();
  if (!navigator.clipboard) return document.execCommand("copy");
  return navigator.clipboard.writeText(field.value).then(
    () => true,
    () => document.execCommand("copy"),
  );
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
  const field = button && document.getElementById(button.getAttribute("data-copies") ?? "");
  const said = button?.querySelector("span");
  if (!(field instanceof HTMLInputElement) || !said || said.dataset.before !== undefined) return;
  said.dataset.before = said.textContent ?? "";
  said.textContent = button.getAttribute((await copied(field)) ? "data-copied" : "data-selected");
  setTimeout(() => {
    said.textContent = said.dataset.before ?? "";
    delete said.dataset.before;
  }, SAID_MS);
});
