/** The real store on a fresh folder, for tests of what is built on it; signed in this process to start quickly. */
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import type { Clock } from "../../gateway/domain/time.ts";
import { formatCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { formatNote } from "../../gateway/evidence/note.ts";
import type { TreeSigner } from "../../gateway/evidence/tree-signer.ts";
import {
  NOTE_ED25519,
  formatVerifierKey,
  signNote,
  verifierKey,
} from "../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeSign, publicKeyBytes } from "../../gateway/signer/ed25519.ts";
import type { Store, StoreOptions } from "../../gateway/store/contract.ts";
import { NO_READER } from "./store/no-reader.ts";
import { openStore } from "../../gateway/store/open-store.ts";

/** A clock whose wall time a test moves; monotonic time is the real one. */
export interface TestClock extends Clock {
  setWallMs(wallMs: number): void;
}

/** 2026-11-20 in Beijing, in the morning. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 20, 1, 0, 0);

export function testClock(startMs: number = TEST_NOW_MS): TestClock {
  let base = startMs;
  let setAt = performance.now();
  return {
    boot: randomUUID(),
    wallMs: () => Math.floor(base + performance.now() - setAt),
    monotonicMs: () => performance.now(),
    ntp: () => "synced",
    setWallMs(wallMs) {
      base = wallMs;
      setAt = performance.now();
    },
  };
}

export async function freshFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "gateway-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

const { privateKey } = generateKeyPairSync("ed25519");
const signed = new Map<string, { readonly size: number; readonly note: string }>();

/** Verifier key of a test log, by its origin. */
export function testVerifierKey(origin: string): string {
  return formatVerifierKey(
    verifierKey(nodeSha256, { name: origin, type: NOTE_ED25519, publicKey: publicKeyBytes(privateKey) }),
  );
}

/** One key for the test process; what was signed last is remembered per folder, as the signer's own state is. */
function inProcessSigner(folder: string): TreeSigner {
  const keyOf = (origin: string) =>
    verifierKey(nodeSha256, {
      name: origin,
      type: NOTE_ED25519,
      publicKey: publicKeyBytes(privateKey),
    });
  return {
    async sign(tree) {
      const last = signed.get(`${folder} ${tree.origin}`);
      if (last !== undefined && last.size === tree.size) return last.note;
      if (tree.fromSize !== (last?.size ?? 0))
        throw new CodedError("evidence.signerOutOfStep", { size: last?.size ?? 0 });
      const note = formatNote(
        await signNote(formatCheckpoint(tree), keyOf(tree.origin), nodeSign(privateKey)),
      );
      signed.set(`${folder} ${tree.origin}`, { size: tree.size, note });
      return note;
    },
    last: async (origin) => signed.get(`${folder} ${origin}`)?.note,
    vkey: async (origin) => formatVerifierKey(keyOf(origin)),
  };
}

/**
 * Views are registered by the caller, who then calls `catchUp`. A test that opens the same folder in several
 * processes gives the real signer and reader: what this process signed is forgotten with it.
 */
export async function openRealStore(
  folder: string,
  clock: Clock,
  processes: Partial<Pick<StoreOptions, "signer" | "sealedReader" | "gateway" | "limits" | "suite">> = {},
): Promise<Store> {
  return openStore({
    dataFolder: folder,
    clock,
    randomBytes,
    unit: "test-unit",
    gateway: "g1",
    signer: inProcessSigner(folder),
    sealedReader: NO_READER,
    onNotice: () => {},
    ...processes,
  });
}
