// @ts-check
/** The camera inside the app: what it shoots was taken now, by this phone. */
import { coded } from "../db/problems.js";
import { contextOf, encoded, newCanvas } from "./photo.js";

const SHOT_QUALITY = 0.95;

/**
 * @typedef {object} Camera
 * @property {() => Promise<Blob>} shoot the frame on screen as a JPEG
 * @property {() => void} stop
 * @property {(isOn: boolean) => Promise<void>} [torch] only where the phone has one
 */

/**
 * @param {HTMLVideoElement} video shows the picture; must be in the document
 * @returns {Promise<Camera>} rejects with the code camera_denied or camera_missing (then offer a file)
 */
export async function openCamera(video) {
  const stream = await requestStream();
  const [track] = stream.getVideoTracks();
  const stop = () => {
    for (const one of stream.getTracks()) one.stop();
    video.srcObject = null;
  };
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
  } catch (fault) {
    stop();
    throw coded("camera_missing", { cause: fault });
  }
  return { shoot: () => shoot(video), stop, ...torchOf(track) };
}

async function requestStream() {
  if (!navigator.mediaDevices?.getUserMedia) throw coded("camera_missing");
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (fault) {
    const isDenied = ["NotAllowedError", "SecurityError"].includes(/** @type {Error} */ (fault).name);
    throw coded(isDenied ? "camera_denied" : "camera_missing", { cause: fault });
  }
}

/** @param {HTMLVideoElement} video */
async function shoot(video) {
  if (!video.videoWidth) throw coded("camera_missing");
  const canvas = newCanvas(video.videoWidth, video.videoHeight);
  contextOf(canvas).drawImage(video, 0, 0);
  return encoded(canvas, SHOT_QUALITY);
}

/** @param {MediaStreamTrack} track @returns {{torch?: (isOn: boolean) => Promise<void>}} */
function torchOf(track) {
  const abilities = /** @type {any} */ (track.getCapabilities?.() ?? {});
  if (!abilities.torch) return {};
  return { torch: (isOn) => track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: isOn }] })) };
}
