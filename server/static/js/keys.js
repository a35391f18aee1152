// @ts-check
// Keys of the console: what a page binds by data-key (the review desk, "new", the help), and j, k and o along the rows of a list.

const TYPED_IN = "input, textarea, select";
const OPEN = ":popover-open, dialog[open]";
const BUSY = "[aria-busy], .htmx-request";
const SEARCHED = [".say input:not([type=hidden], [type=date])", ".say select", ".find input"];

document.addEventListener("keydown", (event) => {
  const field = event.target instanceof Element && event.target.closest(TYPED_IN);
  if (field && event.key === "Escape") /** @type {HTMLElement} */ (field).blur();
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!field && isPlain && press(event.key, event.repeat)) event.preventDefault();
});

/**
 * Do what the key stands for on this page; a key held down goes on along the rows, but does nothing twice.
 * @param {string} key one that no field takes @param {boolean} isHeld @returns {boolean} whether it stands for anything
 */
function press(key, isHeld) {
  const bound = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`));
  const open = document.querySelector(OPEN);
  if (document.querySelector(BUSY) || (open && bound?.getAttribute("popovertarget") !== open.id)) return false;
  if (bound) return !isHeld && act(bound, () => bound.click());
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "o") return !isHeld && act(rows()[currentAt()], (row) => row.click());
  return key === "/" && act(searched(), (field) => field.focus());
}

/** @template {HTMLElement} T @param {T | null | undefined} element @param {(element: T) => void} deed @returns {boolean} whether there was one */
function act(element, deed) {
  if (element) deed(element);
  return Boolean(element);
}

/** @returns {HTMLElement[]} the link of each row of the list, in order */
function rows() {
  const links = [...document.querySelectorAll("#result tbody tr")].map((row) => row.querySelector("th[scope=row] a[href]"));
  return links.filter((link) => link instanceof HTMLElement);
}

/** @returns {number} the place of the row that has the focus, -1 without one */
function currentAt() {
  const row = document.activeElement?.closest("tr");
  return rows().findIndex((link) => link.closest("tr") === row);
}

/** @param {number} by one row down or up; from nowhere to the first or the last @returns {boolean} */
function step(by) {
  const links = rows();
  const at = currentAt();
  const next = at < 0 ? links.at(by > 0 ? 0 : -1) : links[at + by];
  return act(next, (link) => link.focus()) || links.length > 0;
}

/** @returns {HTMLElement | null} the first field of the filter sentence, else the search of every page */
function searched() {
  const fields = SEARCHED.map((selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector)));
  return fields.find((field) => field !== null) ?? null;
}
