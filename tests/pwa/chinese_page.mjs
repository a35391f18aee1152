// A page in 中文 without a browser, for modules that speak: imported before them.
globalThis.localStorage = { getItem: () => null, setItem: () => {} };
globalThis.document = { documentElement: {}, createComment: () => ({}), createTreeWalker: () => ({}) };
const { setLanguage } = await import("../../pwa/i18n/index.js");
await setLanguage("zh");
