/**
 * The entry: one leaf of the evidence log, kept and hashed as exact ASCII JSON bytes with a fixed key order.
 * Invariant: an entry that was read is never serialised again; its stored bytes are the evidence.
 */
import { type Seq, type Sha256Hex, type StreamId, seq, sha256Hex, streamId } from "../domain/ids.ts";
import type { NtpState } from "../domain/time.ts";

/** Entry types of DESIGN 6, grouped as there. */
export const ENTRY_TYPES = [
  "open",
  "close",
  "key",
  "orphan",
  "run",
  "init",
  "fragment",
  "gap",
  "clock",
  "file",
  "chunk",
  "dock",
  "custody",
  "intake",
  "person",
  "document",
  "rendition",
  "print",
  "signature",
  "service",
  "scan",
  "label",
  "access",
  "hold",
  "case",
  "oversight",
  "approval",
  "config",
  "account",
  "alarm",
  "pack",
  "sighting",
  "ack",
  "release",
  "erase",
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** Bodies of these types are footage: raw bytes in a volume. All others are records. */
export const FOOTAGE_TYPES = ["init", "fragment", "chunk"] as const satisfies readonly EntryType[];
export type FootageType = (typeof FOOTAGE_TYPES)[number];
export function isFootage(type: EntryType): type is FootageType {
  return (FOOTAGE_TYPES as readonly EntryType[]).includes(type);
}

export interface Entry {
  readonly v: 1;
  readonly seq: Seq;
  readonly type: EntryType;
  readonly stream: StreamId;
  /** Counts the entries of this stream in this log from 0, without holes. */
  readonly n: number;
  /** Wall clock, UTC milliseconds; for a fragment the moment of its first picture. */
  readonly t: number;
  /** Milliseconds that the body covers; 0 for a moment. */
  readonly dur: number;
  readonly boot: string;
  /** Monotonic milliseconds of `boot`, whole. */
  readonly mono: number;
  readonly ntp: NtpState;
  /** The camera's own wall clock for `t`, UTC milliseconds, where RTCP told it. */
  readonly cam?: number;
  /** Length of the body in bytes. */
  readonly len: number;
  /** SHA-256 of the body. */
  readonly sha256: Sha256Hex;
  /** SM3 of the body under the national suite. */
  readonly sm3?: string;
  /** RFC 6381 codec string of footage, such as `avc1.4d0028`. */
  readonly codec?: string;
  /** 1 on a fragment that does not start at a key frame. */
  readonly cont?: 1;
  /** On a `key` entry: the verifier key that takes over from the one of the same type (succession.ts). */
  readonly vkey?: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const KEYS = [
  "v",
  "seq",
  "type",
  "stream",
  "n",
  "t",
  "dur",
  "boot",
  "mono",
  "ntp",
  "cam",
  "len",
  "sha256",
  "sm3",
  "codec",
  "cont",
  "vkey",
] as const satisfies readonly (keyof Entry)[];

const KNOWN_TYPES: ReadonlySet<string> = new Set(ENTRY_TYPES);
const PLACES: ReadonlyMap<string, number> = new Map(KEYS.map((key, i) => [key, i]));
const ASCII = /^[\x20-\x7e]*$/;

/** An entry has to fit an entry bundle's u16 length (C2SP tlog-tiles). */
export const MAX_ENTRY_BYTES = 65_535;

/** The exact bytes that are logged, in the fixed key order, ASCII only. Throws RangeError on a non-ASCII value. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encoder.encode(entryText(entry));
}

function entryText(entry: Entry): string {
  const ordered: Record<string, string | number> = {};
  for (const key of KEYS) {
    const value = entry[key];
    if (value !== undefined) ordered[key] = value;
  }
  const text = JSON.stringify(ordered);
  if (!ASCII.test(text)) throw new RangeError("an entry is ASCII only");
  if (text.length > MAX_ENTRY_BYTES) throw new RangeError("an entry is at most 65535 bytes");
  return text;
}

function integer(value: unknown, key: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw new RangeError(`entry.${key} is not a whole number`);
  return value;
}

function text(value: unknown, key: string): string {
  if (typeof value !== "string") throw new RangeError(`entry.${key} is not text`);
  return value;
}

function sm3Hex(value: string): string {
  if (!/^[0-9a-f]{64}$/.test(value)) throw new RangeError("entry.sm3 is not a digest");
  return value;
}

/** Parses logged bytes; throws RangeError when they are not exactly what `encodeEntry` would write. */
export function decodeEntry(bytes: Uint8Array): Entry {
  let raw: unknown;
  let written: string;
  try {
    written = decoder.decode(bytes);
    raw = JSON.parse(written);
  } catch (cause) {
    throw new RangeError("an entry is not JSON", { cause });
  }
  if (typeof raw !== "object" || raw === null) throw new RangeError("an entry is not an object");
  const r = raw as Record<string, unknown>;
  if (r["v"] !== 1) throw new RangeError("entry.v is not 1");
  const type = text(r["type"], "type");
  if (!KNOWN_TYPES.has(type)) throw new RangeError(`entry.type is unknown: ${type}`);
  const ntp = text(r["ntp"], "ntp");
  if (ntp !== "synced" && ntp !== "unsynced" && ntp !== "unknown")
    throw new RangeError("entry.ntp is unknown");
  if ((r["vkey"] === undefined) === (type === "key")) throw new RangeError("entry.vkey is a key entry's own");
  if (r["cont"] !== undefined && r["cont"] !== 1) throw new RangeError("entry.cont is not 1");
  seq(integer(r["seq"], "seq"));
  streamId(text(r["stream"], "stream"));
  for (const key of ["n", "t", "dur", "mono", "len"]) integer(r[key], key);
  text(r["boot"], "boot");
  if (r["cam"] !== undefined) integer(r["cam"], "cam");
  sha256Hex(text(r["sha256"], "sha256"));
  if (r["sm3"] !== undefined) sm3Hex(text(r["sm3"], "sm3"));
  if (r["codec"] !== undefined) text(r["codec"], "codec");
  if (r["vkey"] !== undefined) text(r["vkey"], "vkey");
  // Canonical text is ASCII, so equal texts of the bytes' own length are equal bytes; a key that stands twice or in
  // another way is not written again as it was.
  if (
    written.length !== bytes.length ||
    written.length > MAX_ENTRY_BYTES ||
    !inOrder(raw) ||
    !ASCII.test(written) ||
    JSON.stringify(raw) !== written
  )
    throw new RangeError("an entry is not in canonical form");
  // Every key is known, in its place and of its type: what was parsed is the entry.
  return raw as Entry;
}

/** Whether the keys are known ones in their order. */
function inOrder(raw: object): boolean {
  let last = -1;
  for (const key of Object.keys(raw)) {
    const place = PLACES.get(key) ?? -1;
    if (place <= last) return false;
    last = place;
  }
  return true;
}
