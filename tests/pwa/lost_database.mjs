/** A phone's database as browsers lose it. */
import { deleteDB } from "../../pwa/vendor/idb/index.js";

/** The database goes as Chromium empties it; what opens next is new. */
export async function lost(db, open) {
  await db.close();
  await deleteDB(db.name);
  return open(db.personId);
}
