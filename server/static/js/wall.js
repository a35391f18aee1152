// @ts-check
// The photo wall's zoom: the large picture beside the one of the outlet's last visit; without script the links open the files.

const zoom = /** @type {HTMLDialogElement} */ (document.querySelector("#zoom"));
let shownAt = 0;

/** @returns {HTMLElement[]} the photos of the page in order */
const shots = () => [...document.querySelectorAll("[data-shot]")].map((shot) => /** @type {HTMLElement} */ (shot));

/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (zoom.querySelector(`[data-${name}]`));

/** @param {string} name @param {string | null} address */
function draw(name, address) {
  if (address) part(name).setAttribute("src", address);
  else part(name).removeAttribute("src");
}

/** @param {number} at where in the page; beyond either end nothing changes */
function show(at) {
  const shot = shots()[at];
  if (!shot) return;
  shownAt = at;
  const then = shot.dataset.then ?? null;
  draw("now", shot.getAttribute("href"));
  draw("then", then);
  part("words").textContent = shot.dataset.shot ?? "";
  part("then-words").textContent = shot.dataset.thenWords ?? "";
  part("visit").setAttribute("href", shot.dataset.visit ?? "");
  for (const beside of zoom.querySelectorAll("figure[data-beside]")) beside.toggleAttribute("hidden", !then);
  part("alone").toggleAttribute("hidden", Boolean(then));
  if (!zoom.open) zoom.showModal();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const shot = target?.closest("[data-shot]");
  if (shot && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(shots().indexOf(/** @type {HTMLElement} */ (shot)));
  }
  const step = target?.closest("[data-step]");
  if (step) show(shownAt + Number(step.getAttribute("data-step")));
});

zoom.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  if (event.key in steps) show(shownAt + steps[/** @type {keyof typeof steps} */ (event.key)]);
});
