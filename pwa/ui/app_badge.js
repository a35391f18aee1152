// @ts-check
// The number on the app's icon on the home screen: what is still to send.

/**
 * Shows how many records are unsent, none at 0, where the system has such numbers; where it refuses, the chip in the app still says it.
 * @param {number} unsent @param {any} [browser] a stand-in for tests
 */
export async function showUnsent(unsent, browser = navigator) {
  try {
    await (unsent ? browser.setAppBadge?.(unsent) : browser.clearAppBadge?.());
  } catch {
    // not installed, or forbidden: nobody can do anything about it
  }
}
