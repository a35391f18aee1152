// Lighthouse on pages of a Chromium that listens on a port; the one argument is JSON: {port, lat, lon, urls, rounds, keepsStorage}.
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const { port, lat, lon, urls, rounds, keepsStorage } = JSON.parse(process.argv[2]);

/** @param {string} url @returns {Promise<any>} by category the score of 0 to 100, and what cost points */
async function look(url) {
  const page = await browser.newPage();
  await page.setGeolocation({ latitude: lat, longitude: lon, accuracy: 35 });
  const flags = { port, onlyCategories: CATEGORIES, disableStorageReset: keepsStorage, logLevel: "error" };
  const { lhr } = await lighthouse(url, flags, undefined, page);
  await page.close();
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return { shown: lhr.finalDisplayedUrl, ...Object.fromEntries(CATEGORIES.map((name) => [name, judged(lhr, name)])) };
}

function judged({ categories, audits }, name) {
  const { score, auditRefs } = categories[name];
  const weak = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 0.995).map(({ id }) => audits[id]);
  return { score: Math.round(score * 100), lost: weak.map(({ id, score, displayValue }) => `${id} ${score} ${displayValue ?? ""}`.trim()) };
}

const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
await browser.defaultBrowserContext().overridePermissions(new URL(urls[0]).origin, ["geolocation"]);
const looks = [];
for (const url of urls) for (let round = 0; round < rounds; round += 1) looks.push(await look(url));
await browser.disconnect();
console.log(JSON.stringify(looks));
