/** `npm run rotate-key` killed at random moments: the log stays one, signed, and the next run finishes the change. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkNote, formatVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { openLogStore } from "../../../gateway/wiring/log-store.ts";
import { systemClock } from "../../../gateway/wiring/system-clock.ts";
import { record } from "../../contract/store/opened-store.ts";
import { verdictOn } from "../../contract/store/verdict.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const ROUNDS = 7;

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "rotate-"));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

/** Runs the command; with a time it is killed, its signer with it, that long after its start. */
async function rotate(killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, ["gateway/commands/rotate-key.ts", "--data", dataFolder], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  if (killAfterMs !== undefined) {
    await pause(killAfterMs);
    child.kill("SIGKILL");
  }
  const [code] = (await ended) as [number | null];
  return code;
}

async function look() {
  const log = await openLogStore({
    dataFolder,
    unit: "demonstration",
    gateway: "a1",
    suite: "ed25519-sha256",
    clock: systemClock(),
    onNotice: () => {},
    onDeath: () => {},
  });
  try {
    const { store, signer } = log;
    const [entry] = await store.append([record({ looked: true })]);
    if (entry === undefined) throw new Error("appended");
    const note = parseNote((await store.covering(entry)).note);
    const { origin, logId } = store.logs()[0] ?? {};
    if (origin === undefined || logId === undefined) throw new Error("there is a log");
    const keys = signer.vkeys(origin);
    const newest = keys.at(-1);
    if (newest === undefined) throw new Error("there is a key");
    return {
      logs: store.logs().length,
      keys: keys.map(formatVerifierKey),
      turnovers: (await store.turnovers(logId)).length,
      newestSigned: await checkNote(note, newest, nodeVerify),
    };
  } finally {
    await log.close();
  }
}

describe("a change of keys that is killed", () => {
  it("leaves one log, signed by the newest of its keys, with a checkpoint for each change", async () => {
    const began = performance.now();
    expect(await rotate()).toBe(0);
    const wholeMs = performance.now() - began;
    let changes = 1;
    for (let round = 0; round < ROUNDS; round++) {
      // The start of the program is the first half; the change itself comes after it.
      await rotate(wholeMs * (0.5 + (0.45 * round) / ROUNDS));
      const seen = await look();
      expect(seen).toMatchObject({ logs: 1, newestSigned: "good" });
      expect(seen.turnovers).toBe(seen.keys.length - 1);
      expect(seen.turnovers).toBeGreaterThanOrEqual(changes);
      changes = seen.turnovers;
    }
    expect(await rotate()).toBe(0);
    const last = await look();
    expect(last.turnovers).toBeGreaterThan(changes);
    expect((await readdir(join(dataFolder, "secrets"))).filter((name) => /next|old/.test(name))).toEqual([]);
    expect((await verdictOn(dataFolder, last.keys)).counts.invalid).toBe(0);
  });
});
