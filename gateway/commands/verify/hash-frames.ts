/**
 * Hashes body values where they lie in a pack file. Invariant: one buffer is held, however large a body is; what
 * is handed back is the entry beside the body, the body's length and its digest.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { BodyDigest } from "../../evidence/verify/source.ts";

/** Where a body value (`u16 length ‖ entry ‖ body`) lies in a file. */
export interface FramePlace {
  readonly valueAt: number;
  readonly valueBytes: number;
}

export interface FrameDigest extends BodyDigest {
  /** Empty where the value has no form. */
  readonly entryBytes: Uint8Array;
  readonly bodyBytes: number;
}

const BUFFER_BYTES = 256 * 1024;
const LENGTH_BYTES = 2;
/**
 * Holds the head with the largest entry, so that only the first read is taken apart; small enough to stay in a core's
 * cache.
 */
const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);

/** Throws an error of the file system. */
export function hashFrames(path: string, places: readonly FramePlace[], withSm3: boolean): FrameDigest[] {
  const file = openSync(path, "r");
  try {
    return places.map((place) => hashFrame(file, place, withSm3));
  } finally {
    closeSync(file);
  }
}

function hashFrame(file: number, { valueAt, valueBytes }: FramePlace, withSm3: boolean): FrameDigest {
  const hash = createHash("sha256");
  const national = withSm3 ? createHash("sm3") : undefined;
  let entryBytes = new Uint8Array();
  let bodyAt = 0;
  for (let at = 0; at < valueBytes;) {
    const got = readSync(file, buffer, 0, Math.min(BUFFER_BYTES, valueBytes - at), valueAt + at);
    if (got === 0) break;
    if (at === 0) {
      const end = LENGTH_BYTES + (got < LENGTH_BYTES ? 0 : buffer.readUInt16BE(0));
      // A value without form is no body of any entry, and hashes as a whole.
      if (end > LENGTH_BYTES && end <= valueBytes && end <= got) {
        entryBytes = new Uint8Array(buffer.subarray(LENGTH_BYTES, end));
        bodyAt = end;
      }
    }
    const part = buffer.subarray(at === 0 ? bodyAt : 0, got);
    hash.update(part);
    national?.update(part);
    at += got;
  }
  return {
    entryBytes,
    bodyBytes: valueBytes - bodyAt,
    sha256: new Uint8Array(hash.digest()),
    ...(national === undefined ? {} : { sm3: new Uint8Array(national.digest()) }),
  };
}

export function hashBodies(bodies: readonly Uint8Array[], withSm3: boolean): BodyDigest[] {
  return bodies.map((body) => ({
    sha256: createHash("sha256").update(body).digest(),
    ...(withSm3 ? { sm3: createHash("sm3").update(body).digest() } : {}),
  }));
}
