// @ts-check
// Distances on the ground; positions are WGS-84 degrees (RULEBOOK §11).

const EARTH_RADIUS_M = 6_371_008.8;

/**
 * Metres between two positions, along the sphere (haversine).
 * @param {number} latA @param {number} lonA @param {number} latB @param {number} lonB @returns {number}
 */
export function distanceM(latA, lonA, latB, lonB) {
  const a = radians(latA);
  const b = radians(latB);
  const chord = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(lonB - lonA) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
