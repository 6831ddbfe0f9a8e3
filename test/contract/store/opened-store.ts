/** A store on a fresh folder with a clock and a signer that a test can move; everything ends with `close`. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { streamId } from "../../../gateway/domain/ids.ts";
import type { Clock, NtpState } from "../../../gateway/domain/time.ts";
import type { EntryDraft, FootageDraft, RecordDraft } from "../../../gateway/evidence/append.ts";
import type { JsonObject } from "../../../gateway/evidence/record.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { SealedReaderClient } from "../../../gateway/reader/contract.ts";
import type { Store, StoreLimits } from "../../../gateway/store/contract.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { MemorySigner } from "./memory-signer.ts";

/** Runs with the machine's clocks, moved by what a test adds. */
export class MovableClock implements Clock {
  readonly boot = "boot-1";
  wallOffsetMs = 0;
  monotonicOffsetMs = 0;
  state: NtpState = "synced";
  wallMs(): number {
    return Date.now() + this.wallOffsetMs;
  }
  monotonicMs(): number {
    return performance.now() + this.monotonicOffsetMs;
  }
  ntp(): NtpState {
    return this.state;
  }
}

export const SMALL: Partial<StoreLimits> = {
  reserveBytes: 64 * 1024,
  lowWaterBytes: 1024,
  checkpointMs: 20,
};

export class StoreRig {
  readonly dataFolder: string;
  readonly clock = new MovableClock();
  readonly signer = new MemorySigner();
  readonly reader: SealedReaderClient = createSealedReader();
  readonly notices: StoreNotice[] = [];
  #store: Store | undefined;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  static async make(): Promise<StoreRig> {
    return new StoreRig(await mkdtemp(join(tmpdir(), "store-")));
  }

  async open(limits: Partial<StoreLimits> = {}): Promise<Store> {
    this.#store = await openStore({
      dataFolder: this.dataFolder,
      clock: this.clock,
      randomBytes,
      unit: "unit",
      gateway: "g1",
      signer: this.signer,
      sealedReader: this.reader,
      onNotice: (notice) => this.notices.push(notice),
      limits: { ...SMALL, ...limits },
    });
    return this.#store;
  }

  async closeStore(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  async close(): Promise<void> {
    await this.closeStore();
    await this.reader.close();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  kinds(): readonly string[] {
    return this.notices.map((notice) => notice.kind);
  }
}

export const fragment = (sizeBytes: number, stream = "camera/c1/main"): FootageDraft => ({
  type: "fragment",
  stream: streamId(stream),
  bytes: randomBytes(sizeBytes),
  codec: "avc1.4d0028",
});

export const record = (
  json: JsonObject,
  type: RecordDraft["type"] = "intake",
  stream = "intake",
): RecordDraft => ({
  type,
  stream: streamId(stream),
  record: { json },
});

export const mixed = (): readonly EntryDraft[] => [
  record({ why: "start" }, "run", "camera/c1/main"),
  { type: "init", stream: streamId("camera/c1/main"), bytes: randomBytes(700) },
];

/** Waits for a condition with a limit, and says what it waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
