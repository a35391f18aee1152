// @ts-check
// 更正: a visit that was made, filled in once more where it was wrong.
import { databases } from "../company.js";
import { mayCorrect, openCorrection } from "../forms/correction_draft.js";
import { t } from "../i18n/index.js";
import { empty, topbar } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { visitFlow } from "./visit.js";

/** @param {import("../app.js").App} app @param {{visitId: string}} params */
export async function correctionScreen(app, { visitId }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const home = `/visits/${visitId}`;
  const visit = company.visits.find((one) => one.id === visitId);
  const kept = visit && mayCorrect(company, visit) ? await openCorrection(capture, visitId, app.draw) : null;
  const outlet = kept && company.outletById.get(visit.outlet_id);
  if (!outlet)
    return {
      title: () => t("correction"),
      view: () => html`${topbar(t("correction"), { back: `#${home}` })}<main class="main">${empty("doc", "correction.gone")}</main>`,
    };
  return visitFlow(app, { capture, outlet, home, kept });
}
