/**
 * Releases what the archive keeps, oldest volume first: what is over its local minimum, and below low water
 * whatever may go until there is room. Invariant: it decides by `planRelease` alone and says when nothing may go.
 */
import type { EntryRef, LogId, Seq, Sha256Hex, StreamId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Entry } from "../evidence/entry.ts";
import type { SeqRange } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import type { Handover } from "./contract.ts";
import { FOOTAGE_CLASSES, PackSpans } from "./pack-spans.ts";
import { type ReleaseRules, type StayReason, planRelease } from "./release-plan.ts";

export type SpaceLevel = "enough" | "low" | "full";

interface Volume {
  readonly logId: LogId;
  readonly firstSeq: Seq;
  readonly endSeq: number;
}

/** The store's part. */
export interface ReleaseStore {
  lookAtSpace(): Promise<SpaceLevel>;
  volumes(): Promise<readonly Volume[]>;
  footageOf(volume: Volume): Promise<readonly { readonly entry: Entry }[]>;
  release(request: {
    readonly logId: LogId;
    readonly firstSeq: Seq;
    readonly going: readonly SeqRange[];
    readonly basis: string;
    readonly packs: readonly Sha256Hex[];
    readonly detail?: JsonObject;
  }): Promise<EntryRef>;
}

export interface ReleaserOptions {
  readonly store: ReleaseStore;
  readonly handover: Pick<Handover, "listPacks" | "findPack">;
  readonly clock: Clock;
  /** The rules of this moment: holds, classes, local minimum. */
  readonly rules: () => Promise<ReleaseRules>;
}

export interface ReleaseRun {
  readonly released: readonly EntryRef[];
  readonly releasedBytes: number;
  /** After the run. */
  readonly level: SpaceLevel;
  /** Room is short and nothing more may go: recording will stop, or has. */
  readonly stuck: boolean;
  /** Why footage stays, by number of bodies. */
  readonly staying: Readonly<Partial<Record<StayReason, number>>>;
}

export interface Releaser {
  /** One pass over the sealed volumes; a second call while one runs gets that one. */
  run(): Promise<ReleaseRun>;
  /** Ends after the volume that is being released. */
  close(): Promise<void>;
}

export function createReleaser(options: ReleaserOptions): Releaser {
  return new VolumeReleaser(options);
}

class VolumeReleaser implements Releaser {
  readonly #options: ReleaserOptions;
  readonly #packs: PackSpans;
  #running: Promise<ReleaseRun> | undefined;
  #closed = false;

  constructor(options: ReleaserOptions) {
    this.#options = options;
    this.#packs = new PackSpans(options.handover, FOOTAGE_CLASSES);
  }

  async run(): Promise<ReleaseRun> {
    this.#running ??= this.#pass().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Whoever asked for the run has its error.
    await Promise.allSettled([this.#running]);
  }

  async #pass(): Promise<ReleaseRun> {
    const { store, clock } = this.#options;
    const rules = await this.#options.rules();
    const volumes = await store.volumes();
    const released: EntryRef[] = [];
    const staying: Partial<Record<StayReason, number>> = {};
    let releasedBytes = 0;
    let level = await store.lookAtSpace();
    for (const [i, volume] of volumes.entries()) {
      if (this.#closed) break;
      const footage = (await store.footageOf(volume)).map(({ entry }) => entry);
      const plan = planRelease({
        ...volume,
        footage,
        packs: await this.#packs.acked(volume),
        next: await this.#next(volumes.slice(i + 1), footage),
        nowMs: clock.wallMs(),
        roomIsShort: level !== "enough",
        rules,
      });
      for (const [why, count] of Object.entries(plan.staying) as [StayReason, number][])
        staying[why] = (staying[why] ?? 0) + count;
      // Copying more than it frees is no release.
      if (plan.going.length === 0 || plan.stayingBytes > plan.goingBytes) continue;
      const { logId, firstSeq, going, packs } = plan;
      released.push(
        await store.release({
          logId,
          firstSeq,
          going,
          packs,
          basis: level === "enough" ? "acknowledged" : "acknowledged, room short",
        }),
      );
      releasedBytes += plan.goingBytes;
      level = await store.lookAtSpace();
    }
    return { released, releasedBytes, level, stuck: level !== "enough" && !this.#closed, staying };
  }

  /** What follows of each stream that has an init segment here; looks as far ahead as it has to. */
  async #next(
    after: readonly Volume[],
    footage: readonly Entry[],
  ): Promise<ReadonlyMap<StreamId, "init" | "fragment">> {
    const wanted = new Set(footage.filter(({ type }) => type === "init").map(({ stream }) => stream));
    const next = new Map<StreamId, "init" | "fragment">();
    for (const volume of after) {
      if (wanted.size === 0) break;
      for (const { entry } of await this.#options.store.footageOf(volume)) {
        const { type, stream } = entry;
        if ((type === "init" || type === "fragment") && wanted.delete(stream)) next.set(stream, type);
      }
    }
    return next;
  }
}
