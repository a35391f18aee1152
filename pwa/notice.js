// @ts-check
/** Which version of the privacy notice a person accepted on this phone. Pure. */

/** Raised with every change of what the notice says: whoever accepted an older one is asked again. */
export const NOTICE_VERSION = 3;

/** @typedef {{version: number, at: string, isSent: boolean}} Accepted `at` by the phone's clock; `isSent`: the company keeps it */

/** @param {string} at @returns {Accepted} */
export function acceptedAt(at) {
  return { version: NOTICE_VERSION, at, isSent: false };
}

/**
 * What a sign-in makes of the acceptance that this phone keeps of the person: one that the company has not heard of is told still, and an
 * older one stands until the new words are accepted. The sign-in's own counts otherwise, as the sign-in pages say.
 * @param {Accepted | undefined} kept @param {string} at @returns {Accepted}
 */
export function acceptedBySignIn(kept, at) {
  const stays = kept && (!kept.isSent || kept.version !== NOTICE_VERSION);
  return stays ? { ...kept, isSent: false } : acceptedAt(at); // every sign-in makes a device of its own, which the company is told about
}

/** Whether the person has still to accept what the notice says now. @param {{notice?: Accepted} | null} session of an older app there is none */
export function isNoticeDue(session) {
  return session !== null && session.notice?.version !== NOTICE_VERSION;
}
