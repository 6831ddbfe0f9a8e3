/**
 * The check that every read goes through, because LevelDB verifies nothing on get: the value's entry is the
 * logged one and its body has the logged length and SHA-256.
 */
import { CodedError } from "../domain/errors.ts";
import type { LogId } from "../domain/ids.ts";
import { type BodyValue, decodeBodyValue } from "../evidence/body-value.ts";
import { equalBytes } from "../evidence/bytes.ts";
import type { LoggedEntry } from "./log-database.ts";
import { sha256Text } from "./sha256.ts";

/** The body of the value. Throws `evidence.bodyMissing` or `evidence.bodyCorrupt`. */
export function checkedBody(logId: LogId, logged: LoggedEntry, value: Uint8Array | undefined): Uint8Array {
  const { entry } = logged;
  const where = { logId, seq: entry.seq, type: entry.type, stream: entry.stream };
  if (value === undefined) throw new CodedError("evidence.bodyMissing", where);
  let parts: BodyValue;
  try {
    parts = decodeBodyValue(value);
  } catch (cause) {
    throw new CodedError("evidence.bodyCorrupt", where, { cause });
  }
  const { entryBytes, body } = parts;
  if (!equalBytes(entryBytes, logged.bytes) || body.length !== entry.len || sha256Text(body) !== entry.sha256)
    throw new CodedError("evidence.bodyCorrupt", where);
  return body;
}
