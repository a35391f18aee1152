// @ts-check
// What the company noticed about an own visit, in plain words with the innocent reading: the rep sees it as the supervisor does.
import { t } from "../i18n/index.js";
import { dayText, distanceText } from "../ui/format.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{code: string, points: number, figures: Record<string, any>}} Flag as the server sends it (server/visits/documents.py) */

const METRES = new Set(["distance_m", "allowed_m", "accuracy_m", "apart_m"]);
const SPANS = new Set(["age_s", "allowed_s", "early_s", "off_s", "seconds"]);

/** @param {any} visit @param {string} personId whose phone it is */
export function flagsCard(visit, personId) {
  if (visit.rep_id !== personId || typeof visit.score !== "number") return nothing;
  return html`<section class="section" aria-labelledby="flags"><h2 id="flags">${t("flags")}</h2>
    <div class="card stack s" data-testid="flags"><b class="num">${t("flags.score", { score: visit.score })}</b>
      ${visit.flags.length ? visit.flags.map(flagRow) : html`<p class="small">${t("flags.none")}</p>`}
      <p class="small quiet">${t("flags.why")}</p></div></section>`;
}

/** @param {Flag} flag */
function flagRow(flag) {
  return html`<div class="stack xs"><p><b class="num">−${flag.points}</b> ${flagWords(flag)}</p>
    <p class="small quiet">${t("flags.also", { reading: t(`flag.${flag.code}.also`) })}</p></div>`;
}

/** @param {Flag} flag @returns {string} */
export function flagWords({ code, figures }) {
  if (code === "clock_skew" && figures.is_set_back) return t("flag.clock_skew.back", written(figures));
  if (code === "fix_stale" && figures.age_s < 0) return t("flag.fix_stale.late", { ...written(figures), late: spanText(-figures.age_s) });
  return t(`flag.${code}`, written(figures));
}

/** Figures as words, by their names without the unit. @param {Record<string, any>} figures */
function written(figures) {
  /** @type {Record<string, string>} */
  const words = {};
  for (const [name, value] of Object.entries(figures)) {
    if (METRES.has(name)) words[name.replace(/_m$/, "")] = distanceText(value);
    else if (SPANS.has(name)) words[name === "seconds" ? "time" : name.replace(/_s$/, "")] = spanText(value);
    else if (name === "visited_on") words.day = dayText(value);
    else words[name] = String(value);
  }
  return words;
}

/** 90 秒, 15 分, 3 小时, 2 天: in the largest unit that still says enough. @param {number} seconds @returns {string} */
export function spanText(seconds) {
  if (seconds < 600) return t("span.seconds", { n: seconds });
  if (seconds < 7200) return t("span.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 172_800) return t("span.hours", { n: Math.floor(seconds / 3600) });
  return t("span.days", { n: Math.floor(seconds / 86_400) });
}
