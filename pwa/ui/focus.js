// @ts-check
// Where the eye and the screen reader go after something changed.

/** The heading of the screen that has just been drawn. */
export function focusHeading() {
  /** @type {HTMLElement | null} */ (document.querySelector("h1[tabindex]"))?.focus({ preventScroll: true });
}

/** Bring something into sight and, where it can take it, give it the focus. @param {string} selector @param {ScrollLogicalPosition} [block] "nearest" moves the page no further than needed */
export function bringUp(selector, block = "center") {
  const found = /** @type {HTMLElement | null} */ (document.querySelector(selector));

  found?.scrollIntoView({ block });
  found?.focus({ preventScroll: true });
}
