// @ts-check
// Light, dark, or black on white for sunlight; kept per phone.

export const THEMES = /** @type {const} */ (["auto", "light", "dark", "sunlight"]);
const KEY = "xundian-theme";

/** @returns {string} */
export function theme() {
  return localStorage.getItem(KEY) ?? "auto";
}

/** @param {string} wanted */
export function setTheme(wanted) {
  localStorage.setItem(KEY, wanted);
  applyTheme();
}

/** Follow the phone when it turns dark or light. */
export function followPhoneTheme() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
}

export function applyTheme() {
  const chosen = theme();
  const isDark = chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "dark" : chosen === "auto" ? "light" : chosen;
}
