// @ts-check
// The card that hangs at the outlet: scanned, or its code typed, it says that the rep stands before it.
import { t } from "../i18n/index.js";
import { cardOf } from "../rules/outlet_card.js";
import { icon, stateText } from "../ui/parts.js";
import { scanCode } from "../ui/scanner.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @param {import("./visit.js").Flow} flow @param {import("./visit_check_in.js").CheckIn} state */
export function cardField(flow, state) {
  const type = (/** @type {InputEvent} */ event) => {
    state.card = /** @type {HTMLInputElement} */ (event.target).value.toUpperCase();
    state.isScanned = false;
    void flow.change({ card: state.card });
  };
  return html`<section class="card stack s" aria-labelledby="card-title" data-testid="outlet-card"><h2 id="card-title" class="line between"><span>${t("card.title")}</span><span class="small quiet">${t("optional")}</span></h2>
    <p class="small quiet">${t("card.text")}</p>
    <button class="button" data-testid="scan-card" @click=${() => scan(flow, state)}>${icon("qr")}${t("card.scan")}</button>
    <div class="field"><label for="card">${t("card.code")}</label><div class="input"><input id="card" class="num" maxlength="12" autocomplete="off" autocapitalize="characters" .value=${state.card} @input=${type} /></div></div>
    ${state.isScanned ? stateText("done", t("card.right")) : nothing}
  </section>`;
}

/** Another outlet's card is told at once: the phone reads the outlet from it. @param {import("./visit.js").Flow} flow @param {import("./visit_check_in.js").CheckIn} state */
async function scan(flow, state) {
  flow.complain("");
  const { text, problem } = await scanCode(t("card.aim"));
  if (problem)
    return flow.complain(
      t(problem === "scan.unsupported" ? "card.unsupported" : problem === "scan.denied" ? "card.denied" : "scan.closed"),
    );
  const card = cardOf(text ?? "");
  if (!card) return flow.complain(t("card.none"));
  if (card.outletId !== flow.outlet.id) return flow.complain(t("card.other"));
  Object.assign(state, { card: card.code, isScanned: true });
  void flow.change({ card: card.code });
}
