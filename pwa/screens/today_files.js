// @ts-check
// Files that wait for the rep and for nobody else: returned by the manager, or never submitted.
import { t } from "../i18n/index.js";
import { byName, ownOutlets } from "../standing.js";
import { shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const MOST_ROWS = 3;
const SHAPES = /** @type {const} */ ({ returned: "overdue", draft: "due" });

/** @param {any[]} outlets @returns {any[]} returned ones first */
export function filesToDo(outlets) {
  const of = (/** @type {string} */ state) => ownOutlets(outlets).filter((outlet) => outlet.state === state && !outlet.refused);
  return [...of("returned").sort(byName), ...of("draft").sort(byName)];
}

/** @param {any[]} outlets of the company */
export function filesSection(outlets) {
  const files = filesToDo(outlets);
  if (!files.length) return nothing;
  const all = html`<a class="more" href="#/outlets" data-testid="all-files">${t("rescue.all", { n: files.length })}</a>`;
  return html`<section class="section" aria-labelledby="files"><div class="section-head"><h2 id="files">${t("files")}</h2>${files.length > MOST_ROWS ? all : nothing}</div>
    ${heading(files, "returned")} ${heading(files, "draft")}
    <div class="card flush rows indent">${files.slice(0, MOST_ROWS).map(row)}</div></section>`;
}

/** How many of them there are. @param {any[]} files @param {keyof typeof SHAPES} state */
function heading(files, state) {
  const n = files.filter((outlet) => outlet.state === state).length;
  return n ? html`<p class="small quiet">${t(`files.${state}`, { n })}</p>` : nothing;
}

/** @param {any} outlet */
function row(outlet) {
  const state = /** @type {keyof typeof SHAPES} */ (outlet.state);
  const reason = state === "returned" && outlet.file_step?.state === "returned" ? outlet.file_step.reason : "";
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="file-row"><span class="lead first">${shape(SHAPES[state])}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${t(`file.${state}`)}</span>${reason ? html`<span class="small quiet clamp" translate="no">${reason}</span>` : nothing}</span></a>`;
}
