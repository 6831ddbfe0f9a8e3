/**
 * Takes packs in chunks and keeps those that match the log. Invariant: an offset is answered after the bytes
 * below it are synced; a pack gets its final name only when its SHA-256 and every entry and body in it agree
 * with the co-signed log.
 */
import { type Hash, createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import { type Sha256Hex, sha256Hex } from "../../gateway/domain/ids.ts";
import { equalBytes } from "../../gateway/evidence/bytes.ts";
import { decodeEntry, isFootage } from "../../gateway/evidence/entry.ts";
import { packPath } from "../../gateway/evidence/folder.ts";
import { MAX_PACK_BYTES, parsePackHeader } from "../../gateway/evidence/pack.ts";
import { type SeqRange, countRanges } from "../../gateway/evidence/ranges.ts";
import { readPack } from "../../gateway/evidence/read-pack.ts";
import { syncFolder } from "../durable-file.ts";
import type { OfferAnswer, PackOffer, PackOffset } from "./contract.ts";
import type { LogCopy } from "./log-copy.ts";

const LEASE_MS = 15_000;
/** Packs begun and not finished, per log; above it new ones wait. */
const MOST_PARTIALS = 256;
/** As many as a bundle holds. */
const ENTRIES_AT_ONCE = 256;
const READ_BYTES = 1024 * 1024;

interface Lease {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sender: string | undefined;
  expiresMs: number;
}

export interface StoredPack {
  readonly sha256: Sha256Hex;
  readonly ranges: readonly SeqRange[];
  /** Whether it holds anything but footage. */
  readonly holdsRecords: boolean;
}

/** Passes a stream on and hashes what passes. */
async function* tap(
  chunks: AsyncIterable<Uint8Array>,
  hash: Hash,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

export class PackIntake {
  readonly #copy: LogCopy;
  readonly #monotonicMs: () => number;
  readonly #leases = new Map<string, Lease>();
  readonly #busy = new Set<string>();

  private constructor(copy: LogCopy, monotonicMs: () => number) {
    this.#copy = copy;
    this.#monotonicMs = monotonicMs;
  }

  static async open(copy: LogCopy, monotonicMs: () => number): Promise<PackIntake> {
    await mkdir(join(copy.folder, "packs"), { recursive: true });
    await mkdir(join(copy.folder, "partial"), { recursive: true });
    return new PackIntake(copy, monotonicMs);
  }

  #partial(sha256: string): string {
    return join(this.#copy.folder, "partial", `${sha256}.part`);
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    try {
      return (await stat(path)).size;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw cause;
    }
  }

  /**
   * Says of each pack what is missing and gives the right to send it; a sender that asks again gets a new one, so
   * that its own broken try does not keep it waiting. Throws `sync.tooManyPartials`.
   */
  async offer(offers: readonly PackOffer[], sender?: string): Promise<OfferAnswer[]> {
    const answers: OfferAnswer[] = [];
    for (const { sha256, sizeBytes } of offers) {
      if (sizeBytes > MAX_PACK_BYTES) throw new CodedError("sync.packRefused", { sha256 });
      if ((await this.#sizeOf(join(this.#copy.folder, packPath(sha256Hex(sha256))))) !== undefined) {
        answers.push({ sha256, state: "complete", offset: sizeBytes });
        continue;
      }
      const held = this.#leases.get(sha256);
      const beingSent = held !== undefined && held.expiresMs > this.#monotonicMs();
      const ownAgain = sender !== undefined && held?.sender === sender;
      if ((beingSent && !ownAgain) || this.#busy.has(sha256)) {
        answers.push({ sha256, state: "busy", offset: 0 });
        continue;
      }
      const offset = await this.#sizeOf(this.#partial(sha256));
      // All bytes came, but the log's entries below them were not co-signed yet.
      if (offset === sizeBytes) {
        const { complete } = await this.#keepIfWhole(sha256Hex(sha256), offset, sizeBytes);
        // Nothing to write, so nobody needs the right to.
        answers.push({ sha256, state: complete ? "complete" : "missing", offset });
        continue;
      }
      if (
        offset === undefined &&
        (await readdir(join(this.#copy.folder, "partial"))).length >= MOST_PARTIALS
      ) {
        throw new CodedError("sync.tooManyPartials");
      }
      const lease = { id: randomUUID(), sizeBytes, sender, expiresMs: this.#monotonicMs() + LEASE_MS };
      this.#leases.set(sha256, lease);
      answers.push({ sha256, state: "missing", offset: offset ?? 0, lease: lease.id });
    }
    return answers;
  }

  /**
   * Writes a chunk at `offset`, syncs it, and keeps the pack when that was its last byte.
   * Throws `sync.leaseLost`, `sync.offsetMismatch` (details.offset), `sync.packRefused`.
   */
  async chunk(sha256: Sha256Hex, leaseId: string, offset: number, bytes: Uint8Array): Promise<PackOffset> {
    const lease = this.#leases.get(sha256);
    const held = lease !== undefined && lease.id === leaseId && lease.expiresMs > this.#monotonicMs();
    if (lease === undefined || !held || this.#busy.has(sha256)) throw new CodedError("sync.leaseLost");
    this.#busy.add(sha256);
    try {
      lease.expiresMs = this.#monotonicMs() + LEASE_MS;
      const end = await this.#write(sha256, offset, bytes);
      lease.expiresMs = this.#monotonicMs() + LEASE_MS;
      return await this.#keepIfWhole(sha256, end, lease.sizeBytes);
    } finally {
      this.#busy.delete(sha256);
    }
  }

  async #write(sha256: string, offset: number, bytes: Uint8Array): Promise<number> {
    const path = this.#partial(sha256);
    const size = (await this.#sizeOf(path)) ?? 0;
    if (offset !== size) throw new CodedError("sync.offsetMismatch", { offset: size });
    if (offset + bytes.length > MAX_PACK_BYTES) throw new CodedError("sync.packRefused", { sha256 });
    const file: FileHandle = await open(path, size === 0 ? "w" : "r+", 0o644);
    try {
      await file.write(bytes, 0, bytes.length, offset);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (size === 0) await syncFolder(join(this.#copy.folder, "partial"));
    return offset + bytes.length;
  }

  async #keepIfWhole(sha256: Sha256Hex, end: number, sizeBytes: number): Promise<PackOffset> {
    if (end < sizeBytes) return { offset: end, complete: false };
    const path = this.#partial(sha256);
    try {
      if (!(await this.#agreesWithLog(path, sha256))) {
        // Nothing is left to send: whoever asks next has it kept once the log is co-signed that far.
        this.#leases.delete(sha256);
        return { offset: end, complete: false };
      }
    } catch (cause) {
      if (!(cause instanceof RangeError) && !(cause instanceof CodedError)) throw cause;
      await rm(path);
      this.#leases.delete(sha256);
      throw new CodedError("sync.packRefused", { sha256 }, { cause });
    }
    await rename(path, join(this.#copy.folder, packPath(sha256)));
    await syncFolder(join(this.#copy.folder, "packs"));
    this.#leases.delete(sha256);
    return { offset: end, complete: true };
  }

  /**
   * False while the pack reaches beyond the co-signed log. Throws when the bytes are not those of the name, an
   * entry is not the log's at its place, or a body is not the entry's. One reading serves all three.
   */
  async #agreesWithLog(path: string, name: Sha256Hex): Promise<boolean> {
    const whole = createHash("sha256");
    const bytes = createReadStream(path, { highWaterMark: READ_BYTES });
    const { header, items } = await readPack(tap(bytes, whole));
    if (header.origin !== this.#copy.origin) throw new RangeError("a pack of another log");
    let known: readonly Uint8Array[] = [];
    let knownFrom = 0;
    if ((header.ranges.at(-1)?.[1] ?? 0) > this.#copy.head.witnessed) {
      await items.return();
      return false;
    }
    for await (const item of items) {
      if (item.seq < knownFrom || item.seq >= knownFrom + known.length) {
        knownFrom = item.seq - (item.seq % ENTRIES_AT_ONCE);
        const count = Math.min(ENTRIES_AT_ONCE, this.#copy.head.witnessed - knownFrom);
        known = await this.#copy.entries(knownFrom, count);
      }
      const logged = known[item.seq - knownFrom];
      if (logged === undefined || !equalBytes(logged, item.entryBytes))
        throw new RangeError("not the log's entry");
      if (item.body === undefined) continue;
      const entry = decodeEntry(item.entryBytes);
      const digest = createHash("sha256").update(item.body).digest("hex");
      if (item.body.length !== entry.len || digest !== entry.sha256)
        throw new RangeError("not the entry's body");
    }
    // The items end with the file's last byte, so all of it has passed.
    if (whole.digest("hex") !== name) throw new RangeError("not the bytes of this name");
    return true;
  }

  /** What is kept under this name; undefined when nothing is. */
  async stored(name: Sha256Hex): Promise<StoredPack | undefined> {
    const path = join(this.#copy.folder, packPath(name));
    if ((await this.#sizeOf(path)) === undefined) return undefined;
    for await (const start of createReadStream(path, { highWaterMark: 128 * 1024 })) {
      const parsed = parsePackHeader(start as Uint8Array);
      if (parsed === undefined) break;
      const { ranges } = parsed.header;
      const first = ranges[0]?.[0] ?? 0;
      const [entry] = await this.#copy.entries(first, 1);
      const holdsRecords =
        entry === undefined || countRanges(ranges) === 0 || !isFootage(decodeEntry(entry).type);
      return { sha256: name, ranges, holdsRecords };
    }
    return undefined;
  }
}
