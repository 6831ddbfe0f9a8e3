/** What a request's words, person, credentials and signature have to be like; each throws `access.*` with its field. */
import { CodedError } from "../../domain/errors.ts";
import { isPhone, plainName, plainNumber } from "../../domain/identity.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { RequesterRecord } from "./entries.ts";
import type { LogReader } from "./ports.ts";
import type { ShownCredential } from "./request.ts";

const LONGEST_TEXT = 500;
const STROKES_MOST = 200;
const POINTS_MOST = 5000;
const SCAN_TYPES: ReadonlySet<string> = new Set(["scan", "file"]);

/** The words without space around them. Throws `code` where there are none or too many. */
export function said(
  text: string,
  code: "access.badRequester" | "access.opinionMissing" | "access.badSensitivity",
) {
  const plain = text.trim();
  if (plain === "" || plain.length > LONGEST_TEXT) throw new CodedError(code);
  return plain;
}

/** Throws `access.badRequester`. */
export function checkedPerson(person: RequesterRecord | undefined): RequesterRecord {
  const name = plainName(person?.name ?? "");
  const number = plainNumber(person?.number ?? "");
  const unit = person?.unit === undefined ? undefined : plainName(person.unit);
  const phone = person?.phone?.trim();
  if (name === undefined || !/^[0-9A-Za-z\p{L}-]{2,40}$/u.test(number))
    throw new CodedError("access.badRequester", { field: name === undefined ? "name" : "number" });
  if (person?.unit !== undefined && unit === undefined)
    throw new CodedError("access.badRequester", { field: "unit" });
  if (phone !== undefined && !isPhone(phone)) throw new CodedError("access.badRequester", { field: "phone" });
  return {
    name,
    number,
    ...(unit === undefined ? {} : { unit }),
    ...(phone === undefined ? {} : { phone }),
  };
}

async function isScan(reader: LogReader, ref: EntryRef): Promise<boolean> {
  try {
    return SCAN_TYPES.has((await reader.readEntry(ref)).type);
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

/** Each credential's scan has to be in the record. Throws `access.credentialsMissing`. */
export async function checkScans(reader: LogReader, shown: readonly ShownCredential[]): Promise<void> {
  for (const { kind, scan } of shown)
    if (!(await isScan(reader, scan)))
      throw new CodedError("access.credentialsMissing", { credential: kind });
}

/** The requester's signature: strokes on the pad, or the scan of the paper. */
export type ReceiptSignature =
  | { readonly mode: "ink"; readonly scan: EntryRef }
  | { readonly mode: "stroke"; readonly strokes: readonly (readonly (readonly number[])[])[] };

/** Throws `access.signatureMissing`. */
export async function checkSignature(reader: LogReader, signature: ReceiptSignature): Promise<void> {
  if (signature.mode === "ink") {
    if (!(await isScan(reader, signature.scan))) throw new CodedError("access.signatureMissing");
    return;
  }
  const { strokes } = signature;
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  if (strokes.length === 0 || strokes.length > STROKES_MOST || points < 2 || points > POINTS_MOST)
    throw new CodedError("access.signatureMissing");
}
