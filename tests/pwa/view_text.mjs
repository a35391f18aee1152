/** A template's text with the values in it, whatever draws it. @returns {string} */
export function textOf(view) {
  if (Array.isArray(view)) return view.map(textOf).join("");
  if (view?.strings) return view.strings.map((text, at) => text + textOf(view.values[at])).join("");
  return typeof view === "string" || typeof view === "number" ? String(view) : "";
}

/** What a tap on the first element with this attribute (such as `data-testid="save"`, before its @click) does, in a template that nobody draws. @returns {((event?: unknown) => unknown) | undefined} */
export function clickOf(view, attribute) {
  if (Array.isArray(view)) return view.map((one) => clickOf(one, attribute)).find(Boolean);
  if (!view?.strings) return undefined;
  let here = "";
  for (const [at, value] of view.values.entries()) {
    here = (here + view.strings[at]).split("<").at(-1);
    if (here.includes(attribute) && here.endsWith("@click=")) return value;
    const inside = clickOf(value, attribute);
    if (inside) return inside;
    if (typeof value === "string") here += value;
  }
  return undefined;
}
