/** The browser's cache as far as the spare copies use it; importing this makes it the global one. */

/** How often it was asked, and which of those calls is refused and by what. */
export const calls = { count: 0, refused: Infinity, fault: () => new Error("killed"), isFull: () => false };

function count() {
  calls.count += 1;
  if (calls.count === calls.refused) throw calls.fault();
}

/** Do something while the call of this number is refused, as by a kill. @returns {Promise<boolean>} whether there was such a call */
export async function refusing(number, act) {
  Object.assign(calls, { count: 0, refused: number });
  await act().catch((fault) => {
    if (fault.message !== "killed") throw fault;
  });
  calls.refused = Infinity;
  return calls.count >= number;
}

class FakeCache {
  entries = new Map();

  async keys() {
    count();
    return [...this.entries.keys()].map((path) => ({ url: `https://app.test${path}` }));
  }

  /** As browsers do, an entry is deleted before it is written anew. */
  async put(path, response) {
    count();
    if (this.entries.delete(path)) count();
    if (calls.isFull(path)) throw new DOMException("", "QuotaExceededError");
    this.entries.set(path, await response.arrayBuffer());
  }

  async match(path) {
    count();
    return this.entries.has(path) ? new Response(this.entries.get(path)) : undefined;
  }

  async delete(path) {
    count();
    return this.entries.delete(path);
  }
}

const opened = new Map();

globalThis.caches = {
  keys: async () => [...opened.keys()],
  has: async (name) => opened.has(name),
  delete: async (name) => {
    count();
    return opened.delete(name);
  },
  open: async (name) => {
    count();
    if (!opened.has(name)) opened.set(name, new FakeCache());
    return opened.get(name);
  },
};
