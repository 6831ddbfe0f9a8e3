/**
 * Sends sealed packs of one lane: what the archive misses, from its own offset on, then its acknowledgement back.
 * Invariant: offsets are the archive's, so a pack begun by one side is finished by the other from the same byte.
 */
import { randomUUID } from "node:crypto";
import type { SyncPack } from "../gateway/http/contract/sync.ts";
import type { ArchiveSide } from "./archive-side.ts";
import type { OfferAnswer } from "./archive/contract.ts";
import type { ByteRate } from "./byte-rate.ts";
import { ChunkSize } from "./chunk-size.ts";
import type { GatewaySide } from "./gateway-side.ts";
import { HttpRefusal } from "./transport.ts";

const PAGE = 100;
/** What the gateway says of a pack that holds something of a sealed matter. */
const WITHHELD = "sync.packWithheld";
/** Packs that one acknowledgement lists at most: half a gigabyte of footage. */
const PACKS_AN_ACK = 8;
/** A pass ends after this many packs, so that what was sealed meanwhile has its turn by class. */
const PACKS_A_PASS = 32;

/** Papers have connection and rate of their own; body-camera files go before footage. */
export const PACK_LANES = {
  papers: { classes: [0], streams: 1 },
  footage: { classes: [1, 2, 3], streams: 4 },
} as const;
export type PackLaneName = keyof typeof PACK_LANES;

export interface PacksResult {
  readonly bytesSent: number;
  readonly packsCompleted: number;
  readonly acknowledged: number;
  /** Packs that the gateway keeps back, since a matter in them is sealed; known so far. */
  readonly withheld: number;
  /** There is more to send at once. */
  readonly more: boolean;
}

export interface PackLaneOptions {
  readonly name: PackLaneName;
  readonly from: GatewaySide;
  readonly to: ArchiveSide;
  readonly rate: ByteRate;
  readonly monotonicMs: () => number;
}

/** One lane with what it has learnt: where the open packs begin, how large a chunk the link takes. */
export class PackLane {
  readonly #options: PackLaneOptions;
  readonly #sender = randomUUID();
  readonly #chunk = new ChunkSize();
  /** By class: every pack up to this number is acknowledged. */
  readonly #ackedTo = new Map<number, number>();
  /** Packs that one side refused, with why; they wait until all others are through. */
  readonly #refused = new Map<string, HttpRefusal>();
  /** Packs of a sealed matter: no fault of anybody's, and asked for again, since an officer may have released it. */
  readonly #withheld = new Set<string>();

  constructor(options: PackLaneOptions) {
    this.#options = options;
  }

  /** Why a pack is held back; undefined when none is. */
  get refusal(): HttpRefusal | undefined {
    return this.#refused.values().next().value;
  }

