// @ts-check
// Something to be done before the end of a list comes into sight.
import { ref } from "../vendor/lit-html/directives/ref.js";

export const NEAR_PX = 1000;

/**
 * On an element: `then` is called when it comes near the part of the page that is seen, and after each drawing while it is.
 * @param {() => void} then
 */
export function whenNear(then) {
  /** @type {IntersectionObserver | undefined} */
  let watch;
  return ref((/** @type {Element | undefined} */ element) => {
    watch?.disconnect();
    if (!element) return;
    watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) then();
      },
      { rootMargin: `${NEAR_PX}px` },
    );
    watch.observe(element);
  });
}
