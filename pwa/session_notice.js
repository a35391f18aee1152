// @ts-check
/** The present person accepts the privacy notice, and the company hears of it. */
import { acceptedAt } from "./notice.js";
import { change, currentRow } from "./session.js";

/** The present person has read it and agrees, with a network or without. */
export async function acceptNotice() {
  const row = await currentRow();
  if (row) await change((tx) => tx.objectStore("sessions").put({ ...row, notice: acceptedAt(new Date().toISOString()) }));
}

/**
 * Tell the company once; what does not get through is told at the next chance.
 * @param {{personId: string, token: string}} by @param {typeof fetch} [send]
 */
export async function tellNotice({ personId, token }, send = fetch) {
  const row = await currentRow();
  if (row?.personId !== personId || !row.notice || row.notice.isSent) return;
  const { version, at } = row.notice;
  const response = await send("/auth/v1/notice", {
    method: "POST",
    body: JSON.stringify({ version, accepted_at: at }),
    headers: { "Content-Type": "application/json", Accept: "application/json", Authorization: `Bearer ${token}` },
    redirect: "error",
  }).catch(() => null);
  if (response?.status !== 204) return;
  const now = await currentRow();
  if (now?.notice?.at !== at) return; // another person, or a newer version meanwhile
  await change((tx) => tx.objectStore("sessions").put({ ...now, notice: { ...now.notice, isSent: true } }));
}
