// @ts-check
// 更正: a visit that was made, filled in once more where it was wrong.
import { databases } from "../company.js";
import { loadDraft } from "../db/capture.js";
import { correctionKey, mayCorrect, openCorrection } from "../forms/correction_draft.js";
import { t } from "../i18n/index.js";
import { empty, topbar } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { visitFlow } from "./visit.js";

/** @param {import("../app.js").App} app @param {{visitId: string}} params */
export async function correctionScreen(app, { visitId }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const visit = company.visits.find((one) => one.id === visitId);
  const home = visit ? `/visits/${visitId}` : "/today";
  const begun = await loadDraft(capture, correctionKey(visitId));
  const outletId = begun?.outlet_id ?? visit?.outlet_id;
  const here = company.outletById.get(outletId);
  const isOpen = visit ? mayCorrect(company, visit) && Boolean(begun ?? here) : begun !== null;
  const kept = isOpen ? await openCorrection(capture, visitId, app.draw, here) : null;
  if (!kept)
    return {
      title: () => t("correction"),
      view: () => html`${topbar(t("correction"), { back: `#${home}` })}<main class="main">${empty("doc", "correction.gone")}</main>`,
    };
  const outlet = here ?? kept.draft.outlet ?? { id: outletId, name: "", signers: [] };
  return visitFlow(app, { capture, outlet: { ...outlet, name: outlet.name || t("outlet") }, home, kept });
}
