/** Messages between the reader process and its client, over Node's IPC with advanced serialisation. */

export type ReaderRequest =
  | { readonly id: number; readonly op: "read"; readonly volume: string; readonly seq: number }
  | { readonly id: number; readonly op: "release"; readonly volume: string };

export type ReaderAnswer =
  | { readonly id: number; readonly ok: true; readonly value?: Uint8Array }
  /** `why` is LevelDB's own code or text; it names no content. */
  | { readonly id: number; readonly ok: false; readonly why: string };

/** Undefined unless the message is an answer; the other side may be a damaged process. */
export function readAnswer(message: unknown): ReaderAnswer | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { id, ok, value, why } = message as Record<string, unknown>;
  if (typeof id !== "number") return undefined;
  if (ok === true)
    return value instanceof Uint8Array ? { id, ok, value } : value === undefined ? { id, ok } : undefined;
  return ok === false && typeof why === "string" ? { id, ok, why } : undefined;
}

export function readRequest(message: unknown): ReaderRequest | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { id, op, volume, seq } = message as Record<string, unknown>;
  if (typeof id !== "number" || typeof volume !== "string") return undefined;
  if (op === "release") return { id, op, volume };
  return op === "read" && typeof seq === "number" && Number.isSafeInteger(seq) && seq >= 0
    ? { id, op, volume, seq }
    : undefined;
}
