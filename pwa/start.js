// @ts-check
// The first to run: it fetches the app and starts it, and says what to do when the app does not come.
import { load } from "./packs.js";

/** In both languages, once. The address stays when it is opened again: it may be a sign-in link. */
function sayWithoutWords() {
  const said = /** @type {HTMLTemplateElement | null} */ (document.getElementById("no-words"));
  if (!said) return;
  document.body.append(said.content.cloneNode(true));
  said.remove();
  document.querySelector("main a")?.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
}

/** @param {unknown} fault */
function fail(fault) {
  console.warn("the app could not be started", fault);
  document.documentElement.dataset.fault = String(fault);
  sayWithoutWords();
}

load("app.js", "app")
  .then((app) => app.startApp())
  .catch(fail);
