/** kill -9 of a writer at full speed: what it was told is kept is kept, the log verifies, the store opens again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes, randomInt, verify as verifySignature } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { logId, seq } from "../../../gateway/domain/ids.ts";
import { judge } from "../../../gateway/evidence/verify/judge.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStoreSource } from "../../../gateway/store/evidence-source.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";
import { MovableClock } from "../../contract/store/opened-store.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));
const ROUNDS = 6;

/** Runs the writer, kills it some time after it is ready, and returns what it confirmed. */
async function killedAfter(
  dataFolder: string,
  delayMs: number,
): Promise<readonly (readonly [number, string])[]> {
  const child = spawn(process.execPath, [WRITER, dataFolder], { stdio: ["ignore", "pipe", "pipe"] });
  const notices: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => notices.push(chunk.toString()));
  const confirmed: [number, string][] = [];
  let timer: NodeJS.Timeout | undefined;
  const ended = once(child, "close");
  // A whole line was confirmed; the last one may be cut by the kill.
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "ready") timer = setTimeout(() => child.kill("SIGKILL"), delayMs);
    const match = /^(\d+) ([0-9a-f]{64})$/.exec(line);
    if (match !== null) confirmed.push([Number(match[1]), match[2] ?? ""]);
  }
  clearTimeout(timer);
  const [, signal] = await ended;
  expect(signal, notices.join("")).toBe("SIGKILL");
  return confirmed;
}

it("loses nothing that was confirmed, round after round", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "crash-"));
  try {
    const confirmed = new Map<number, string>();
    for (let round = 0; round < ROUNDS; round++) {
      const told = await killedAfter(dataFolder, randomInt(20, 900));
      for (const [at, hash] of told) {
        expect(confirmed.has(at), `sequence number ${at} given twice`).toBe(false);
        confirmed.set(at, hash);
      }
    }
    expect(confirmed.size).toBeGreaterThan(100);

    const signer = await startSigner({ dataFolder });
    const reader = createSealedReader();
    let id = logId("1970");
    let trustText = "";
    try {
      const store = await openStore({
        dataFolder,
        clock: new MovableClock(),
        randomBytes,
        unit: "unit",
        gateway: "g1",
        signer,
        sealedReader: reader,
        onNotice: () => {},
        limits: { reserveBytes: 65_536, lowWaterBytes: 1024 },
      });
      id = store.stats().logId;
      expect(store.logs()).toHaveLength(1);
      for (const [at, hash] of confirmed)
        expect((await store.readEntry({ logId: id, seq: seq(at) })).sha256).toBe(hash);
      const [head] = store.logs();
      trustText = `log ${await signer.vkey(head?.origin ?? "")}\nquorum none\n`;
      await store.close();
    } finally {
      await reader.close();
      await signer.close();
    }
    const source = await openStoreSource(dataFolder);
    const verdict = await judge({
      source,
      sha256,
      verify: ({ publicKey, message, signature }) =>
        verifySignature(
          null,
          message,
          {
            key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]),
            format: "der",
            type: "spki",
          },
          signature,
        ),
      trustText,
      bodies: true,
    });
    await source.close();
    expect(verdict.findings).toEqual([]);
    expect(verdict.result).toBe("ok");
    expect(verdict.logs[0]?.entries).toBeGreaterThanOrEqual(confirmed.size);
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
});
