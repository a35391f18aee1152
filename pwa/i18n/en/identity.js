// @ts-check
// ID numbers.
/** @type {Record<string, string>} */
export const identity = {
  identity: "ID number",
  "identity.enter": "Enter ID number",
  "identity.replace": "Change ID number",
  "identity.known": "In the file",
  "identity.kind": "Which document",
  "identity.kind.resident_id": "Resident ID card",
  "identity.kind.hk_macau_permit": "Mainland travel permit, Hong Kong and Macau",
  "identity.kind.taiwan_permit": "Mainland travel permit, Taiwan",
  "identity.kind.foreigner_permit": "Foreign permanent resident ID card",
  "identity.kind.passport": "Passport",
  "identity.kind.other": "Other document",
  "identity.number": "Number",
  "identity.digits": "{n} of {m} characters",
  "identity.fits": "The number is well formed",
  "identity.no_draft":
    "This page keeps no draft: if you leave before saving, type the number again. It is encrypted as you save, only the company can open it, and the phone keeps the first and last character. Works without a network.",
  "identity.save": "Encrypt and save",
  "identity.broken":
    "The app failed; not saved. The number is still on this page and goes when you leave it. Tap again; if that fails, note it down, close the app, open it again and type it once more.",
  "identity.unsent": "Encrypted on this phone, waiting to be sent",
  "identity.no_key": "The number cannot be entered yet",
  "identity.no_key.text":
    "It is encrypted with the company's key before it is kept, and this phone has not received that key. Sync once with a network, then come back.",
  "identity.bad.required": "Type the number from the document.",
  "identity.bad.id_length": "A resident ID has 18 characters. Check for one missing or too many.",
  "identity.bad.id_characters": "The first 17 must be digits, the last a digit or X.",
  "identity.bad.id_birth_date": "Characters 7 to 14 are not a possible birth date. Compare with the document.",
  "identity.bad.id_check_character": "The last character does not fit: one is mistyped. Compare with the document.",
  "identity.bad.document_number": "It takes 5 to 30 letters or digits.",
  "record.identity": "ID number",
  "problem.identity_unopened": "The company cannot open this ID number: its key is another one, or it was damaged.",
  "problem.identity_unopened.do": "Sync once, then enter it again on the outlet's page.",
  "problem.identity_invalid": "The ID number is not right; the company did not take it in.",
  "problem.identity_invalid.do": "Enter it again on the outlet's page, from the document.",
  "problem.identity_not_yours": "The outlet is another rep's now; the ID number in its file was left as it is.",
  "problem.identity_not_yours.do": "The rep who has it now checks the document. Nothing for you to do.",
  "problem.identity_older": "The company's file has a newer ID number, which holds.",
  "problem.identity_older.do": "Nothing for you to do.",
};
