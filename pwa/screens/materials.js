// @ts-check
// 物料: what an outlet asks for, and its delivery with a photo and the outlet's signature, or why there is none.
import { deliveryRecord, materialRequestRecord, missing, newPaper } from "../forms/paper_drafts.js";
import { t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { clockCard } from "./clock_card.js";
import { area, facts } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround, unsignedWords } from "./paper_form.js";

const MOST_PHOTOS = 3;

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function materialRequestScreen(app, { outletId }) {
  const key = `material_request:${outletId}`;
  const ground = await paperGround(app, key, outletId);
  if (!ground) return nothingToFill(t("paper.material_request"), outletId);
  return paperForm(app, {
    key,
    fresh: newPaper({ contents: "" }),
    title: t("paper.material_request"),
    ground,
    steps: [{ name: "what", view: asked, faults: (draft) => missing(draft, ["contents"]) }],
    record: (draft, at) => materialRequestRecord(outletId, draft, at),
    saveWords: t("paper.material_request.save"),
  });
}

/** @param {import("./paper_form.js").Form} form */
function asked(form) {
  const company = /** @type {import("../company.js").Company} */ (form.app.company);
  const days = company.policyOf(company.today)["material.working_days"];
  return html`${area(form, "contents")}<p class="small quiet">${t("paper.material_request.due", { n: days })}</p>`;
}

/** @param {import("../app.js").App} app @param {{requestId: string}} params */
export async function deliveryScreen(app, { requestId }) {
  const company = app.company;
  const key = `delivery:${requestId}`;
  const found = company?.work.requests.find((one) => one.id === requestId) ?? null;
  const ground = await paperGround(app, key, found?.outlet_id ?? "", found);
  if (!company || !ground) return nothingToFill(t("paper.delivery"), found?.outlet_id ?? "");
  const request = ground.about;
  return paperForm(app, {
    key,
    fresh: newPaper({ note: "" }),
    title: t("paper.delivery"),
    ground,
    steps: [
      {
        name: "deliver",
        view: (form) => brought(form, request),
        faults: unphotographed,
      },
      { name: "sign", view: () => signedFor(request), faults: () => ({}), isSigned: () => true },
    ],
    record: (draft, at) => deliveryRecord(request, draft, at),
    saveWords: "",
    photoTitle: t("paper.delivery.photo"),
    unsigned: unsignedWords(company, "material", request.due_on),
  });
}

/** @param {any} draft @returns {Record<string, string>} */
function unphotographed(draft) {
  return draft.photos.length ? {} : { photos: "paper.missing.photos" };
}

/** @param {import("./paper_form.js").Form} form @param {any} request */
function brought(form, request) {
  return html`${clockCard(form.app, request)}
    ${facts([
      [t("paper.materials"), request.contents],
      [t("material.requested"), dayText(request.requested_on)],
    ])}
    <section class="section" aria-labelledby="photos"><h2 id="photos">${t("paper.delivery.photo")}</h2>${form.photos({ title: t("paper.delivery.photo"), add: t("paper.delivery.photo.add"), most: MOST_PHOTOS, testId: "paper-photo", isNeeded: true })}</section>
    ${area(form, "note", { isOptional: true, rows: 2 })}`;
}

/** What the other side signs. @param {any} request */
function signedFor(request) {
  return html`<p class="small quiet">${t("paper.sign.delivery")}</p>${facts([[t("paper.materials"), request.contents]])}`;
}
