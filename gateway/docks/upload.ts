/**
 * Chunks of an upload, and its end. Invariant: a chunk is an entry before it is acknowledged, and a file is stored
 * only after its SHA-256 was made from what the disk gave back.
 */
import { CodedError } from "../domain/errors.ts";
import type { DockId } from "../domain/ids.ts";
import { MAX_CHUNK_BYTES, type UploadState } from "./docks.ts";
import { Row, chunkStream } from "./facts.ts";
import { finishUpload } from "./finish-upload.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys, under } from "./keys.ts";

/** Throws `docks.noSuchUpload`. */
export async function stateOf(inside: Inside, id: string): Promise<UploadState> {
  const row = new Row(await uploadRow(inside, id));
  return {
    uploadId: id,
    offset: row.number("offset"),
    sizeBytes: row.number("sizeBytes"),
    state: row.text("state") === "stored" ? "stored" : "open",
  };
}

/** As the dock asks where to go on; finishes what a crash left unfinished. */
export function uploadState(inside: Inside, dock: DockId, id: string): Promise<UploadState> {
  return inside.inTurn.run(`upload/${id}`, async () => {
    await checkOffered(inside, dock, id);
    return finishIfWhole(inside, id, await stateOf(inside, id));
  });
}

export function addChunk(
  inside: Inside,
  dock: DockId,
  chunk: { readonly id: string; readonly offset: number; readonly bytes: Uint8Array },
): Promise<UploadState> {
  const { id, offset, bytes } = chunk;
  return inside.inTurn.run(`upload/${id}`, async () => {
    await checkOffered(inside, dock, id);
    const before = await stateOf(inside, id);
    if (before.state === "stored") return before;
    if (offset !== before.offset) throw new CodedError("docks.wrongOffset", { offset: before.offset });
    if (bytes.length === 0 || bytes.length > MAX_CHUNK_BYTES || offset + bytes.length > before.sizeBytes)
      throw new CodedError("docks.chunkTooLarge", { offset: before.offset });
    const attempt = new Row(await uploadRow(inside, id)).number("attempt");
    await appendAndApply(inside, [{ type: "chunk", stream: chunkStream(id, attempt), bytes }]);
    return finishIfWhole(inside, id, await stateOf(inside, id));
  });
}

/** Finishes uploads whose last byte was durable when the gateway ended. */
export async function finishLeftOvers(inside: Inside): Promise<void> {
  for (const [key] of await inside.table.range(under("pending"))) {
    const id = key.slice(key.lastIndexOf("/") + 1);
    await inside.inTurn.run(`upload/${id}`, async () => {
      try {
        await finishIfWhole(inside, id, await stateOf(inside, id));
      } catch (error) {
        // The dock hears of it when it asks for the offset, which is 0 again.
        if (!(error instanceof CodedError && error.code === "docks.hashMismatch")) throw error;
      }
    });
  }
}

async function finishIfWhole(inside: Inside, id: string, state: UploadState): Promise<UploadState> {
  if (state.state === "stored" || state.offset < state.sizeBytes) return state;
  const row = new Row(await uploadRow(inside, id));
  await finishUpload(inside, {
    id,
    sizeBytes: state.sizeBytes,
    sha256: row.text("sha256"),
    attempt: row.number("attempt"),
  });
  return stateOf(inside, id);
}

async function uploadRow(inside: Inside, id: string) {
  const row = await inside.table.get(keys.upload(id));
  if (row === undefined) throw new CodedError("docks.noSuchUpload");
  return row;
}

/** A dock works on what it announced itself, nothing else. */
async function checkOffered(inside: Inside, dock: DockId, id: string): Promise<void> {
  const claims = await inside.table.range(under(`claim/${id}`));
  if (!claims.some(([, claim]) => claim["dock"] === dock)) throw new CodedError("docks.noSuchUpload");
}
