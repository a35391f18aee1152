// @ts-check
// The signature: strokes with their times, the signer's name and role, or the reason why not.
import { byCompanyClock } from "../business_day.js";
import { countedAnswers } from "../forms/visit_draft.js";
import { t } from "../i18n/index.js";
import { businessDate } from "../rules/months.js";
import { fullDayText } from "../ui/format.js";
import { signPad } from "../ui/sign_pad.js";
import { banner, faultBanner, icon, topbar } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { refusalField, refusalTurn } from "./sign_refusal.js";
import { otherSigner, signerChoices } from "./visit_signer.js";

/** @param {import("./visit.js").Flow} flow */
export function signStep(flow) {
  const known = flow.draft.signer;
  const isListed = known && flow.outlet.signers.some((/** @type {any} */ one) => one.name === known.name && one.role === known.role);
  const state = {
    pad: signPad(
      () => flow.draft.ink,
      (ink) => keep(flow, ink),
    ),
    signer: known ?? flow.outlet.signers[0] ?? { name: "", role: "owner" },
    isOther: flow.outlet.signers.length === 0 || Boolean(known && !isListed),
    refuses: Boolean(flow.draft.signature_refusal) && isRefusalAllowed(flow),
    refusal: flow.draft.signature_refusal ?? "",
  };
  return { view: () => view(flow, state), close: state.pad.close };
}

/** @param {import("./visit.js").Flow} flow @param {import("../ui/signature.js").Ink | null} ink */
function keep(flow, ink) {
  if (flow.error()) flow.complain("");
  void flow.change(ink ? { ink, is_ink_void: false } : { ink });
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function view(flow, state) {
  return html`${topbar(t("sign.title"), { onBack: () => flow.goTo("summary") })}
    <main class="main owner signing">
      <p class="small quiet">${statement(flow)}</p>
      ${flow.draft.is_ink_void ? banner("due", t("sign.void"), "") : nothing} ${state.refuses ? refusalField(state, flow.change, t("sign.refusal.text")) : state.pad.view()} ${faultBanner(flow.error())}
      ${state.refuses ? nothing : signerChoices(flow, state)}
      <div class="line between small">
        ${state.refuses || state.isOther ? html`<span></span>` : otherSigner(flow, state)}
        ${refusalTurn(state, isRefusalAllowed(flow), () => flow.complain(""))}
      </div>
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="sign-save" @click=${() => save(flow, state)}>${icon("check")}${state.refuses ? t("sign.save_without") : t("sign.save")}</button></div></footer>`;
}

/** What the owner puts the name under. @param {import("./visit.js").Flow} flow @returns {string} */
function statement({ app, draft, form }) {
  const { fine, problems, left } = countedAnswers(draft, form);
  const date = fullDayText(businessDate(byCompanyClock(app.company, draft.checked_in_at ?? Date.now())));
  if (fine === form.checklist.length) return t("sign.statement", { date, n: fine });
  const parts = [
    t("sign.fine", { n: fine }),
    problems ? t("sign.problems", { n: problems }) : "",
    left ? t("checklist.left", { n: left }) : "",
  ];
  return t("sign.statement.mixed", { date, parts: parts.filter(Boolean).join(t("list_comma")) });
}

/** Whether a visit may be saved without a signature, with the reason. @param {import("./visit.js").Flow} flow @returns {boolean} */
function isRefusalAllowed({ policy }) {
  return policy["visit.refusal_allowed"] === "true";
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
async function save(flow, state) {
  if (state.refuses) {
    if (!state.refusal.trim()) return flow.complain(t("sign.refusal.missing"), "#refusal");
    await flow.change({ signature: null, signature_refusal: state.refusal.trim() });
    return flow.save();
  }
  const ink = state.pad.ink();
  if (!ink) return flow.complain(t("sign.empty"));
  if (!state.signer.name.trim()) return flow.complain(t("sign.name.missing"), "#signer-name");
  const { bytes, signature } = await state.pad.signed(state.signer);
  await flow.change({ ink, signer: state.signer, signature, signature_refusal: null }, [
    { sha256: signature.sha256, bytes, mime: "image/png" },
  ]);
  if (flow.problem()) return flow.complain(saveFaultText(flow.problem()));
  return flow.save();
}
