/**
 * Sends a scan in pieces from the offset that is durable. Invariant: a piece counts only once the gateway has answered
 * its offset, so a cut in between repeats bytes and never loses any.
 */
import { SCAN_MEDIA_TYPES, type ScanMedia } from "../gateway/domain/scan.ts";
import type { Sha256Hex } from "../gateway/domain/ids.ts";
import { ApiFailure, call, sendPiece } from "./api.ts";

const PIECE_BYTES = 1024 * 1024;

function mediaOf(file: File): ScanMedia {
  const known = SCAN_MEDIA_TYPES.find((type) => type === file.type);
  if (known !== undefined) return known;
  throw new ApiFailure({
    code: "page.wrongFile",
    status: 0,
    texts: {
      zh: "只能上传 JPEG、PNG、TIFF 图片、PDF 或 WAV、MP3、M4A 音频。",
      en: "Only JPEG, PNG or TIFF pictures, PDF, and WAV, MP3 or M4A sound can be uploaded.",
    },
  });
}

/** Resolves with the scan's id. Throws ApiFailure. */
export async function uploadScan(file: File, signal: AbortSignal): Promise<string> {
  const mediaType = mediaOf(file);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") as Sha256Hex;
  const body = { mediaType, sizeBytes: file.size, sha256 };
  const { uploadId, ...begun } = await call("POST /api/scan-uploads", { body, signal });
  let { offset, state } = begun;
  while (state !== "stored") {
    const piece = file.slice(offset, offset + PIECE_BYTES);
    ({ offset, state } = await sendPiece("PUT /api/scan-uploads/:uploadId", {
      params: { uploadId },
      query: { offset },
      piece,
      signal,
    }));
  }
  return uploadId;
}
