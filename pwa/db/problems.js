// @ts-check
/** Faults of the phone's storage, named by a stable code. */

/** @typedef {Error & {code: string, [extra: string]: unknown}} CodedError */

/**
 * An error with a code that a screen can put into words.
 * @param {string} code
 * @param {Record<string, unknown>} [extras]
 * @returns {CodedError}
 */
export function coded(code, extras = {}) {
  return Object.assign(new Error(code), { code }, extras);
}

/**
 * Whether the connection, not the request, is at fault: WebKit drops connections of sleeping pages.
 * @param {unknown} fault
 */
export function isConnectionLost(fault) {
  const name = /** @type {{name?: string}} */ (fault)?.name ?? "";
  return ["InvalidStateError", "UnknownError", "AbortError", "TransactionInactiveError"].includes(name);
}

/**
 * The fault as a coded error; a fault of our own keeps its code.
 * @param {any} fault
 * @returns {CodedError}
 */
export function storageProblem(fault) {
  if (typeof fault?.code === "string") return fault;
  if (fault?.name === "QuotaExceededError") return coded("storage_full", { cause: fault });
  if (isConnectionLost(fault) || fault?.name === "VersionError") return coded("storage_lost", { cause: fault });
  return fault;
}
