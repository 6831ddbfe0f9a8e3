/**
 * The whole key map of every database under the data folder. Numbers are 8 bytes big-endian, so keys sort as
 * numbers do.
 *
 * | database                        | key                        | value                                        |
 * |---------------------------------|----------------------------|----------------------------------------------|
 * | `<logId>/footage/<firstSeq>/`   | seq                        | body value; ascending, nothing else          |
 * | `<logId>/records/`              | seq                        | body value                                   |
 * | `<logId>/records/`              | `ff` seq                   | u32 drafts: a group part that is all or none |
 * | `<logId>/records/`              | `fe` seq                   | empty: a `release` or `erase` to carry out   |
 * | `<logId>/log/`                  | `e` seq                    | exact entry bytes                            |
 * | `<logId>/log/`                  | `h` level index            | tile hash, 32 bytes (tlog-tiles level)       |
 * | `<logId>/log/`                  | `f`                        | frontier                                     |
 * | `<logId>/log/`                  | `s` stream                 | u64: entries of the stream                   |
 * | `<logId>/log/`                  | `c`                        | newest checkpoint                            |
 * | `<logId>/log/`                  | `k` size                   | a checkpoint that was asked for (papers)     |
 * | `<logId>/log/`                  | `t` seq                    | verifier key that a `key` entry announces    |
 * | `<logId>/log/`                  | `u` size                   | empty: checkpoint at which a key changed     |
 * | `<logId>/log/`                  | `m` level index            | SM3 tile hash, in a log of suite `sm2-sm3`   |
 * | `<logId>/log/`                  | `g`                        | frontier of the SM3 tree                     |
 * | `<logId>/log/`                  | `a` seq                    | empty: a `release` or `erase` entry          |
 * | `views/`                        | `a` name                   | version and how far each log is applied      |
 * | `views/`                        | `r` name `00` key          | row, JSON                                    |
 */
const SEQ_BYTES = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** First bytes of the keys above. */
const ABSENCE = 0x61;
const ENTRY = 0x65;
const HASH = 0x68;
const FRONTIER = 0x66;
const STREAM = 0x73;
const CHECKPOINT = 0x63;
const KEPT_CHECKPOINT = 0x6b;
const ANNOUNCED = 0x74;
const TURNOVER = 0x75;
const SM3_HASH = 0x6d;
const SM3_FRONTIER = 0x67;
const ATOMIC = 0xff;
const UNFINISHED = 0xfe;

export function seqKey(seq: number): Uint8Array {
  const key = new Uint8Array(SEQ_BYTES);
  new DataView(key.buffer).setBigUint64(0, BigInt(seq));
  return key;
}

export function seqOfKey(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(0));
}

function prefixed(head: readonly number[], seq: number): Uint8Array {
  const key = new Uint8Array(head.length + SEQ_BYTES);
  key.set(head, 0);
  new DataView(key.buffer).setBigUint64(head.length, BigInt(seq));
  return key;
}

export const entryKey = (seq: number): Uint8Array => prefixed([ENTRY], seq);
export const ENTRIES = { gte: Uint8Array.of(ENTRY), lt: Uint8Array.of(ENTRY + 1) };
export const absenceKey = (seq: number): Uint8Array => prefixed([ABSENCE], seq);
export const ABSENCES = { gte: Uint8Array.of(ABSENCE), lt: Uint8Array.of(ABSENCE + 1) };
export const hashKey = (level: number, index: number): Uint8Array => prefixed([HASH, level], index);
export const sm3HashKey = (level: number, index: number): Uint8Array => prefixed([SM3_HASH, level], index);
export const SM3_FRONTIER_KEY = Uint8Array.of(SM3_FRONTIER);
export const announcedKey = (seq: number): Uint8Array => prefixed([ANNOUNCED], seq);
export const ANNOUNCED_KEYS = { gte: Uint8Array.of(ANNOUNCED), lt: Uint8Array.of(ANNOUNCED + 1) };
export const turnoverKey = (size: number): Uint8Array => prefixed([TURNOVER], size);
export const TURNOVERS = { gte: Uint8Array.of(TURNOVER), lt: Uint8Array.of(TURNOVER + 1) };
export const FRONTIER_KEY = Uint8Array.of(FRONTIER);
export const CHECKPOINT_KEY = Uint8Array.of(CHECKPOINT);
export const keptCheckpointKey = (size: number): Uint8Array => prefixed([KEPT_CHECKPOINT], size);
export const KEPT_CHECKPOINTS = {
  gte: Uint8Array.of(KEPT_CHECKPOINT),
  lt: Uint8Array.of(KEPT_CHECKPOINT + 1),
};

export const streamKey = (stream: string): Uint8Array => Uint8Array.of(STREAM, ...encoder.encode(stream));
export const streamOfKey = (key: Uint8Array): string => decoder.decode(key.subarray(1));
export const STREAMS = { gte: Uint8Array.of(STREAM), lt: Uint8Array.of(STREAM + 1) };

export const atomicKey = (seq: number): Uint8Array => prefixed([ATOMIC], seq);
export const seqOfAtomicKey = (key: Uint8Array): number => seqOfKey(key.subarray(1));
export const ATOMICS = { gte: Uint8Array.of(ATOMIC) };

export const unfinishedKey = (seq: number): Uint8Array => prefixed([UNFINISHED], seq);
export const seqOfUnfinishedKey = (key: Uint8Array): number => seqOfKey(key.subarray(1));
export const UNFINISHED_ABSENCES = { gte: Uint8Array.of(UNFINISHED), lt: Uint8Array.of(ATOMIC) };

/** A body key from this sequence number on; sequence numbers stay far below the first byte `fe`. */
export const bodiesFrom = (seq: number): { gte: Uint8Array; lt: Uint8Array } => ({
  gte: seqKey(seq),
  lt: Uint8Array.of(UNFINISHED),
});

export const viewMarkKey = (view: string): Uint8Array => encoder.encode(`a${view}`);
/** View names and row keys are ASCII, so one byte each. */
export const viewRowKey = (view: string, key: string): Uint8Array =>
  Buffer.from(`r${view}\0${key}`, "latin1");
export const viewRows = (view: string): { gte: Uint8Array; lt: Uint8Array } => ({
  gte: encoder.encode(`r${view}\0`),
  lt: encoder.encode(`r${view}\u0001`),
});
/** The row's own key, without the view's prefix. */
export const viewRowName = (view: string, key: Uint8Array): string =>
  decoder.decode(key.subarray(view.length + 2));
