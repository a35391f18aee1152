// @ts-check
// The chip at the top right: what has not been sent yet.
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { shape } from "./parts.js";

/** @param {import("../app.js").App} app */
export function syncChip(app) {
  const status = app.engine?.status();
  const waiting = status?.unsent ?? 0;
  const photos = status?.photosUnsent ?? 0;
  const needs = app.company?.outbox.some((row) => row.state === "attention");
  const state = needs ? "overdue" : waiting || photos ? "waiting" : "done";
  const words = needs
    ? t("chip.attention")
    : waiting
      ? t("chip.unsent", { n: waiting })
      : photos
        ? t("chip.photos", { n: photos })
        : t("chip.sent");
  return html`<a class="sync" href="#/sync" data-testid="sync-chip" data-unsent=${waiting} data-photos=${photos}><span class="in">${shape(state)}${words}</span></a>`;
}
