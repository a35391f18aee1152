// @ts-check
// The code on the card that hangs at an outlet (server/outlets/cards.py).

const CARD = /^XUNDIAN:([0-9a-f-]{36}):([0-9A-Z]{8})$/;

/** What a QR code says of an outlet's card, or null. Pure. @param {string} text @returns {{outletId: string, code: string} | null} */
export function cardOf(text) {
  const [, outletId, code] = CARD.exec(text.trim()) ?? [];
  return code ? { outletId, code } : null;
}
