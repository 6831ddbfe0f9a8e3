/**
 * Seals packs: decides when, reads the bytes once for their hash, logs the manifest. Invariant: one seal at a
 * time, each after the view knows the one before, so no entry is in two packs.
 */
import { createHash } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import { sha256Hex, streamId } from "../domain/ids.ts";
import type { Appended } from "../evidence/append.ts";
import type { PackClass, SealReason, SealedPack } from "./contract.ts";
import { classOf, isBookkeeping, isPaper } from "./pack-class.ts";
import { readForSeal } from "./pack-bytes.ts";
import type { PackTable } from "./pack-view.ts";
import type { Portion } from "./pending.ts";
import type { HandoverOptions, SealLimits } from "./ports.ts";
import { encodeSeal } from "./seal-record.ts";

/** Entries of the hand-over are a stream of their own. */
export const HANDOVER_STREAM = streamId("handover");

interface Waiting {
  /** Bytes of the open portion when the view was last read. */
  openBytes: number;
  /** Bytes heard of since: some may be counted twice, none is forgotten. */
  heardBytes: number;
  /** Monotonic ms of the first entry worth handing over. */
  since: number | undefined;
}

export class Sealer {
  readonly #options: HandoverOptions;
  readonly #limits: SealLimits;
  readonly #table: PackTable;
  readonly #waiting = new Map<PackClass, Waiting>();
  #papers: { readonly firstMs: number; lastMs: number } | undefined;
  #chain: Promise<unknown> = Promise.resolve();
  #newest: Appended | undefined;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #closed = false;

  constructor(options: HandoverOptions, limits: SealLimits, table: PackTable) {
    this.#options = options;
    this.#limits = limits;
    this.#table = table;
    this.#timer = setInterval(() => {
      this.#tick();
    }, limits.tickMs);
  }

  #of(cls: PackClass): Waiting {
    const known = this.#waiting.get(cls);
    if (known !== undefined) return known;
    const fresh: Waiting = { openBytes: 0, heardBytes: 0, since: undefined };
    this.#waiting.set(cls, fresh);
    return fresh;
  }

  /** Takes note of entries that were appended. */
  heard(appended: readonly Appended[]): void {
    const now = this.#options.clock.monotonicMs();
    for (const one of appended) {
      const { type, len } = one.entry;
      this.#newest = one;
      const waiting = this.#of(classOf(type));
      waiting.heardBytes += len;
      if (isBookkeeping(type)) continue;
      waiting.since ??= now;
      if (isPaper(type)) this.#papers = { firstMs: this.#papers?.firstMs ?? now, lastMs: now };
    }
  }

  /** Takes up what an earlier run left: its age counts from now. */
  async begin(): Promise<void> {
    const now = this.#options.clock.monotonicMs();
    for (const portion of await this.#table.portions(true)) {
      const waiting = this.#of(portion.class);
      waiting.heardBytes += portion.frameBytes;
      waiting.since ??= now;
    }
  }

  /** Papers are small and always sealed; footage waits for somebody to take it. */
  #isWanted(cls: PackClass): boolean {
    return cls === 0 || this.#options.hasReceiver?.() !== false;
  }

  #dueOpen(): ReadonlyMap<PackClass, SealReason> {
    const now = this.#options.clock.monotonicMs();
    const { ageMs, paperQuietMs, paperAgeMs } = this.#limits;
    const due = new Map<PackClass, SealReason>();
    for (const [cls, { since }] of this.#waiting)
      if (since !== undefined && now - since >= ageMs) due.set(cls, "age");
    const papers = this.#papers;
    if (papers !== undefined && (now - papers.lastMs >= paperQuietMs || now - papers.firstMs >= paperAgeMs))
      due.set(0, "intake");
    return due;
  }

  #tick(): void {
    const due = new Map(this.#dueOpen());
    for (const cls of due.keys()) if (!this.#isWanted(cls)) due.delete(cls);
    const full = [...this.#waiting].some(
      ([cls, { openBytes, heardBytes }]) =>
        openBytes + heardBytes >= this.#limits.targetBytes && this.#isWanted(cls),
    );
    if (this.#busy || (due.size === 0 && !full)) return;
    this.#busy = true;
    this.#inTurn(() => this.#sealWhere((portion, isOpen) => (isOpen ? due.get(portion.class) : "size")))
      .catch((cause: unknown) => {
        if (!this.#closed) this.#options.onFault?.(cause);
      })
      .finally(() => {
        this.#busy = false;
      });
  }

  /** Seals all that waits and is worth it. */
  async sealNow(reason: SealReason): Promise<readonly SealedPack[]> {
    return this.#inTurn(() => this.#sealWhere((_portion, isOpen) => (isOpen ? reason : "size")));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#chain.then(work);
    this.#chain = turn.catch(() => {
      // The caller has the error; the next seal has its turn all the same.
    });
    return turn;
  }

  async #sealWhere(
    reasonOf: (portion: Portion, isOpen: boolean) => SealReason | undefined,
  ): Promise<readonly SealedPack[]> {
    if (this.#closed) throw new CodedError("store.closed");
    const newest = this.#newest;
    const heard = new Map([...this.#waiting].map(([cls, { heardBytes }]) => [cls, heardBytes]));
    if (newest !== undefined) await this.#options.views.applied(newest);
    const sealed: SealedPack[] = [];
    const full = new Set((await this.#table.portions(false)).map((portion) => JSON.stringify(portion)));
    for (const portion of await this.#table.portions(true)) {
      const isOpen = !full.has(JSON.stringify(portion));
      const reason = this.#isWanted(portion.class) ? reasonOf(portion, isOpen) : undefined;
      if (reason !== undefined) sealed.push(await this.#seal(portion, reason));
      const waiting = this.#of(portion.class);
      if (isOpen) waiting.openBytes = reason === undefined ? portion.frameBytes : 0;
      if (isOpen && reason !== undefined) {
        waiting.since = undefined;
        if (portion.class === 0) this.#papers = undefined;
      }
    }
    for (const [cls, bytes] of heard) this.#of(cls).heardBytes -= bytes;
    return sealed;
  }

  async #seal(portion: Portion, reason: SealReason): Promise<SealedPack> {
    const { store, append, views } = this.#options;
    const origin = store.logs().find(({ logId }) => logId === portion.logId)?.origin;
    if (origin === undefined) throw new CodedError("evidence.noSuchEntry", { logId: portion.logId });
    const hash = createHash("sha256");
    const { alone, sizeBytes } = await readForSeal(
      store,
      { logId: portion.logId, origin, ranges: portion.ranges },
      (bytes) => {
        if (this.#closed) throw new CodedError("store.closed");
        hash.update(bytes);
      },
    );
    const sha256 = sha256Hex(hash.digest("hex"));
    const json = encodeSeal({ portion, sha256, sizeBytes, reason, alone });
    const [seal] = await append.append([{ type: "pack", stream: HANDOVER_STREAM, record: { json } }]);
    if (seal === undefined) throw new CodedError("store.diskFailed");
    await views.applied(seal);
    const pack = await this.#table.find(sha256);
    if (pack === undefined) throw new CodedError("sync.noSuchPack", { sha256 });
    return pack;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#chain;
  }
}
