// @ts-check
// 交易量: what the outlet moved in the last half year, as bars on one scale, with the figures beside.
import { t } from "../i18n/index.js";
import { volumeBars, volumeTrend } from "../rules/volume.js";
import { monthText, roundYuanText } from "../ui/format.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @param {import("../company.js").Company} company @param {any} outlet */
export function volumeSection(company, outlet) {
  const bars = volumeBars(company.volumes.get(outlet.id) ?? [], company.month);
  if (!bars.length) return nothing;
  const trend = volumeTrend(bars);
  return html`<section class="section" aria-labelledby="volume" data-testid="volume"><div class="section-head"><h2 id="volume">${t("volume")}</h2>${trend === null ? nothing : html`<span class="small strong num ${trend < 0 ? "neg" : ""}" data-testid="volume-trend">${trendWords(trend)}</span>`}</div>
    <ol class="card volume">${bars.map(row)}</ol></section>`;
}

/** @param {number} trend percent */
function trendWords(trend) {
  if (trend === 0) return t("volume.same");
  return t(trend > 0 ? "volume.more" : "volume.less", { percent: Math.abs(trend) });
}

/** @param {import("../rules/volume.js").Bar} bar */
function row({ month, yuan, percent, isUnderWay }) {
  const figure = yuan === null ? t("volume.none") : roundYuanText(String(yuan));
  return html`<li><span class="small ${isUnderWay ? "quiet" : ""}">${monthText(month)}${isUnderWay ? html` ${t("volume.so_far")}` : nothing}</span>
    <svg class="measure ${isUnderWay ? "now" : ""}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"></rect><rect class="part" width=${percent} height="10"></rect></svg>
    <span class="small num">${figure}</span></li>`;
}
