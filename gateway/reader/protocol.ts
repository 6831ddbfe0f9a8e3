/** Messages between the reader process and its client, over Node's IPC with advanced serialisation. */

/** What the log says of a body. */
export interface ExpectedBody {
  readonly seq: number;
  readonly lenBytes: number;
  /** SHA-256 of the body and of the entry's exact bytes, hex. */
  readonly sha256: string;
  readonly entrySha256: string;
}

export interface BadBody {
  readonly seq: number;
  readonly why: "missing" | "corrupt" | "unreadable";
}

export type ReaderTask =
  | { readonly op: "read"; readonly volume: string; readonly seq: number }
  | { readonly op: "release"; readonly volume: string }
  | { readonly op: "copy"; readonly volume: string; readonly to: string; readonly seqs: readonly number[] }
  | { readonly op: "remove"; readonly volume: string; readonly seqs: readonly number[] }
  | { readonly op: "check"; readonly volume: string; readonly expected: readonly ExpectedBody[] };

export type ReaderRequest = ReaderTask & { readonly id: number };

export type ReaderAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly value?: Uint8Array;
      readonly bad?: readonly BadBody[];
    }
  /** `why` is LevelDB's own code or text; it names no content. */
  | { readonly id: number; readonly ok: false; readonly why: string };

const isSeq = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isSeqs = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isSeq);
const fieldsOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;

function isExpected(value: unknown): value is ExpectedBody {
  const fields = fieldsOf(value);
  return (
    fields !== undefined &&
    isSeq(fields["seq"]) &&
    isSeq(fields["lenBytes"]) &&
    typeof fields["sha256"] === "string" &&
    typeof fields["entrySha256"] === "string"
  );
}

function isBad(value: unknown): value is BadBody {
  const fields = fieldsOf(value);
  const why = fields?.["why"];
  return isSeq(fields?.["seq"]) && (why === "missing" || why === "corrupt" || why === "unreadable");
}

/** Undefined unless the message is an answer; the other side may be a damaged process. */
export function readAnswer(message: unknown): ReaderAnswer | undefined {
  const { id, ok, value, bad, why } = fieldsOf(message) ?? {};
  if (typeof id !== "number") return undefined;
  if (ok === true) {
    if (value !== undefined && !(value instanceof Uint8Array)) return undefined;
    if (bad !== undefined && !(Array.isArray(bad) && bad.every(isBad))) return undefined;
    return { id, ok, ...(value === undefined ? {} : { value }), ...(bad === undefined ? {} : { bad }) };
  }
  return ok === false && typeof why === "string" ? { id, ok, why } : undefined;
}

export function readRequest(message: unknown): ReaderRequest | undefined {
  const { id, op, volume, seq, seqs, to, expected } = fieldsOf(message) ?? {};
  if (typeof id !== "number" || typeof volume !== "string") return undefined;
  if (op === "release") return { id, op, volume };
  if (op === "read") return isSeq(seq) ? { id, op, volume, seq } : undefined;
  if (op === "copy") return typeof to === "string" && isSeqs(seqs) ? { id, op, volume, to, seqs } : undefined;
  if (op === "remove") return isSeqs(seqs) ? { id, op, volume, seqs } : undefined;
  if (op !== "check" || !Array.isArray(expected) || !expected.every(isExpected)) return undefined;
  return { id, op, volume, expected };
}
