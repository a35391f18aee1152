// @ts-check
// On an outlet's page: fields that somebody else changed too, with both values and a way to bring one's own back.
import { saveRecord } from "../db/capture.js";
import { canRestore, ownConflicts, restoringEdit } from "../forms/conflicts.js";
import { FIELDS, typedOf } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { bringUp } from "../ui/focus.js";
import { momentText } from "../ui/format.js";
import { faultBanner, icon, stateText } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { cashierText, yesNoText } from "./outlet_file.js";

const GROUPS = /** @type {const} */ (["shared", "proposed", "decided_own"]);
const STATES = /** @type {const} */ ({ mine: "done", theirs: "due", other: "due", waiting: "waiting" });

/** @typedef {{error: string, isSaving: boolean}} State @typedef {import("../forms/conflicts.js").OwnConflict} OwnConflict */

/** @param {import("../app.js").App} app @param {any} outlet @param {any} capture */
export function conflictsSection(app, outlet, capture) {
  /** @type {State} */
  const state = { error: "", isSaving: false };

  /** @param {OwnConflict} conflict @param {any} now the outlet as it is now */
  async function restore(conflict, now) {
    if (state.isSaving) return;
    Object.assign(state, { isSaving: true, error: "" });
    try {
      await saveRecord(capture, restoringEdit(conflict, now));
    } catch (fault) {
      state.error = saveFaultText(fault);
    }
    state.isSaving = false;
    app.draw();
    if (state.error) bringUp("[role=alert]");
  }

  return () => {
    const company = /** @type {import("../company.js").Company} */ (app.company);
    const now = outlet();
    const conflicts = now ? ownConflicts(company.conflicts, now, company.person.id) : [];
    if (!conflicts.length) return nothing;
    return html`${faultBanner(state.error)}
      ${GROUPS.map((group) => {
        const own = conflicts.filter((one) => one.group === group);
        return own.length
          ? section(
              group,
              own.map((one) => card(one, company.today, () => restore(one, now))),
            )
          : nothing;
      })}`;
  };
}

/** @param {OwnConflict["group"]} group @param {unknown[]} cards */
function section(group, cards) {
  return html`<section class="section" aria-labelledby="conflicts-${group}" data-testid="conflicts-${group}"><h2 id="conflicts-${group}">${t(`conflicts.${group}`)}</h2>${cards}</section>`;
}

/** @param {OwnConflict} conflict @param {string} today @param {() => void} restore */
function card(conflict, today, restore) {
  const { field, mine, theirs, byName, at, stands, now, settledBy, isOnItsWay } = conflict;
  const name = t(`field.${field}`);
  const verdict = isOnItsWay ? stateText("waiting", t("conflicts.on_way")) : stateText(STATES[stands], t(`conflicts.${stands}`));
  return html`<div class="card stack s" data-testid="conflict-${field}"><div class="line between"><h3>${name}</h3>${verdict}</div>
    <dl class="kv"><div><dt>${t("conflicts.own")}</dt><dd translate="no">${valueText(field, mine)}</dd></div>
      <div><dt>${byName ? html`<span translate="no">${byName}</span>` : t("conflicts.company")}${at ? html` <span class="num">${momentText(at, today)}</span>` : nothing}</dt><dd translate="no">${valueText(field, theirs)}</dd></div>
      ${stands === "other" ? html`<div data-testid="now-${field}"><dt>${t("conflicts.now")}</dt><dd translate="no">${valueText(field, now)}</dd></div>` : nothing}</dl>
    ${settledBy ? html`<p class="small quiet"><span translate="no">${settledBy}</span> ${t("conflicts.decided")}</p>` : nothing}
    ${canRestore(conflict) ? html`<button class="button wide" data-testid="restore-${field}" aria-label=${t("conflicts.restore.what", { what: name })} @click=${restore}>${icon("undo")}${t("conflicts.restore")}</button>` : nothing}</div>`;
}

/** @param {string} field @param {any} value @returns {string} */
function valueText(field, value) {
  const { kind } = FIELDS[field];
  if (value === null || value === "" || (Array.isArray(value) && !value.length)) return t("conflicts.empty");
  if (kind === "yes_no") return yesNoText(value);
  if (kind === "photo") return t("conflicts.photo");
  if (kind === "cashiers") return value.map(cashierText).join(t("list_comma"));
  if (kind === "position") return `${value.lat.toFixed(5)}, ${value.lon.toFixed(5)}`;
  return String(typedOf(field, value));
}
