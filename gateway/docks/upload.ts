/**
 * Chunks of an upload, and its end. Invariant: a chunk is an entry before it is acknowledged, and a file is stored
 * only after its SHA-256 was made from what the disk gave back.
 */
import { CodedError } from "../domain/errors.ts";
import type { DockId } from "../domain/ids.ts";
import { stateOf, takeChunk, uploadRow } from "./chunk-upload.ts";
import type { UploadState } from "./docks.ts";
import { chunkStream } from "./facts.ts";
import { finishUpload } from "./finish-upload.ts";
import type { Inside } from "./inside.ts";
import { under } from "./keys.ts";

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
  const { id } = chunk;
  return inside.inTurn.run(`upload/${id}`, async () => {
    await checkOffered(inside, dock, id);
    return finishIfWhole(inside, id, await takeChunk(inside, chunk, chunkStream));
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
  const row = await uploadRow(inside, id);
  await finishUpload(inside, {
    id,
    sizeBytes: state.sizeBytes,
    sha256: row.text("sha256"),
    attempt: row.number("attempt"),
  });
  return stateOf(inside, id);
}

/** A dock works on what it announced itself, nothing else. */
async function checkOffered(inside: Inside, dock: DockId, id: string): Promise<void> {
  const claims = await inside.table.range(under(`claim/${id}`));
  if (!claims.some(([, claim]) => claim["dock"] === dock)) throw new CodedError("docks.noSuchUpload");
}
