// @ts-check
// Room on the phone, and whether the browser promises to keep what is there.
import { t } from "../i18n/index.js";
import { isSpaceLow } from "../outbox/storage.js";
import { bytesText } from "../ui/format.js";
import { stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const PHOTO_BYTES = 350_000;
const PLENTY = 1000;

/** @param {import("../app.js").App} app @param {import("../outbox/storage.js").StorageReport} storage @param {import("./sync.js").State} state */
export function roomSection(app, storage, state) {
  if (storage.quota === null && storage.persisted === null) return nothing;
  return html`<section class="section" aria-labelledby="sync.room"><h2 id="sync.room">${t("sync.room")}</h2>
    <div class="card stack s" data-testid="room">${space(storage)} ${promise(app, storage, state)}</div></section>`;
}

/** @param {import("../outbox/storage.js").StorageReport} storage */
function space({ usage, quota, ...rest }) {
  if (quota === null) return nothing;
  const used = usage ?? 0;
  const free = Math.max(0, quota - used);
  const photos = Math.floor(free / PHOTO_BYTES);
  const words = photos > PLENTY ? t("sync.room.plenty") : t("sync.room.photos", { n: photos.toLocaleString("en") });
  const isLow = isSpaceLow({ usage, quota, ...rest });
  return html`<p class="line between"><span>${words}</span><span class="small quiet num">${t("sync.room.left", { size: bytesText(free) })}</span></p>
    <progress class="bar" data-state=${isLow ? "overdue" : "done"} max="100" value=${Math.ceil((used / quota) * 100)} aria-label=${t("sync.room.used")}></progress>
    ${isLow ? html`<p>${stateText("overdue", t("sync.room.low"))}</p>` : nothing}`;
}

/** @param {import("../app.js").App} app @param {import("../outbox/storage.js").StorageReport} storage @param {import("./sync.js").State} state */
function promise(app, { persisted }, state) {
  if (persisted === null) return nothing;
  if (persisted) return html`<p class="small" role="status">${stateText("done", t("sync.room.kept"))}</p>`;
  const ask = async () => {
    state.isRefused = !(await app.engine?.keepStorage());
    app.draw();
  };
  return html`<p class="small">${stateText("none", t("sync.room.not_kept"))}</p>
    <p class="small quiet" role="status">${state.isRefused ? t("sync.room.refused") : nothing}</p>
    <button class="button soft" data-testid="keep-storage" @click=${ask}>${t("sync.room.ask")}</button>`;
}
