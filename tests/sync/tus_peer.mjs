/**
 * The reference server of tus, @tus/server with @tus/file-store, over the folder in its first argument, under the path in the second,
 * for files up to the bytes in the third. Prints its port, and ends with its standard input.
 */
import process from "node:process";
import { FileStore, MemoryConfigstore } from "@tus/file-store";
import { Server } from "@tus/server";

const WEEK_MS = 7 * 24 * 3600 * 1000;
const [directory, path, most] = process.argv.slice(2);

const datastore = new FileStore({ directory, configstore: new MemoryConfigstore(), expirationPeriodInMilliseconds: WEEK_MS });
datastore.extensions = datastore.extensions.filter((name) => name !== "creation-defer-length"); // which we do not offer
const server = new Server({ path, datastore, maxSize: Number(most), relativeLocation: true });
const listener = server.listen(0, "127.0.0.1", () => console.log(listener.address().port));

process.stdin.on("end", () => process.exit(0)).resume();
