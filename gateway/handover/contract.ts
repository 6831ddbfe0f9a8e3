/**
 * How sealed records leave the gateway, as routes and replicator see it: packs, acknowledgements, sightings.
 * Invariant: a pack's bytes follow from the log alone, so the same pack can be read again at any time.
 */
import type { EntryRef, LogId, Sha256Hex } from "../domain/ids.ts";
import type { SeqRange } from "../evidence/ranges.ts";

/** 0 documents and other records, 2 body-camera files, 3 footage; lower goes first. Class 1 is for marked footage. */
export const PACK_CLASSES = [0, 1, 2, 3] as const;
export type PackClass = (typeof PACK_CLASSES)[number];

/** Why a pack was closed. */
export const SEAL_REASONS = ["size", "age", "intake", "demand", "shutdown"] as const;
export type SealReason = (typeof SEAL_REASONS)[number];

export interface SealedPack {
  /** Running number over all logs, from 1, without holes. */
  readonly no: number;
  readonly logId: LogId;
  readonly class: PackClass;
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
  /** Half-open, ascending. */
  readonly ranges: readonly SeqRange[];
  readonly reason: SealReason;
  /** UTC ms of the seal. */
  readonly sealedMs: number;
  /** The `pack` entry that seals it. */
  readonly seal: EntryRef;
  /** The archive's promise, once an acknowledgement lists this pack. */
  readonly acked?: { readonly by: string; readonly retainUntilMs: number; readonly ack: EntryRef };
}

export interface Handover {
  /** Packs with `no > after` in order, at most `limit` (default 100, at most 1000); of one class if asked. */
  listPacks(options: {
    readonly after: number;
    readonly class?: PackClass;
    readonly limit?: number;
  }): Promise<readonly SealedPack[]>;
  findPack(sha256: Sha256Hex): Promise<SealedPack | undefined>;
  /**
   * The bytes `offset` to `offset + length - 1`. Throws `sync.noSuchPack`, `sync.badRange`, `sync.packWithheld`
   * while it holds something of a sealed matter, or the code of a body that can't be read.
   */
  readPack(
    sha256: Sha256Hex,
    range: { readonly offset: number; readonly length: number },
  ): AsyncIterable<Uint8Array>;
  /** Checks and stores an acknowledgement as an `ack` entry; a repeat changes nothing. Throws `sync.ackRefused`. */
  acceptAck(note: string): Promise<void>;
  /** Checks and stores a foreign cosignature as a `sighting` entry. Throws `sync.cosignatureRefused`. */
  acceptCosignature(note: string): Promise<void>;
  /** Seals whatever waits, such as at the end of an intake; resolves with the new packs. */
  sealNow(reason: SealReason): Promise<readonly SealedPack[]>;
  /**
   * The exposure window, ms: 0 while a foreign-signed tree head covers every entry but the log's own
   * bookkeeping (`pack`, `ack`, `sighting`); else the time since the newest foreign sighting, or since the
   * first entry when nobody has seen the log yet.
   */
  exposureMs(): number;
  /** The newest checkpoint of this log that another party has cosigned, as a note; undefined when nobody has. */
  cosigned(logId: LogId): Promise<string | undefined>;
  /** Ends the timer and a seal in progress. */
  close(): Promise<void>;
}
