/** A server that keeps the promises of SYNC §1 in memory, behind a network that breaks them. */
import { markUpload } from "../../pwa/outbox/upload_rows.js";

export const NOW = "2026-11-24T03:04:05.678Z";

/** Clients, operations and photos of one server; `faults` are answers to give instead, in order; null: give none after doing it. */
export class Server {
  epoch = "e1";
  clients = new Map();
  ops = new Map();
  blobs = new Set();
  faults = { push: [], pull: [], have: [], reconcile: [], digests: [] };
  again = [];
  told = null;
  asked = [];

  fetch = async (path, { body, headers }) => {
    const text = headers["Content-Encoding"] ? await unzipped(body) : body;
    const question = path.split("/").at(-1);
    this.asked.push(question);
    const fault = this.faults[question].shift();
    if (fault) return fault;
    const [status, answer] = this[question](JSON.parse(text));
    if (fault === null) throw new TypeError("connection cut");
    return json(status, { epoch: this.epoch, server_now: NOW, ...answer });
  };

  push({ epoch, client_id, ops }) {
    if (epoch !== null && epoch !== this.epoch) return [409, { code: "epoch_changed" }];
    const slots = this.clients.get(client_id) ?? [];
    this.clients.set(client_id, slots);
    for (const op of ops) {
      if (op.n <= slots.length && slots[op.n - 1] !== op.op_id) return [409, { code: "forked" }];
      if (op.n > slots.length + 1) return [409, { code: "gap", expected_n: slots.length + 1 }];
      if (op.n === slots.length + 1) slots.push(op.op_id);
      if (!this.ops.has(op.op_id)) this.ops.set(op.op_id, { body: JSON.stringify(op.body), blobs: op.blobs });
    }
    return [200, { last_n: slots.length, results: ops.map(({ n, op_id }) => ({ n, op_id, code: "applied", v: 1, missing_blobs: [] })) }];
  }

  pull({ client_id }) {
    return [200, { events: [], cursor: `${this.epoch}.1`, last_n: this.clients.get(client_id)?.length ?? 0 }];
  }

  have({ sha256 }) {
    return [200, { missing: sha256.filter((one) => !this.blobs.has(one)) }];
  }

  digests({ scopes }) {
    this.told = scopes;
    return [200, { again: this.again.splice(0) }];
  }

  reconcile({ op_ids }) {
    return [200, { unknown: op_ids.filter((id) => !this.ops.has(id)) }];
  }

  /** Takes every photo, in place of tus. */
  upload = async (db, hashes) => {
    for (const sha256 of hashes) {
      this.blobs.add(sha256);
      await markUpload(db, sha256, { state: "confirmed" });
    }
    return { kind: "ok", body: {} };
  };
}

export const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const unzipped = (body) => new Response(new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