  /** One pass over the packs that no acknowledgement covers. */
  async pass(signal: AbortSignal): Promise<PacksResult> {
    const open: SyncPack[] = [];
    for (const cls of PACK_LANES[this.#options.name].classes)
      if (open.length < PACKS_A_PASS)
        open.push(...(await this.#open(cls, PACKS_A_PASS - open.length, signal)));
    // Only what was refused or withheld is left: this pass tries it again.
    if (open.length === 0) this.#refused.clear();
    if (open.length === 0) open.push(...(await this.#released(signal)));
    let bytesSent = 0;
    let packsCompleted = 0;
    let acknowledged = 0;
    for (const own of Map.groupBy(open, (pack) => pack.origin).values()) {
      for (let i = 0; i < own.length; i += PACKS_AN_ACK) {
        const result = await this.#batch(own.slice(i, i + PACKS_AN_ACK), signal);
        bytesSent += result.bytesSent;
        packsCompleted += result.packsCompleted;
        acknowledged += result.acknowledged;
      }
    }
    const more = acknowledged > 0 && open.length === PACKS_A_PASS;
    return { bytesSent, packsCompleted, acknowledged, withheld: this.#withheld.size, more };
  }

  /** Withheld packs that the gateway gives out again, each asked for one byte. */
  async #released(signal: AbortSignal): Promise<readonly SyncPack[]> {
    const released: string[] = [];
    for (const sha256 of this.#withheld) {
      try {
        await this.#options.from.packBytes(sha256, 0, 1, signal);
        released.push(sha256);
      } catch (fault) {
        if (!(fault instanceof HttpRefusal)) throw fault;
        if (fault.code !== WITHHELD) released.push(sha256);
      }
    }
    if (released.length === 0) return [];
    for (const sha256 of released) this.#withheld.delete(sha256);
    const open: SyncPack[] = [];
    for (const cls of PACK_LANES[this.#options.name].classes)
      open.push(...(await this.#open(cls, PACKS_A_PASS, signal)));
    return open;
  }

  async #open(cls: number, limit: number, signal: AbortSignal): Promise<readonly SyncPack[]> {
    const open: SyncPack[] = [];
    let after = this.#ackedTo.get(cls) ?? 0;
    let onlyAcked = true;
    for (;;) {
      const page = await this.#options.from.packs({ after, class: cls, limit: PAGE }, signal);
      for (const pack of page) {
        if (!pack.acked) onlyAcked = false;
        if (onlyAcked) this.#ackedTo.set(cls, pack.no);
        if (!pack.acked && !this.#refused.has(pack.sha256) && !this.#withheld.has(pack.sha256))
          open.push(pack);
        if (open.length === limit) return open;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return open;
      after = last.no;
    }
  }

  /** Packs of one log: offers each in its turn, sends what is missing, fetches the acknowledgement of what is whole. */
  async #batch(
    batch: readonly SyncPack[],
    signal: AbortSignal,
  ): Promise<Omit<PacksResult, "more" | "withheld">> {
    const [first] = batch;
    if (first === undefined) return { bytesSent: 0, packsCompleted: 0, acknowledged: 0 };
    const { from, to, name } = this.#options;
    const waiting = [...batch];
    const whole: SyncPack[] = [];
    let bytesSent = 0;
    let packsCompleted = 0;
    const worker = async (): Promise<void> => {
      for (let pack = waiting.shift(); pack !== undefined; pack = waiting.shift()) {
        const { origin, sha256, sizeBytes } = pack;
        const [answer] = await to.offer(origin, this.#sender, [{ sha256, sizeBytes }], signal);
        if (answer?.state === "complete") whole.push(pack);
        if (answer?.state !== "missing") continue;
        const result = await this.#send(pack, answer, signal);
        bytesSent += result.sent;
        if (!result.complete) continue;
        packsCompleted += 1;
        whole.push(pack);
      }
    };
    await Promise.all(Array.from({ length: PACK_LANES[name].streams }, worker));
    if (whole.length === 0) return { bytesSent, packsCompleted, acknowledged: 0 };
    const names = whole.map((pack) => pack.sha256);
    const note = await to.acknowledge(first.origin, names, signal);
    if (note !== null) await from.deliverAck(note, signal);
    return { bytesSent, packsCompleted, acknowledged: note === null ? 0 : whole.length };
  }

  /** Sends what the archive misses of one pack; resolves with the bytes sent and whether it is complete. */
  async #send(
    pack: SyncPack,
    answer: OfferAnswer,
    signal: AbortSignal,
  ): Promise<{ readonly sent: number; readonly complete: boolean }> {
    const { from, to, rate, monotonicMs } = this.#options;
    let { offset } = answer;
    let sent = 0;
    try {
      while (offset < pack.sizeBytes) {
        const length = Math.min(this.#chunk.bytes, pack.sizeBytes - offset);
        const bytes = await from.packBytes(pack.sha256, offset, length, signal);
        await rate.take(bytes.length, signal);
        const startMs = monotonicMs();
        const { origin, sha256 } = pack;
        const durable = await to.sendChunk(origin, sha256, answer.lease ?? "", offset, bytes, signal);
        this.#chunk.took(bytes.length, monotonicMs() - startMs);
        sent += bytes.length;
        if (durable.complete) return { sent, complete: true };
        offset = durable.offset;
      }
    } catch (fault) {
      if (!(fault instanceof HttpRefusal)) {
        this.#chunk.failed();
        throw fault;
      }
      if (fault.code === WITHHELD) {
        this.#withheld.add(pack.sha256);
        return { sent, complete: false };
      }
      // 409 and 423: somebody else sends it. Anything else is this pack's own trouble and not the others'.
      if (fault.status !== 409 && fault.status !== 423) this.#refused.set(pack.sha256, fault);
    }
    return { sent, complete: false };
  }
}
