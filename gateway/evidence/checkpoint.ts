/**
 * The checkpoint: what a signature of the log covers (C2SP tlog-checkpoint). Invariant: exactly three lines,
 * no extension lines, so origin, size and root have one text and the text can be rebuilt from them.
 */
import { fromBase64, toBase64 } from "./bytes.ts";
import { HASH_BYTES } from "./suite.ts";
import { type LogId, logId } from "../domain/ids.ts";

export interface Checkpoint {
  /** `<unit>/<gateway>/<logId>`; also the name of the log's key. */
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array;
}

const ORIGIN = /^[a-z0-9][a-z0-9.-]{0,63}\/[a-z0-9][a-z0-9.-]{0,63}\/[0-9]{4}(\.[1-9][0-9]{0,3})?$/;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;

/** Throws RangeError when a part does not fit the form. */
export function originOf(parts: {
  readonly unit: string;
  readonly gateway: string;
  readonly logId: LogId;
}): string {
  const origin = `${parts.unit}/${parts.gateway}/${parts.logId}`;
  checkOrigin(origin);
  return origin;
}

/** Throws RangeError unless the text is `<unit>/<gateway>/<logId>`. */
export function checkOrigin(origin: string): void {
  if (!ORIGIN.test(origin)) throw new RangeError(`not an origin: ${JSON.stringify(origin.slice(0, 160))}`);
}

export function logIdOfOrigin(origin: string): LogId {
  checkOrigin(origin);
  return logId(origin.slice(origin.lastIndexOf("/") + 1));
}

/** The signed text: origin, size, root in base64, each with its newline. Throws RangeError on a bad value. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  checkOrigin(checkpoint.origin);
  if (!Number.isSafeInteger(checkpoint.size) || checkpoint.size < 0)
    throw new RangeError("a checkpoint's size is a whole number");
  if (checkpoint.root.length !== HASH_BYTES) throw new RangeError("a checkpoint's root is 32 bytes");
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/** Throws RangeError unless the text is what `formatCheckpoint` writes. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  const [origin, size, root, end] = lines;
  if (lines.length !== 4 || end !== "" || origin === undefined || size === undefined || root === undefined)
    throw new RangeError("a checkpoint is three lines");
  checkOrigin(origin);
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size)))
    throw new RangeError("a checkpoint's size is not a number");
  const rootBytes = fromBase64(root);
  if (rootBytes.length !== HASH_BYTES) throw new RangeError("a checkpoint's root is not 32 bytes");
  return { origin, size: Number(size), root: rootBytes };
}
