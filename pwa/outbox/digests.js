// @ts-check
/** Comparing what this phone holds with what the server would send: a count and an XOR of row hashes per scope. */

const DAY_MS = 86_400_000;

/** @typedef {{count: number, xor: string}} Digest `xor` is 16 hex digits */

/**
 * @param {string[]} scopes held, the empty ones too
 * @param {{type: string, id: string, scope: string, v: number}[]} rows
 * @returns {Promise<Record<string, Digest>>}
 */
export async function digestsOf(scopes, rows) {
  const found = new Map(scopes.map((scope) => [scope, { count: 0, xor: 0n }]));
  const hashes = await Promise.all(rows.map(rowHash));
  rows.forEach((row, at) => {
    const { count, xor } = found.get(row.scope) ?? { count: 0, xor: 0n };
    found.set(row.scope, { count: count + 1, xor: xor ^ hashes[at] });
  });
  return Object.fromEntries([...found].map(([scope, { count, xor }]) => [scope, { count, xor: xor.toString(16).padStart(16, "0") }]));
}

/** The first 8 bytes of SHA-256 of `type:id:v`. @param {{type: string, id: string, v: number}} row */
async function rowHash({ type, id, v }) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${type}:${id}:${v}`));
  return new DataView(bytes).getBigUint64(0);
}

/** Once a day, and when the clock was set back. Pure. @param {string|null} digestedAt @param {number} nowMs */
export function isDigestDue(digestedAt, nowMs) {
  if (digestedAt === null) return true;
  const age = nowMs - Date.parse(digestedAt);
  return age < 0 || age >= DAY_MS;
}
