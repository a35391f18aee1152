// @ts-check
// How many boxes are ticked, beside the button that acts on them: `data-ticked` is their name, `data-words` has a 0 where the number goes.

/** Say it anew wherever it is said. */
export function countTicked() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-ticked]"))) {
    const name = CSS.escape(place.dataset.ticked ?? "");
    const { length } = document.querySelectorAll(`input[type="checkbox"][name="${name}"]:checked`);
    place.textContent = (place.dataset.words ?? "").replace("0", String(length));
    place.hidden = false;
  }
}

for (const change of ["change", "htmx:afterSwap"]) document.addEventListener(change, countTicked);
addEventListener("pageshow", countTicked);
