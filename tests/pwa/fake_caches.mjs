/** The browser's cache as far as the spare copies use it; importing this makes it the global one. */
class FakeCache {
  entries = new Map();

  async keys() {
    return [...this.entries.keys()].map((path) => ({ url: `https://app.test${path}` }));
  }

  async put(path, response) {
    this.entries.set(path, await response.arrayBuffer());
  }

  async match(path) {
    return this.entries.has(path) ? new Response(this.entries.get(path)) : undefined;
  }

  async delete(path) {
    return this.entries.delete(path);
  }
}

const opened = new Map();

globalThis.caches = {
  keys: async () => [...opened.keys()],
  has: async (name) => opened.has(name),
  delete: async (name) => opened.delete(name),
  open: async (name) => {
    if (!opened.has(name)) opened.set(name, new FakeCache());
    return opened.get(name);
  },
};
