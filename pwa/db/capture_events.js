// @ts-check
/** Dispatches "saved" after each record that was kept, for whoever sends or shows it. */
export const captureEvents = new EventTarget();
