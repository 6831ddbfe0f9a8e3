/**
 * The archive's acknowledgement: a signed note that lists what it stored durably, and until when it keeps it.
 * Invariant: only an acknowledgement whose signature was checked may permit a release.
 */
import { type Sha256Hex, sha256Hex } from "../domain/ids.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { type SeqRange, formatRanges, parseRanges } from "./ranges.ts";

export interface AckedPack {
  /** The pack's name: SHA-256 of its bytes. */
  readonly sha256: Sha256Hex;
  readonly ranges: readonly SeqRange[];
  /** The archive can't delete it before this time: seconds since 1970. */
  readonly retainUntilS: number;
}

export interface Ack {
  /** The checkpoint up to which the archive has checked the log; every pack lies below its size. */
  readonly checkpoint: Checkpoint;
  /** Seconds since 1970 by the archive's clock. */
  readonly timeS: number;
  readonly packs: readonly AckedPack[];
}

/** First line of every acknowledgement; keeps it apart from checkpoints and cosignatures of the same key. */
const HEAD = "counter-gateway/ack/v1\n";
export const MAX_ACKED_PACKS = 4096;
const TIME = /^time (0|[1-9][0-9]{0,15})$/;
const PACK = /^pack ([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) ([0-9,-]+)$/;

/** The text to sign. Throws RangeError on values that could not be read back. */
export function formatAck(ack: Ack): string {
  if (ack.packs.length > MAX_ACKED_PACKS) throw new RangeError("an acknowledgement lists at most 4096 packs");
  const packs = ack.packs.map(
    (pack) => `pack ${pack.sha256} ${wholeSeconds(pack.retainUntilS)} ${formatRanges(pack.ranges)}\n`,
  );
  return `${HEAD}${formatCheckpoint(ack.checkpoint)}time ${wholeSeconds(ack.timeS)}\n${packs.join("")}`;
}

/** Throws RangeError unless the text is what `formatAck` writes. */
export function parseAck(text: string): Ack {
  if (!text.startsWith(HEAD)) throw new RangeError("not an acknowledgement");
  const lines = text.slice(HEAD.length).split("\n");
  const time = TIME.exec(lines[3] ?? "")?.[1];
  if (time === undefined || lines.pop() !== "") throw new RangeError("not an acknowledgement");
  if (lines.length - 4 > MAX_ACKED_PACKS) throw new RangeError("an acknowledgement lists at most 4096 packs");
  const ack: Ack = {
    checkpoint: parseCheckpoint(`${lines.slice(0, 3).join("\n")}\n`),
    timeS: wholeSeconds(Number(time)),
    packs: lines.slice(4).map((line) => {
      const [, name, until, ranges] = PACK.exec(line) ?? [];
      if (name === undefined || ranges === undefined)
        throw new RangeError("not a line of an acknowledgement");
      return {
        sha256: sha256Hex(name),
        ranges: parseRanges(ranges),
        retainUntilS: wholeSeconds(Number(until)),
      };
    }),
  };
  const { size } = ack.checkpoint;
  if (ack.packs.some((pack) => (pack.ranges.at(-1)?.[1] ?? 0) > size))
    throw new RangeError("an acknowledged pack lies beyond the checkpoint");
  return ack;
}

function wholeSeconds(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not whole seconds");
  return value;
}
