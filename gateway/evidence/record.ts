/**
 * The body of every entry that is not footage: 32 random bytes, a JSON part, an optional attachment.
 * Invariant: the random bytes make the logged hash useless for guessing an erased body (DESIGN 5).
 */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export const RECORD_SALT_BYTES = 32;
const JSON_LENGTH_BYTES = 4;
const decoder = new TextDecoder("utf-8", { fatal: true });

export interface RecordBody {
  readonly json: JsonObject;
  /** Bytes that belong to the record, such as the PDF of a rendition. */
  readonly attachment?: Uint8Array;
}

/** salt ‖ u32 big-endian length of the JSON ‖ JSON (UTF-8) ‖ attachment. `salt` is 32 fresh random bytes. */
export function encodeRecord(record: RecordBody, salt: Uint8Array): Uint8Array {
  if (salt.length !== RECORD_SALT_BYTES) throw new RangeError("a record's salt is 32 bytes");
  const json = new TextEncoder().encode(JSON.stringify(record.json));
  const attachment = record.attachment ?? new Uint8Array();
  const out = new Uint8Array(RECORD_SALT_BYTES + JSON_LENGTH_BYTES + json.length + attachment.length);
  out.set(salt, 0);
  new DataView(out.buffer).setUint32(RECORD_SALT_BYTES, json.length);
  out.set(json, RECORD_SALT_BYTES + JSON_LENGTH_BYTES);
  out.set(attachment, RECORD_SALT_BYTES + JSON_LENGTH_BYTES + json.length);
  return out;
}

/** Throws RangeError when the bytes are not a record. */
export function decodeRecord(bytes: Uint8Array): RecordBody {
  const start = RECORD_SALT_BYTES + JSON_LENGTH_BYTES;
  if (bytes.length < start) throw new RangeError("a record is shorter than its head");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(RECORD_SALT_BYTES);
  if (start + length > bytes.length) throw new RangeError("a record's JSON is longer than the record");
  const json: unknown = JSON.parse(decoder.decode(bytes.subarray(start, start + length)));
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new RangeError("a record's JSON is not an object");
  const attachment = bytes.subarray(start + length);
  return attachment.length === 0 ? { json: json as JsonObject } : { json: json as JsonObject, attachment };
}

/** The record's bytes before its attachment. Throws RangeError when the bytes are not a record. */
export function headOfRecord(bytes: Uint8Array): Uint8Array {
  const { attachment } = decodeRecord(bytes);
  return bytes.subarray(0, bytes.length - (attachment?.length ?? 0));
}
