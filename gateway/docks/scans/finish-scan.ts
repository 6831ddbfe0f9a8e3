/** The end of a scan's upload: read back, hashed, looked into, recorded; or refused and set back to its beginning. */
import { CodedError, type ErrorCode } from "../../domain/errors.ts";
import { SCAN_MEDIA, type ScanContent, type ScanMedia } from "../../domain/scan.ts";
import { type UploadParts, readBack, uploadRow } from "../chunk-upload.ts";
import { chunkBytes, wholeOf } from "../file-bytes.ts";
import { appendAndApply } from "../inside.ts";
import { inspectPdf } from "./pdf.ts";
import type { ScansPorts } from "./ports.ts";
import { SCANS, scanChunkStream } from "./projection.ts";

const PROBE_LIMIT_MS = 30_000;
const MS_A_SECOND = 1000;
const BITS_A_BYTE = 8;
const PICTURE_FORMATS: Readonly<Record<string, ScanMedia>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  tiff: "image/tiff",
};
/** ffprobe's names of containers. */
const CONTAINERS: Readonly<Partial<Record<ScanMedia, RegExp>>> = {
  "audio/wav": /^wav$/,
  "audio/mpeg": /^mp3$/,
  "audio/mp4": /(^|,)m4a(,|$)/,
};
const NOTHING: ScanContent = { width: null, height: null, pages: null, durationMs: null, codec: null };

type Parts = UploadParts & Pick<ScansPorts, "pictures" | "probe">;

async function look(
  parts: Parts,
  announced: { readonly mediaType: ScanMedia; readonly sizeBytes: number },
  read: () => AsyncIterable<Uint8Array>,
): Promise<ScanContent | ErrorCode> {
  const { mediaType, sizeBytes } = announced;
  const { group } = SCAN_MEDIA[mediaType];
  if (group === "picture") {
    const found = await parts.pictures.inspect(await wholeOf(read()));
    if (!found.ok) return found.problem === "tooLarge" ? "scans.bomb" : "scans.notReadable";
    if (PICTURE_FORMATS[found.format] !== mediaType) return "scans.otherKind";
    const { width, height, pages } = found;
    return { ...NOTHING, width, height, pages };
  }
  if (group === "pdf") {
    const found = await inspectPdf(read());
    return found.ok ? NOTHING : found.problem;
  }
  const probed = await parts.probe.probe(read(), PROBE_LIMIT_MS);
  if (!probed.ok) {
    if (probed.problem === "noProbe") throw new CodedError("scans.noProbe");
    return "scans.notReadable";
  }
  const { container, codec, durationMs, width, bitRate } = probed.media;
  if (width !== null || CONTAINERS[mediaType]?.test(container) !== true) return "scans.otherKind";
  // Recorders write wave files and MP3 at one rate, so size and rate give the length.
  const byRate = bitRate === undefined ? null : Math.round((sizeBytes * MS_A_SECOND * BITS_A_BYTE) / bitRate);
  return { ...NOTHING, durationMs: durationMs ?? byRate, codec };
}

/** Throws the refusal's code after the upload was set back. */
export async function finishScan(parts: Parts, id: string): Promise<void> {
  const row = await uploadRow(parts, id);
  const mediaType = row.text("mediaType") as ScanMedia;
  const sizeBytes = row.number("sizeBytes");
  const attempt = row.number("attempt");
  const sha256 = row.text("sha256");
  const { sha256: found, chunks } = await readBack(parts, { id, attempt });
  const content =
    found === sha256
      ? await look(parts, { mediaType, sizeBytes }, () => chunkBytes(parts, id, attempt))
      : ("scans.hashMismatch" as const);
  if (typeof content === "string") {
    const json = { v: 1, what: "rejected", upload: id, attempt, why: content };
    await appendAndApply(parts, [{ type: "scan", stream: SCANS, record: { json } }]);
    throw new CodedError(content, { offset: 0 });
  }
  const json = {
    v: 1,
    what: "stored",
    scanId: id,
    mediaType,
    sizeBytes,
    sha256,
    chunkStream: scanChunkStream(id, attempt),
    attempt,
    chunks,
    content,
    by: row.text("by"),
  };
  await appendAndApply(parts, [{ type: "scan", stream: SCANS, record: { json } }]);
}
