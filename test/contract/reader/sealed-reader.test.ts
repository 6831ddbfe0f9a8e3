/** The reader process: answers, refusals, deaths and its end, on real volumes. */
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { SealedReaderClient, SealedReaderOptions } from "../../../gateway/reader/contract.ts";
import { Database, put } from "../../../gateway/store/database.ts";
import { seqKey } from "../../../gateway/store/keys.ts";

let folder = "";
let volume = "";
let reader: SealedReaderClient;
const deaths: unknown[] = [];

function start(options: SealedReaderOptions = {}): void {
  reader = createSealedReader({ ...options, onDeath: (end) => deaths.push(end) });
}

const running = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

beforeEach(async () => {
  deaths.length = 0;
  folder = await mkdtemp(join(tmpdir(), "reader-"));
  volume = join(folder, "000000000001");
  // Opened a second time, so that the values lie in a table as in a sealed volume.
  for (let i = 0; i < 2; i++) {
    const database = await Database.open(volume);
    if (i === 0)
      await database.write(
        [1, 2, 3].map((seq) => put(seqKey(seq), new Uint8Array(200_000).fill(seq))),
        { sync: true },
      );
    await database.close();
  }
  start();
});
afterEach(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

it("starts at the first read, answers many at once, and says when there is nothing", async () => {
  expect(reader.pid).toBeUndefined();
  const values = await Promise.all([1, 2, 3, 4].map((seq) => reader.read(volume, seq)));
  expect(values.map((value) => value?.[0])).toEqual([1, 2, 3, undefined]);
  expect(values[0]).toHaveLength(200_000);
});

it("names a volume that can't be opened, and never makes one", async () => {
  const missing = join(folder, "000000000099");
  await expect(reader.read(missing, 1)).rejects.toMatchObject({
    code: "store.volumeUnreadable",
    details: { volume: missing },
  });
});

it("lets go of a volume on release, so that another process can have it", async () => {
  await reader.read(volume, 1);
  await expect(Database.open(volume)).rejects.toMatchObject({ code: "store.unreadable" });
  await reader.release(volume);
  await (await Database.open(volume)).close();
  expect((await reader.read(volume, 2))?.[0]).toBe(2);
});

it("refuses more than its bound at once", async () => {
  await reader.close();
  start({ maxPending: 2 });
  const results = await Promise.allSettled([1, 2, 3].map((seq) => reader.read(volume, seq)));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(results[2]).toMatchObject({ reason: { code: "store.readerAway" } });
});

it("dies alone of a table that was cut off while mapped, and serves the next request", async () => {
  await reader.read(volume, 1);
  for (const name of await readdir(volume)) if (name.endsWith(".ldb")) await truncate(join(volume, name), 0);
  await expect(reader.read(volume, 2)).rejects.toMatchObject({
    code: expect.stringMatching(/^store\.(readerAway|volumeUnreadable)$/),
  });
  expect(deaths).toContainEqual({ code: null, signal: "SIGBUS" });
  const sound = join(folder, "000000000007");
  const database = await Database.open(sound);
  await database.write([put(seqKey(7), Uint8Array.of(7))], { sync: true });
  await database.close();
  expect(await reader.read(sound, 7)).toEqual(Buffer.from([7]));
});

it("answers a request whose process was killed, by another process", async () => {
  await reader.read(volume, 1);
  const { pid } = reader;
  const read = reader.read(volume, 2);
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  expect((await read)?.[0]).toBe(2);
});

it("ends a read that gets no answer in time, and the process with it", async () => {
  await reader.close();
  start({ requestMs: 300 });
  await reader.read(volume, 1);
  const { pid } = reader;
  if (pid === undefined) throw new Error("the reader does not run");
  process.kill(pid, "SIGSTOP");
  await expect(reader.read(volume, 2)).rejects.toMatchObject({ code: "store.readerAway" });
  expect((await reader.read(volume, 3))?.[0]).toBe(3);
  expect(running(pid)).toBe(false);
});

it("has no process left after close, and refuses from then on", async () => {
  await reader.read(volume, 1);
  const { pid } = reader;
  if (pid === undefined) throw new Error("the reader does not run");
  await reader.close();
  expect(running(pid)).toBe(false);
  await expect(reader.read(volume, 1)).rejects.toMatchObject({ code: "store.closed" });
  await reader.close();
});
