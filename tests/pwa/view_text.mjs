/** A template's text with the values in it, whatever draws it. @returns {string} */
export function textOf(view) {
  if (Array.isArray(view)) return view.map(textOf).join("");
  if (view?.strings) return view.strings.map((text, at) => text + textOf(view.values[at])).join("");
  return typeof view === "string" || typeof view === "number" ? String(view) : "";
}
