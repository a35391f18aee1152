/** A template's text with the values in it, whatever draws it. @returns {string} */
export function textOf(view) {
  if (Array.isArray(view)) return view.map(textOf).join("");
  if (view?.strings) return view.strings.map((text, at) => text + textOf(view.values[at])).join("");
  return typeof view === "string" || typeof view === "number" ? String(view) : "";
}

/** What a tap on the first element with this attribute (such as `data-testid="save"`, before its @click) does, in a template that nobody draws. @returns {((event?: unknown) => unknown) | undefined} */
export function clickOf(view, attribute) {
  return heardOf(view, attribute, "click");
}

/** The same for what is typed into it. @returns {((event: {target: {value: string}}) => unknown) | undefined} */
export function inputOf(view, attribute) {
  return heardOf(view, attribute, "input");
}

/** The same for what is chosen with it. @returns {((event: {target: object}) => unknown) | undefined} */
export function changeOf(view, attribute) {
  return heardOf(view, attribute, "change");
}

function heardOf(view, attribute, name) {
  if (Array.isArray(view)) return view.map((one) => heardOf(one, attribute, name)).find(Boolean);
  if (!view?.strings) return undefined;
  let here = "";
  for (const [at, value] of view.values.entries()) {
    here = (here + view.strings[at]).split("<").at(-1);
    if (here.includes(attribute) && here.endsWith(`@${name}=`)) return value;
    const inside = heardOf(value, attribute, name);
    if (inside) return inside;
    if (typeof value === "string") here += value;
  }
  return undefined;
}
