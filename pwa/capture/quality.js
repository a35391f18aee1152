// @ts-check
/** Whether a picture is too blurred or too dark to prove anything. Pure; warnings only. */

const BLUR_BELOW = 40;
const DARK_BELOW = 45;

/**
 * @param {{width: number, height: number, data: ArrayLike<number>}} image RGBA, a few hundred pixels wide
 * @returns {{is_blurred: boolean, is_dark: boolean}}
 */
export function pictureQuality({ width, height, data }) {
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let index = 0; index < grey.length; index += 1) {
    grey[index] = 0.299 * data[4 * index] + 0.587 * data[4 * index + 1] + 0.114 * data[4 * index + 2];
    sum += grey[index];
  }
  const is_dark = sum / grey.length < DARK_BELOW;
  return { is_blurred: laplacianVariance(grey, width, height) < BLUR_BELOW, is_dark };
}

/** @param {Float32Array} grey @param {number} width @param {number} height */
export function laplacianVariance(grey, width, height) {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edge = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      sum += edge;
      squares += edge * edge;
    }
  }
  const count = Math.max((width - 2) * (height - 2), 1);
  return squares / count - (sum / count) ** 2;
}
