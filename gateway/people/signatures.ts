/**
 * Signing acts on a screen: what was drawn, point by point with times, bound to one document. Invariant: the entry
 * holds the strokes themselves, never a picture of them, and is durable before the signer is told so.
 */
import {
  type ApplicationId,
  type DocumentId,
  type EntryRef,
  documentId,
  logId,
  seq,
  streamId,
} from "../domain/ids.ts";
import type { Append, JsonObject, Projection, Views } from "./ports.ts";

const STREAM = streamId("signatures");
const MOST = 64;

export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** Milliseconds since the first touch. */
  readonly tMs: number;
  readonly pressure?: number;
}

export interface Signing {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  /** Such as `kiosk/<counter>`. */
  readonly device: string;
  /** How it was known who signs: presented by the clerk at the counter, or opened by claim code. */
  readonly ground: "presented" | "claimed";
  /** Size of the field that was drawn on, in its own units. */
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly (readonly StrokePoint[])[];
}

export interface SignatureRow {
  readonly ref: EntryRef;
  readonly documentId: DocumentId;
  readonly atMs: number;
  readonly device: string;
}

export interface Signatures {
  /** Durable and visible when it resolves. */
  sign(signing: Signing): Promise<EntryRef>;
  of(document: DocumentId): Promise<readonly SignatureRow[]>;
}

/** Only where and when stands in the view: the strokes are personal and stay in the entry's body. */
export const signatureProjection: Projection = {
  name: "signatures",
  version: 1,
  types: ["signature"],
  apply({ logId, seq, entry, record }, table) {
    const { documentId: document, device } = (record?.json ?? {}) as Record<string, unknown>;
    if (typeof document !== "string") return;
    table.put(`s/${document}/${logId}/${String(seq).padStart(12, "0")}`, {
      logId,
      seq,
      documentId: document,
      atMs: entry.t,
      device: typeof device === "string" ? device : "",
    });
  },
};

function rowOf(json: JsonObject): SignatureRow | undefined {
  const { logId: log, seq: index, documentId: document, atMs, device } = json as Record<string, unknown>;
  if (typeof log !== "string" || typeof index !== "number" || typeof atMs !== "number") return undefined;
  return {
    ref: { logId: logId(log), seq: seq(index) },
    documentId: documentId(String(document)),
    atMs,
    device: String(device),
  };
}

function bodyOf(signing: Signing): JsonObject {
  const { strokes, ...rest } = signing;
  // x, y, time and pressure as rows of numbers: a signature has some hundred points.
  const drawn = strokes.map((stroke) =>
    stroke.map(({ x, y, tMs, pressure }) => (pressure === undefined ? [x, y, tMs] : [x, y, tMs, pressure])),
  );
  return { v: 1, mode: "stroke", ...rest, strokes: drawn };
}

/** To be called before the store catches up, since it registers a view. */
export function createSignatures(parts: { readonly append: Append; readonly views: Views }): Signatures {
  const table = parts.views.register(signatureProjection);
  return {
    async sign(signing) {
      const [appended] = await parts.append.append([
        { type: "signature", stream: STREAM, record: { json: bodyOf(signing) } },
      ]);
      if (appended === undefined) throw new RangeError("an append answered nothing");
      await parts.views.applied(appended);
      return { logId: appended.logId, seq: appended.seq };
    },
    async of(document) {
      const rows = await table.range({ from: `s/${document}/`, to: `s/${document}0`, limit: MOST });
      return rows.map(([, json]) => rowOf(json)).filter((row) => row !== undefined);
    },
  };
}
