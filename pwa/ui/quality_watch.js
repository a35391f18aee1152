// @ts-check
// Sharpness and light of what the camera sees, a little more than once a second.
import { newCanvas, contextOf } from "../capture/photo.js";
import { pictureQuality } from "../capture/quality.js";

const EVERY_MS = 800;
const WIDTH = 240;

/** @param {HTMLVideoElement} video @param {(quality: {is_blurred: boolean, is_dark: boolean}) => void} tell @returns {() => void} stop */
export function watchQuality(video, tell) {
  const look = () => {
    if (!video.videoWidth) return;
    const height = Math.max(1, Math.round((WIDTH * video.videoHeight) / video.videoWidth));
    const pen = contextOf(newCanvas(WIDTH, height));
    pen.drawImage(video, 0, 0, WIDTH, height);
    tell(pictureQuality(pen.getImageData(0, 0, WIDTH, height)));
  };
  const ticking = setInterval(look, EVERY_MS);
  return () => clearInterval(ticking);
}
