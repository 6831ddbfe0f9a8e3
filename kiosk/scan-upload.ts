/** Brings a scan or photo into the record: announced by its hash, sent in pieces, linked to what it belongs to. */
import type { ScanView } from "../gateway/http/contract/scans.ts";
import type { Sha256Hex } from "../gateway/domain/ids.ts";
import { call, newCommandId, pathOf, sendBytes } from "./api.ts";

const PIECE_BYTES = 2 * 1024 * 1024;
type MediaType = ScanView["mediaType"];
export type ScanRef = ScanView["ref"];

async function sha256Of(bytes: ArrayBuffer): Promise<Sha256Hex> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  // Hexadecimal of 32 bytes is what the type means.
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") as Sha256Hex;
}

/** Resolves once the scan is durable and linked. Throws ApiFailure. */
export async function uploadScan(
  file: File,
  link: { readonly kind: "record"; readonly id: string },
  signal: AbortSignal,
): Promise<ScanRef> {
  const bytes = await file.arrayBuffer();
  const announced = await call("POST /api/scan-uploads", {
    // The gateway refuses what it does not take.
    body: { mediaType: file.type as MediaType, sizeBytes: bytes.byteLength, sha256: await sha256Of(bytes) },
    signal,
  });
  const { uploadId } = announced;
  for (let { offset } = announced; offset < bytes.byteLength; offset += PIECE_BYTES) {
    const path = pathOf("/api/scan-uploads/:uploadId", { uploadId }, { offset });
    await sendBytes(path, new Uint8Array(bytes.slice(offset, offset + PIECE_BYTES)), signal);
  }
  const { ref } = await call("POST /api/scans/:scanId/links", {
    params: { scanId: uploadId },
    body: { commandId: newCommandId(), purpose: "credential", link },
    signal,
  });
  return ref;
}
