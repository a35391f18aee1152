/**
 * Uploads one file with tus-js-client, as the JSON in its argument says, and goes on from the upload that an earlier run kept in `memory`.
 * Prints one line of JSON: where the upload is, from which byte to which byte this run brought it, and the fault that ended it.
 */
import { createReadStream } from "node:fs";
import process from "node:process";
import { FileUrlStorage, Upload } from "tus-js-client";

const { file, endpoint, token, sha256, memory, chunk_bytes, retries, options } = JSON.parse(process.argv[2]);
const told = { url: null, from: null, to: null, fault: null };

const upload = new Upload(createReadStream(file), {
  endpoint,
  chunkSize: chunk_bytes,
  metadata: { sha256 },
  headers: { Authorization: `Bearer ${token}` },
  urlStorage: new FileUrlStorage(memory),
  retryDelays: Array(retries).fill(100),
  ...options,
  onChunkComplete: (size, accepted) => {
    told.from ??= accepted - size;
    told.to = accepted;
  },
  onSuccess: () => end(null),
  onError: (fault) => end(String(fault)),
});

function end(fault) {
  console.log(JSON.stringify({ ...told, url: upload.url, fault }));
  process.exit(0);
}

const [earlier] = await upload.findPreviousUploads();
if (earlier) upload.resumeFromPreviousUpload(earlier);
upload.start();
