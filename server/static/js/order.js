// @ts-check
// Dragging the questions of a checklist into another order; the buttons do the same without it.
const list = document.querySelector("[data-order]");
const order = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=order]"));

/** @type {HTMLElement | null} */
let dragged = null;

function places() {
  return [...(list?.children ?? [])].map((one) => /** @type {HTMLElement} */ (one).dataset.place ?? "");
}

if (list && order) {
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-place]"))) {
    const grip = one.querySelector(".grip");
    grip?.addEventListener("pointerdown", () => {
      one.draggable = true;
    });
    one.addEventListener("dragstart", () => {
      dragged = one;
      one.classList.add("dragged");
    });
    one.addEventListener("dragend", () => {
      one.draggable = false;
      one.classList.remove("dragged");
      dragged = null;
      order.value = places().join(",");
    });
    one.addEventListener("dragover", (event) => {
      if (!dragged || dragged === one) return;
      event.preventDefault();
      const half = one.getBoundingClientRect();
      list.insertBefore(dragged, event.clientY < half.top + half.height / 2 ? one : one.nextSibling);
    });
  }
}
