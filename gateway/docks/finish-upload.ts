/** The end of an upload: read back, hashed, probed, recorded as a file. Late files are flagged, never refused. */
import { CodedError } from "../domain/errors.ts";
import { readBack } from "./chunk-upload.ts";
import { FILES, Row, chunkStream, dockStream } from "./facts.ts";
import { chunkBytes } from "./file-bytes.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys, under } from "./keys.ts";
import { type FileTimes, correctedTimes, lateness } from "./lateness.ts";
import type { JsonObject, Probed } from "./ports.ts";
import { considerWipe } from "./wipe.ts";

const PROBE_LIMIT_MS = 30_000;

export interface WholeUpload {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly attempt: number;
}

/** Throws `docks.hashMismatch` after the upload was set back to its beginning. */
export async function finishUpload(inside: Inside, upload: WholeUpload): Promise<void> {
  const claims = (await inside.table.range(under(`claim/${upload.id}`))).map(([, claim]) => new Row(claim));
  const { sha256, chunks } = await readBack(inside, upload);
  if (sha256 !== upload.sha256) {
    await reject(inside, upload, claims[0]?.text("dock") ?? "unknown", sha256);
    throw new CodedError("docks.hashMismatch", { offset: 0 });
  }
  const probed = await inside.probe.probe(chunkBytes(inside, upload.id, upload.attempt), PROBE_LIMIT_MS);
  const json = fileFact(inside, { upload, chunks, probed, claims });
  await appendAndApply(inside, [{ type: "file", stream: FILES, record: { json } }]);
  for (const camera of new Set(claims.map((claim) => claim.text("camera"))))
    inside.background("wipe", considerWipe(inside, camera));
}

async function reject(inside: Inside, upload: WholeUpload, dock: string, got: string): Promise<void> {
  const { id, attempt, sha256 } = upload;
  const json: JsonObject = { kind: "rejected", upload: id, attempt, expected: sha256, got };
  await appendAndApply(inside, [{ type: "dock", stream: dockStream(dock), record: { json } }]);
}

function fileFact(
  inside: Inside,
  found: {
    readonly upload: WholeUpload;
    readonly chunks: number;
    readonly probed: Probed;
    readonly claims: readonly Row[];
  },
): JsonObject {
  const { upload, chunks, probed, claims } = found;
  const media = probed.ok ? probed.media : null;
  const times = claims.map((claim) => claimedTimes(claim, media?.durationMs ?? null));
  const storedMs = inside.clock.wallMs();
  const late = times
    .map((one) => lateness(inside.rules(), correctedTimes(one).endMs, storedMs))
    .filter((one) => one !== null)
    .sort((a, b) => b.byMs - a.byMs)[0];
  return {
    fileId: upload.id,
    sizeBytes: upload.sizeBytes,
    sha256: upload.sha256,
    chunkStream: chunkStream(upload.id, upload.attempt),
    attempt: upload.attempt,
    chunks,
    media: media === null ? null : { ...media },
    probeProblem: probed.ok ? null : probed.problem,
    late: late === undefined ? null : { ...late },
    claims: claims.map((claim) => claim.json),
  };
}

export function claimedTimes(claim: Row, durationMs: number | null): FileTimes {
  return {
    startMs: claim.numberOrNull("deviceStartMs"),
    endMs: claim.numberOrNull("deviceEndMs"),
    clockOffsetMs: claim.numberOrNull("clockOffsetMs"),
    durationMs,
  };
}

/** For readers of a stored file. */
export async function attemptOf(inside: Inside, id: string): Promise<number | undefined> {
  const row = await inside.table.get(keys.file(id));
  return row === undefined ? undefined : new Row(row).number("attempt");
}
