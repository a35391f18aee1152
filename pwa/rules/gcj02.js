// @ts-check
// GCJ-02, the frame in which maps in China are drawn: some 500 m off WGS-84, by the formula that became known in public.

/** The ellipsoid of the formula: Krasovsky 1940. */
const AXIS_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006693421622965943;
/** Degrees around China within which the formula is meant; maps of elsewhere are drawn in WGS-84. */
const CHINA = { south: 0.8293, north: 55.8271, west: 72.004, east: 137.8347 };

/**
 * Where a map in China draws a position; outside of China unchanged.
 * @param {{lat: number, lon: number}} place WGS-84 degrees @returns {{lat: number, lon: number}} GCJ-02 degrees
 */
export function gcj02Of({ lat, lon }) {
  if (!isInChina(lat, lon)) return { lat, lon };
  const [x, y] = [lon - 105, lat - 35];
  const phi = (lat * Math.PI) / 180;
  const root = Math.sqrt(1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2);
  const meridianRadiusM = (AXIS_M * (1 - ECCENTRICITY_SQUARED)) / root ** 3;
  const parallelRadiusM = (AXIS_M / root) * Math.cos(phi);
  return { lat: lat + degrees(northM(x, y) / meridianRadiusM), lon: lon + degrees(eastM(x, y) / parallelRadiusM) };
}

/** @param {number} lat @param {number} lon @returns {boolean} */
function isInChina(lat, lon) {
  return lat >= CHINA.south && lat <= CHINA.north && lon >= CHINA.west && lon <= CHINA.east;
}

/** @param {number} x degrees east of 105° @param {number} y degrees north of 35° */
function northM(x, y) {
  const slope = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return slope + ripple(x) + wave(20, y) + wave(40, y / 3) + wave(160, y / 12) + wave(320, y / 30);
}

/** @param {number} x degrees east of 105° @param {number} y degrees north of 35° */
function eastM(x, y) {
  const slope = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return slope + ripple(x) + wave(20, x) + wave(40, x / 3) + wave(150, x / 12) + wave(300, x / 30);
}

/** The short waves that both directions share. @param {number} x */
function ripple(x) {
  return wave(20, 6 * x) + wave(20, 2 * x);
}

/** @param {number} heightM @param {number} turns half ones */
function wave(heightM, turns) {
  return (2 / 3) * heightM * Math.sin(turns * Math.PI);
}

/** @param {number} radians */
function degrees(radians) {
  return (radians * 180) / Math.PI;
}
