// @ts-check
// The chip at the top right: whether a record needs a look, and what has not been sent yet.
import { t } from "../i18n/index.js";
import { needsLook } from "../outbox/rows.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { shape } from "./parts.js";

/** @param {import("../app.js").App} app */
export function syncChip(app) {
  const status = app.engine?.status();
  const { state, words } = syncState(app);
  return html`<a class="sync" href="#/sync" data-testid="sync-chip" data-unsent=${status?.unsent ?? 0} data-photos=${status?.photosUnsent ?? 0}><span class="in">${shape(state)}${words}</span></a>`;
}

/** @param {import("../app.js").App} app @returns {{state: "overdue" | "waiting" | "done", words: string}} */
export function syncState(app) {
  const status = app.engine?.status();
  const waiting = status?.unsent ?? 0;
  const photos = status?.photosUnsent ?? 0;
  const needs = app.company?.outbox.some(needsLook);
  const state = needs ? "overdue" : waiting || photos ? "waiting" : "done";
  const unsent = waiting ? t("chip.unsent", { n: waiting }) : photos ? t("chip.photos", { n: photos }) : "";
  const words = [needs ? t("chip.attention") : "", unsent].filter(Boolean).join(" · ") || t("chip.sent");
  return { state, words };
}
