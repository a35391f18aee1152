// @ts-check
// The signature pad: keeps its ink when the screen turns or the app is opened again.
import SignaturePad from "../vendor/signature_pad/signature_pad.js";

/**
 * @typedef {{width: number, height: number, strokes: any[]}} Ink strokes as the pad gives them, in pixels of that size
 * @typedef {{pad: any, ink: () => Ink | null, clear: () => void, show: (ink: Ink) => void, close: () => void}} Signature
 */

const PEN = { minWidth: 1.2, maxWidth: 3.2, penColor: "#14201d", backgroundColor: "#ffffff" }; // paper in every theme: it is printed

/** @param {HTMLCanvasElement} canvas on the page @param {Ink | null} kept @param {() => void} onStroke after each stroke @returns {Signature} */
export function openSignature(canvas, kept, onStroke) {
  const pad = new SignaturePad(canvas, PEN);
  const ink = () => (pad.isEmpty() ? null : { width: canvas.offsetWidth, height: canvas.offsetHeight, strokes: pad.toData() });
  let shown = kept;
  const fit = () => {
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const [width, height] = [Math.round(canvas.offsetWidth * ratio), Math.round(canvas.offsetHeight * ratio)];
    if (!width || (canvas.width === width && canvas.height === height)) return;
    canvas.width = width; // this empties the canvas
    canvas.height = height;
    /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).scale(ratio, ratio);
    if (shown) pad.fromData(scaled(shown, canvas.offsetWidth, canvas.offsetHeight));
    else pad.clear();
  };
  fit();
  const turning = new ResizeObserver(fit);
  turning.observe(canvas);
  pad.addEventListener("endStroke", () => {
    shown = ink();
    onStroke();
  });
  return {
    pad,
    ink,
    clear: () => {
      shown = null;
      pad.clear();
    },
    show: (drawn) => {
      shown = drawn;
      pad.fromData(scaled(drawn, canvas.offsetWidth, canvas.offsetHeight));
    },
    close: () => {
      turning.disconnect();
      pad.off();
    },
  };
}

/** The strokes fitted into another size, never stretched. @param {Ink} ink @param {number} width @param {number} height @returns {any[]} */
export function scaled(ink, width, height) {
  const factor = Math.min(1, width / ink.width, height / ink.height);
  return ink.strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((/** @type {any} */ point) => ({ ...point, x: point.x * factor, y: point.y * factor })),
  }));
}

/** Strokes as the record keeps them: x, y, and milliseconds since the first touch. @param {any[]} strokes @returns {number[][][]} */
export function timedStrokes(strokes) {
  const start = strokes[0]?.points[0]?.time ?? 0;
  const tenth = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  return strokes.map((stroke) =>
    stroke.points.map((/** @type {any} */ point) => [tenth(point.x), tenth(point.y), Math.round(point.time - start)]),
  );
}
