// @ts-check
// Files that wait for the rep and for nobody else: returned by the manager, or never submitted.
import { t } from "../i18n/index.js";
import { byName, ownOutlets } from "../standing.js";
import { shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { allButton } from "./today_all.js";

const MOST_ROWS = 3;
const SHAPES = /** @type {const} */ ({ returned: "overdue", draft: "due" });

/** @param {any[]} outlets @returns {any[]} returned ones first */
export function filesToDo(outlets) {
  const of = (/** @type {string} */ state) => ownOutlets(outlets).filter((outlet) => outlet.state === state && !outlet.refused);
  return [...of("returned").sort(byName), ...of("draft").sort(byName)];
}

/** @param {import("../app.js").App} app @param {{areFilesOpen: boolean}} state */
export function filesSection(app, state) {
  const { outlets } = /** @type {import("../company.js").Company} */ (app.company);
  const files = filesToDo(outlets);
  if (!files.length) return nothing;
  const shown = state.areFilesOpen ? files : files.slice(0, MOST_ROWS);
  return html`<section class="section" aria-labelledby="files"><h2 id="files">${t("files")}</h2>
    ${heading(files, "returned")} ${heading(files, "draft")}
    <div class="card flush rows indent">${shown.map(row)}</div>
    ${files.length > MOST_ROWS ? allButton(app, state, "areFilesOpen", { n: files.length, testId: "all-files" }) : nothing}</section>`;
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
