// @ts-check
// A page over the whole screen that ends with an answer: the camera, a photo, the scanner.
import { render } from "../vendor/lit-html/lit-html.js";

/**
 * @template T
 * @typedef {object} FullPage
 * @property {HTMLDialogElement} element
 * @property {(content: unknown) => void} show
 * @property {(answer: T) => void} end closes the page; the first answer holds
 * @property {Promise<T>} answer
 */

/**
 * @template T @param {string} kind its class @param {string} label for screen readers @param {T} whenClosed the answer to Escape or "back"
 * @returns {FullPage<T>}
 */
export function openFullPage(kind, label, whenClosed) {
  const element = document.createElement("dialog");
  element.className = `full-page ${kind}`;
  element.setAttribute("aria-label", label);
  document.body.append(element);
  element.showModal();
  /** @type {(answer: T) => void} */
  let answered = () => {};
  /** @type {Promise<T>} */
  const answer = new Promise((resolve) => {
    answered = resolve;
  });
  const leave = () => end(whenClosed);
  const end = (/** @type {T} */ given) => {
    answered(given);
    removeEventListener("hashchange", leave);
    element.remove();
  };
  element.addEventListener("close", leave);
  addEventListener("hashchange", leave);
  return { element, end, answer, show: (content) => render(content, element) };
}
