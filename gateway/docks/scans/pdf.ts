/**
 * Looks at a PDF without opening it: head, end, and words of things that act by themselves (ISO 32000-1, 7.5.2 and
 * 12.6.4). Invariant: reads as a stream, so its size costs no memory. What lies in compressed objects is not seen.
 */
import type { ErrorCode } from "../../domain/errors.ts";

const HEAD = /^%PDF-[12]\.\d/;
const HEAD_BYTES = 8;
/** Readers look for the end within the last kilobyte. */
const TAIL_BYTES = 1024;
const OVERLAP = 32;
const ACTIVE = /\/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b/;
const ENCRYPTED = /\/Encrypt\b/;

export async function inspectPdf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: ErrorCode }> {
  let head = "";
  let tail = "";
  for await (const piece of bytes) {
    const text = Buffer.from(piece).toString("latin1");
    if (head.length < HEAD_BYTES) head = (head + text).slice(0, HEAD_BYTES);
    const seen = tail.slice(-OVERLAP) + text;
    if (ACTIVE.test(seen)) return { ok: false, problem: "scans.activeContent" };
    if (ENCRYPTED.test(seen)) return { ok: false, problem: "scans.notReadable" };
    tail = (tail + text).slice(-TAIL_BYTES);
  }
  const whole = HEAD.test(head) && tail.includes("startxref") && tail.includes("%%EOF");
  return whole ? { ok: true } : { ok: false, problem: "scans.notReadable" };
}
