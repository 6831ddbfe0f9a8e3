/** The real store on a fresh folder, for tests of what is built on it; nothing signs, as when the signer is away. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import type { Clock } from "../../gateway/domain/time.ts";
import type { Store } from "../../gateway/store/contract.ts";
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

/** Views are registered by the caller, who then calls `catchUp`. */
export async function openRealStore(folder: string, clock: Clock): Promise<Store> {
  const away = (): Promise<never> => Promise.reject(new CodedError("evidence.signerUnavailable"));
  return openStore({
    dataFolder: folder,
    clock,
    randomBytes,
    unit: "test-unit",
    gateway: "g1",
    signer: { sign: away, last: async () => undefined, vkey: away },
    sealedReader: { read: async () => undefined, release: async () => {} },
    onNotice: () => {},
  });
}
