/** Reads what people wrote from its own bodies each time, so that an erased one is simply gone. */
import { CodedError } from "../../domain/errors.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { CaseRow } from "../case-files/case-rows.ts";
import type { JsonObject, LogReader } from "../ports.ts";
import type { RecordContent, RecordedOfficer, RecordedSignature } from "./records.ts";

async function bodyOf(ref: EntryRef, reader: LogReader): Promise<JsonObject | undefined> {
  try {
    return (await reader.readRecord(ref)).body.json;
  } catch (error) {
    if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
    throw error;
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** What was written first and all that was added, the latest word on a field counting. */
export async function readContent(refs: readonly EntryRef[], reader: LogReader): Promise<RecordContent> {
  const fields: Record<string, string> = {};
  const officers: RecordedOfficer[] = [];
  const signatures: RecordedSignature[] = [];
  let erased = false;
  const more: { place?: string; avReason?: string; interruptionReason?: string } = {};
  for (const ref of refs) {
    const json = await bodyOf(ref, reader);
    if (json === undefined) {
      erased = true;
      continue;
    }
    Object.assign(fields, json["fields"]);
    officers.push(...((json["officers"] ?? []) as unknown as readonly RecordedOfficer[]));
    signatures.push(...((json["signatures"] ?? []) as unknown as readonly RecordedSignature[]));
    for (const name of ["place", "avReason", "interruptionReason"] as const) {
      const said = text(json[name]);
      if (said !== undefined) more[name] = said;
    }
  }
  return { fields, officers, signatures, ...more, erased };
}

export async function readCaseTitle(
  row: CaseRow | undefined,
  reader: LogReader,
): Promise<{ readonly title: string; readonly party?: string } | undefined> {
  const json = row?.content === undefined ? undefined : await bodyOf(row.content, reader);
  const title = text(json?.["title"]);
  const party = text(json?.["party"]);
  return title === undefined ? undefined : { title, ...(party === undefined ? {} : { party }) };
}
