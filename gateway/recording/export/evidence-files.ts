/**
 * The evidence of an export as an evidence folder per log: packs as bodies come, and at the end what proves them.
 * Invariant: memory is bounded by one pack; `excerpt` names exactly the bodies that the packs hold.
 */
import { createHash } from "node:crypto";
import { CodedError } from "../../domain/errors.ts";
import { type EntryRef, type LogId, seq, sha256Hex } from "../../domain/ids.ts";
import type { StoredCheckpoint } from "../../evidence/append.ts";
import { concatBytes } from "../../evidence/bytes.ts";
import { EXCERPT_PATH, excerptTiles, formatExcerpt } from "../../evidence/excerpt.ts";
import { decodeEntry } from "../../evidence/entry.ts";
import { CHECKPOINT_PATH, TRUST_PATH, packPath, turnoverPath } from "../../evidence/folder.ts";
import { encodeFrameHead, encodePackHeader } from "../../evidence/pack.ts";
import { type SeqRange, joinRanges } from "../../evidence/ranges.ts";
import { TILE_WIDTH, decodeBundle, tilePath } from "../../evidence/tiles.ts";
import type { ExportLog } from "./ports.ts";

/** Aim of a pack in an export, and how many frames it has at most: its head names them all. */
const PACK_BYTES = 16 * 1024 * 1024;
const PACK_FRAMES = 2000;

export interface ExportFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface OpenPack {
  readonly logId: LogId;
  readonly seqs: number[];
  readonly frames: Uint8Array[];
  sizeBytes: number;
}

const rangesOf = (seqs: readonly number[]): readonly SeqRange[] =>
  joinRanges(
    seqs.map((one): SeqRange => [one, one + 1]),
    [],
  );

export class EvidenceFiles {
  readonly #log: ExportLog;
  readonly #held = new Map<LogId, number[]>();
  #pack: OpenPack | undefined;

  constructor(log: ExportLog) {
    this.#log = log;
  }

  /** Takes a body value as stored; returns the pack that is full now, where one is. */
  take(ref: EntryRef, value: Uint8Array): ExportFile | undefined {
    const open = this.#pack;
    const fits =
      open !== undefined &&
      open.logId === ref.logId &&
      (open.seqs.at(-1) ?? -1) < ref.seq &&
      open.sizeBytes < PACK_BYTES &&
      open.seqs.length < PACK_FRAMES;
    const full = fits ? undefined : this.flush();
    const pack = (this.#pack ??= { logId: ref.logId, seqs: [], frames: [], sizeBytes: 0 });
    pack.seqs.push(ref.seq);
    pack.frames.push(encodeFrameHead({ valueBytes: value.length, entryAlone: false }), value);
    pack.sizeBytes += value.length;
    const held = this.#held.get(ref.logId) ?? [];
    held.push(ref.seq);
    this.#held.set(ref.logId, held);
    return full;
  }

  /** The pack that is under way; undefined when there is none. */
  flush(): ExportFile | undefined {
    const pack = this.#pack;
    this.#pack = undefined;
    if (pack === undefined) return undefined;
    const head = encodePackHeader({ origin: this.#origin(pack.logId), ranges: rangesOf(pack.seqs) });
    const bytes = concatBytes([head, ...pack.frames]);
    const name = sha256Hex(createHash("sha256").update(bytes).digest("hex"));
    return { path: `${pack.logId}/${packPath(name)}`, bytes };
  }

  /** What proves the packs; to be read after the last `flush`. */
  async *proofs(): AsyncGenerator<ExportFile, void, undefined> {
    for (const [logId, seqs] of this.#held) {
      const ranges = rangesOf(seqs.toSorted((a, b) => a - b));
      const checkpoint = await this.#checkpoint(
        logId,
        seqs.reduce((a, b) => Math.max(a, b), 0),
      );
      // Whoever holds the keys of long ago alone follows their changes by these notes and the entries that announced them.
      const turnovers = (await this.#log.turnovers(logId)).filter(({ size }) => size <= checkpoint.size);
      const bundles = new Set(bundlesOf(ranges));
      for (const { size } of turnovers)
        for (const index of await this.#announcing(logId, size)) bundles.add(index);
      for (const tile of excerptTiles(bundles, checkpoint.size)) {
        const { level, index, width } = tile;
        const bytes =
          level === "entries"
            ? await this.#log.entryBundle(logId, index, width)
            : await this.#log.tile(logId, level, index, width);
        if (bytes === undefined) throw new CodedError("evidence.noSuchEntry", { logId });
        yield { path: `${logId}/${tilePath(tile)}`, bytes };
      }
      const text = (path: string, content: string): ExportFile => ({
        path: `${logId}/${path}`,
        bytes: new TextEncoder().encode(content),
      });
      yield text(EXCERPT_PATH, formatExcerpt({ origin: this.#origin(logId), ranges }));
      const keys = this.#log.verifierKeys().map((key) => `log ${key}\n`);
      yield text(TRUST_PATH, `${keys.join("")}quorum none\n`);
      for (const { size, note } of turnovers) yield text(turnoverPath(size), note);
      yield text(CHECKPOINT_PATH, checkpoint.note);
    }
  }

  /** Bundles with the newest `key` entries below this size, which stand one behind the other. */
  async #announcing(logId: LogId, size: number): Promise<readonly number[]> {
    for (let index = Math.floor((size - 1) / TILE_WIDTH); index >= 0; index--) {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const bundle = await this.#log.entryBundle(logId, index, width);
      if (bundle === undefined) break;
      const areKeys = decodeBundle(bundle).map((bytes) => decodeEntry(bytes).type === "key");
      if (!areKeys.includes(true)) continue;
      return areKeys[0] === true && index > 0 ? [index - 1, index] : [index];
    }
    throw new CodedError("evidence.noSuchEntry", { logId });
  }

  #origin(logId: LogId): string {
    const origin = this.#log.logs().find((log) => log.logId === logId)?.origin;
    if (origin === undefined) throw new CodedError("evidence.noSuchEntry", { logId });
    return origin;
  }

  async #checkpoint(logId: LogId, last: number): Promise<StoredCheckpoint> {
    const stored = this.#log.checkpoint(logId);
    if (stored !== undefined && stored.size > last) return stored;
    return this.#log.covering({ logId, seq: seq(last) });
  }
}

/**
 * Bundles of 256 entries: all from the first fragment to the last, so that the counters of the streams show that
 * nothing lies between; those far before (init segments of long runs) stand alone.
 */
function bundlesOf(ranges: readonly SeqRange[]): readonly number[] {
  const bundles = new Set<number>();
  let before: number | undefined;
  for (const [from, to] of ranges) {
    const [first, last] = [Math.floor(from / TILE_WIDTH), Math.floor((to - 1) / TILE_WIDTH)];
    // Footage comes at least every few seconds; a hole wider than this is the time before the span.
    const start = before !== undefined && first - before <= NEAR_BUNDLES ? before : first;
    for (let index = start; index <= last; index++) bundles.add(index);
    before = last;
  }
  return [...bundles].sort((a, b) => a - b);
}

const NEAR_BUNDLES = 64;
