/** The signer and its parent killed at random moments: never a forked history, never a signer left behind. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { checkConsistency } from "../../../gateway/evidence/merkle/check-proof.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { consistencyProof } from "../../../gateway/evidence/merkle/proof.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { ORIGIN, SampleLog } from "../../unit/evidence/sample-log.ts";

const ROUNDS = 10;
let dataFolder: string;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "signer-"));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

async function waitFor(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("kill -9", () => {
  it("of the signer at random moments never lets two trees of one size, or a shrunk one, be signed", async () => {
    const signer = await startSigner({ dataFolder });
    const log = new SampleLog().fill(1);
    const source = { sha256: nodeSha256, read: log.readHashes };
    const roots = [new Uint8Array(32), log.frontier.root()];
    const seen: string[] = [];
    const sign = async (fromSize: number): Promise<void> => {
      const size = log.items.length;
      const proof = await consistencyProof(source, fromSize, size);
      const root = log.frontier.root();
      try {
        seen.push(await signer.sign({ origin: ORIGIN, size, root, fromSize, proof }));
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== "evidence.signerOutOfStep") throw error;
        await sign(Number(error.details["size"]));
      }
    };
    try {
      let last = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const { pid } = signer;
        const steps = 3 + ((round * 7) % 11);
        for (let step = 0; step < steps; step++) {
          const signing = sign(last);
          if (step === steps - 1 && pid !== undefined) {
            for (let turn = 0; turn < round * 40; turn++) await new Promise((next) => setImmediate(next));
            process.kill(pid, "SIGKILL");
          }
          await signing;
          last = log.items.length;
          log.fill(1);
          roots[log.items.length] = log.frontier.root();
        }
        // A longer tree with another entry below what was signed, asked for while the signer comes back.
        const fork = new SampleLog().fill(last - 1);
        fork.addFragment("cam-7");
        fork.fill(3);
        const forkSource = { sha256: nodeSha256, read: fork.readHashes };
        const size = fork.items.length;
        const proof = await consistencyProof(forkSource, last, size);
        const forked = { origin: ORIGIN, size, root: fork.frontier.root(), fromSize: last, proof };
        await expect(signer.sign(forked)).rejects.toMatchObject({ code: "evidence.signerRefused" });
      }
    } finally {
      await signer.close();
    }
    const signed = seen.map((note) => parseCheckpoint(parseNote(note).text));
    for (const [i, newer] of signed.entries()) {
      const older = signed[i - 1];
      if (older === undefined) continue;
      const proof = await consistencyProof(source, older.size, newer.size);
      const claim = {
        oldSize: older.size,
        newSize: newer.size,
        oldRoot: older.root,
        newRoot: newer.root,
        proof,
      };
      expect(checkConsistency(nodeSha256, claim)).toBe(true);
    }
  });

  it("of the parent ends the signer too", async () => {
    const program = `
      import { startSigner } from ${JSON.stringify(new URL("../../../gateway/signer/client.ts", import.meta.url).pathname)};
      const signer = await startSigner({ dataFolder: ${JSON.stringify(dataFolder)} });
      console.log(signer.pid);
    `;
    const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once("data", (line: Buffer) => resolve(Number(line.toString())));
    });
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await waitFor("the signer is gone", () => !isAlive(pid));
    const next = await startSigner({ dataFolder });
    expect(next.keyCreated).toBe(false);
    await next.close();
  });
});
