// @ts-check
/** Which version of the privacy notice a person accepted on this phone. Pure. */

/** Raised with every change of what the notice says: whoever accepted an older one is asked again. */
export const NOTICE_VERSION = 3;

/** @typedef {{version: number, at: string, isSent: boolean}} Accepted `at` by the phone's clock; `isSent`: the company keeps it */

/** @param {string} at @returns {Accepted} */
export function acceptedAt(at) {
  return { version: NOTICE_VERSION, at, isSent: false };
}

/** Whether the person has still to accept what the notice says now. @param {{notice?: Accepted} | null} session of an older app there is none */
export function isNoticeDue(session) {
  return session !== null && session.notice?.version !== NOTICE_VERSION;
}
