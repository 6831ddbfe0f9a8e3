/**
 * The part of a resumable upload that is the same whoever sends: where it stands, the next chunk, and what the disk
 * gives back. Invariant: a chunk is an entry before its offset is answered.
 */
import { createHash } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import type { StreamId } from "../domain/ids.ts";
import { MAX_CHUNK_BYTES, type UploadState } from "./docks.ts";
import { Row } from "./facts.ts";
import { chunkBytes } from "./file-bytes.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys } from "./keys.ts";
import type { ProjectedEntry, ViewTransaction } from "./ports.ts";

export type UploadParts = Pick<Inside, "append" | "views" | "reader" | "table">;

/** Throws `docks.noSuchUpload`. */
export async function uploadRow(parts: Pick<UploadParts, "table">, id: string): Promise<Row> {
  const row = await parts.table.get(keys.upload(id));
  if (row === undefined) throw new CodedError("docks.noSuchUpload");
  return new Row(row);
}

/** Throws `docks.noSuchUpload`. */
export async function stateOf(parts: Pick<UploadParts, "table">, id: string): Promise<UploadState> {
  const row = await uploadRow(parts, id);
  return {
    uploadId: id,
    offset: row.number("offset"),
    sizeBytes: row.number("sizeBytes"),
    state: row.text("state") === "stored" ? "stored" : "open",
  };
}

/** Appends the next chunk. Throws `docks.wrongOffset`, `docks.chunkTooLarge`; a stored upload takes nothing more. */
export async function takeChunk(
  parts: UploadParts,
  chunk: { readonly id: string; readonly offset: number; readonly bytes: Uint8Array },
  streamOf: (id: string, attempt: number) => StreamId,
): Promise<UploadState> {
  const { id, offset, bytes } = chunk;
  const before = await stateOf(parts, id);
  if (before.state === "stored") return before;
  if (offset !== before.offset) throw new CodedError("docks.wrongOffset", { offset: before.offset });
  if (bytes.length === 0 || bytes.length > MAX_CHUNK_BYTES || offset + bytes.length > before.sizeBytes)
    throw new CodedError("docks.chunkTooLarge", { offset: before.offset });
  const attempt = (await uploadRow(parts, id)).number("attempt");
  await appendAndApply(parts, [{ type: "chunk", stream: streamOf(id, attempt), bytes }]);
  return stateOf(parts, id);
}

/** What the disk gives back is what is hashed: the source is about to be thrown away because of it. */
export async function readBack(
  parts: Pick<UploadParts, "table" | "reader">,
  upload: { readonly id: string; readonly attempt: number },
): Promise<{ readonly sha256: string; readonly chunks: number }> {
  const hash = createHash("sha256");
  let chunks = 0;
  for await (const bytes of chunkBytes(parts, upload.id, upload.attempt)) {
    hash.update(bytes);
    chunks += 1;
  }
  return { sha256: hash.digest("hex"), chunks };
}

/** In a projection: an announced upload, open from its beginning. */
export async function applyOpened(
  upload: { readonly id: string; readonly sizeBytes: number; readonly sha256: string },
  { entry }: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const { id, sizeBytes, sha256 } = upload;
  if ((await table.get(keys.upload(id))) !== undefined) return;
  table.put(keys.upload(id), { sizeBytes, sha256, attempt: 0, offset: 0, state: "open", sinceMs: entry.t });
  table.put(keys.pending(id), {});
}

/** In a projection: the bytes were wrong, and the upload begins again. */
export async function applySetBack(id: string, attempt: number, table: ViewTransaction): Promise<void> {
  const upload = await table.get(keys.upload(id));
  if (upload !== undefined) table.put(keys.upload(id), { ...upload, attempt: attempt + 1, offset: 0 });
}

/** In a projection: a chunk of this upload and attempt. */
export async function applyChunkOf(
  of: { readonly upload: string; readonly attempt: number } | undefined,
  { entry, logId, seq }: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const upload = of === undefined ? undefined : await table.get(keys.upload(of.upload));
  if (of === undefined || upload === undefined) return;
  const offset = new Row(upload).number("offset");
  if (new Row(upload).number("attempt") !== of.attempt) return;
  table.put(keys.chunk(of.upload, of.attempt, offset), { logId, seq, len: entry.len });
  table.put(keys.upload(of.upload), { ...upload, offset: offset + entry.len });
}

/** In a projection: the upload is whole, checked and recorded. */
export async function applyStored(id: string, table: ViewTransaction): Promise<void> {
  const upload = await table.get(keys.upload(id));
  if (upload !== undefined) table.put(keys.upload(id), { ...upload, state: "stored" });
  table.del(keys.pending(id));
}
