/** The end of an upload: read back, hashed, probed, recorded as a file. Late files are flagged, never refused. */
import { CodedError } from "../domain/errors.ts";
import { readBack } from "./chunk-upload.ts";
import { FILES, Row, chunkStream, dockStream } from "./facts.ts";
import { chunkBytes } from "./file-bytes.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys, under } from "./keys.ts";
import type { LateFile } from "./docks.ts";
import { lateCause } from "./late-cause.ts";
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
  const late = await lateFile(inside, claims, probed.ok ? probed.media.durationMs : null);
  const json = fileFact({ upload, chunks, probed, claims, late });
  await appendAndApply(inside, [{ type: "file", stream: FILES, record: { json } }]);
  if (late !== null) inside.onLate?.({ fileId: upload.id, ...late });
  for (const camera of new Set(claims.map((claim) => claim.text("camera"))))
    inside.background("wipe", considerWipe(inside, camera));
}

async function reject(inside: Inside, upload: WholeUpload, dock: string, got: string): Promise<void> {
  const { id, attempt, sha256 } = upload;
  const json: JsonObject = { kind: "rejected", upload: id, attempt, expected: sha256, got };
  await appendAndApply(inside, [{ type: "dock", stream: dockStream(dock), record: { json } }]);
}

/** The worst over the cameras that offered it, with why. */
async function lateFile(
  inside: Inside,
  claims: readonly Row[],
  durationMs: number | null,
): Promise<LateFile | null> {
  const storedMs = inside.clock.wallMs();
  const [worst] = claims
    .flatMap((claim) => {
      const { endMs } = correctedTimes(claimedTimes(claim, durationMs));
      const late = lateness(inside.rules(), endMs, storedMs);
      return late === null ? [] : [{ claim, late }];
    })
    .toSorted((a, b) => b.late.byMs - a.late.byMs);
  if (worst === undefined) return null;
  const row = async (key: string): Promise<Row | undefined> => {
    const json = await inside.table.get(key);
    return json === undefined ? undefined : new Row(json);
  };
  const cause = lateCause(storedMs - worst.late.byMs, {
    dock: await row(keys.dock(worst.claim.text("dock"))),
    custody: await row(keys.custody(worst.claim.text("camera"))),
  });
  return { ...worst.late, cause };
}

function fileFact(found: {
  readonly upload: WholeUpload;
  readonly chunks: number;
  readonly probed: Probed;
  readonly claims: readonly Row[];
  readonly late: LateFile | null;
}): JsonObject {
  const { upload, chunks, probed, claims, late } = found;
  return {
    fileId: upload.id,
    sizeBytes: upload.sizeBytes,
    sha256: upload.sha256,
    chunkStream: chunkStream(upload.id, upload.attempt),
    attempt: upload.attempt,
    chunks,
    media: probed.ok ? { ...probed.media } : null,
    probeProblem: probed.ok ? null : probed.problem,
    late: late === null ? null : { ...late },
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
