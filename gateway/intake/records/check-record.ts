/**
 * Checks what a person recorded before anything is written. Invariant: what passes is of the catalogue's form, its
 * times are possible, and every link leads to footage or a scan that is there.
 */
import { CodedError } from "../../domain/errors.ts";
import type { Profile } from "../../domain/profile.ts";
import type { DocumentKindRow, DocumentKinds } from "../../domain/records/document-kinds.ts";
import { type FootageLink, SCAN_MEDIA, type ScanLink } from "../../domain/records/record.ts";
import { avDuties } from "../../domain/records/av-duty.ts";
import type { LogReader } from "../ports.ts";
import type { FootageLookup } from "./ports.ts";
import type { AskedFootage, MakeRecord, RecordedDetails } from "./records.ts";

const MAX_FIELD = 20_000;
const MAX_NAME = 120;
const MAX_LINKS = 200;
/** The system keeps nothing older than this on paper dates: a slip of the pen, not a record. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** A clerk's own clock may be a little ahead. */
const AHEAD_MS = 5 * 60_000;
// oxlint-disable-next-line no-control-regex -- what people typed may hold lines, nothing else of the control range
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

const bad = (what: string, article?: string): never => {
  throw new CodedError("records.badInput", { what, ...(article === undefined ? {} : { article }) });
};

/** Throws `records.badInput` for an empty, overlong or unprintable text. */
export function checkText(text: string, what: string, longest = MAX_NAME): string {
  if (text.trim() === "" || text.length > longest || CONTROL.test(text)) bad(what);
  return text;
}

function checkDetails(row: DocumentKindRow, details: Partial<RecordedDetails>): void {
  for (const [name, text] of Object.entries(details.fields ?? {})) {
    if (!row.fields.includes(name)) bad(name);
    // An empty field is one that isn't filled; it is listed as missing, not refused.
    if (text !== "") checkText(text, name, MAX_FIELD);
  }
  const roles = new Set(row.signers.flatMap((one) => one.roles));
  for (const { role, name, how, reason } of details.signatures ?? []) {
    const line = row.signers.find((one) => one.roles.includes(role));
    if (!roles.has(role) || line === undefined) return bad(role);
    checkText(name, role);
    // A refusal counts only with its reason, and only where the article lets one stand in.
    if (how === "refused" && (!line.mayRefuse || (reason ?? "").trim() === ""))
      bad(`${role}.reason`, row.articles[0]);
    if (reason !== undefined) checkText(reason, `${role}.reason`, MAX_FIELD);
  }
  for (const { name, certNo } of details.officers ?? []) {
    checkText(name, "officer");
    if (certNo !== undefined) checkText(certNo, "certNo");
  }
}

function checkAvReason(
  row: DocumentKindRow,
  facts: Pick<MakeRecord, "flags"> & { readonly activity: DocumentKindRow["activities"][number] },
  parts: {
    readonly profile: Profile;
    readonly kinds: DocumentKinds;
    readonly details: Partial<RecordedDetails>;
  },
): void {
  const { avReason, interruptionReason } = parts.details;
  if (interruptionReason !== undefined) checkText(interruptionReason, "interruptionReason", MAX_FIELD);
  if (avReason === undefined) return;
  checkText(avReason.text, "avReason", MAX_FIELD);
  const rule = parts.profile.rule("av.exemptionReasons");
  const [strictest] = avDuties(row, facts, parts.profile, parts.kinds);
  const own = strictest === undefined ? [] : exemptionsOf(strictest.context, parts);
  // A context with its own grounds in the article takes those; the profile's list holds elsewhere.
  const allowed = own.length > 0 ? own : rule.value;
  if (!allowed.includes(avReason.code) && !allowed.includes("reasonNeeded"))
    bad("avReason", strictest?.article);
}

function exemptionsOf(
  context: string,
  { profile, kinds }: { readonly profile: Profile; readonly kinds: DocumentKinds },
): readonly string[] {
  return kinds.matter(context)?.rules[profile.regulation]?.exempt ?? [];
}

export function checkTimes(startMs: number, endMs: number, nowMs: number): void {
  if (!Number.isSafeInteger(startMs) || startMs < EARLIEST_MS || startMs > nowMs + AHEAD_MS) bad("startMs");
  if (!Number.isSafeInteger(endMs) || endMs < startMs || endMs > nowMs + AHEAD_MS) bad("endMs");
}

/** Form and words of a record or of what is added to one. Throws `records.badInput`. */
export function checkForm(
  row: DocumentKindRow,
  facts: Pick<MakeRecord, "flags"> & { readonly activity: DocumentKindRow["activities"][number] },
  parts: {
    readonly profile: Profile;
    readonly kinds: DocumentKinds;
    readonly details: Partial<RecordedDetails>;
  },
): void {
  checkDetails(row, parts.details);
  checkAvReason(row, facts, parts);
}

/** What the links lead to. Throws `records.noSuchFootage`, `records.badInput`. */
export async function resolveFootage(
  asked: readonly AskedFootage[],
  lookup: FootageLookup,
): Promise<readonly FootageLink[]> {
  if (asked.length > MAX_LINKS) bad("footage");
  const links: FootageLink[] = [];
  for (const one of asked) {
    if (one.type === "camera") {
      if (!(one.toMs > one.fromMs)) bad("footage");
      const spans = await lookup.camera(one.cameraId, one.fromMs, one.toMs);
      if (spans.length === 0) throw new CodedError("records.noSuchFootage", { camera: one.cameraId });
      links.push({ ...one, spans });
    } else {
      const found = await lookup.file(one.fileId);
      if (found === undefined) throw new CodedError("records.noSuchFootage", { file: one.fileId });
      links.push({ type: "file", fileId: one.fileId, ...found });
    }
  }
  return links;
}

/** Every scan has to be an entry of that type. */
export async function checkScans(scans: readonly ScanLink[], reader: LogReader): Promise<void> {
  if (scans.length > MAX_LINKS) bad("scans");
  for (const { ref, media } of scans) {
    if (!SCAN_MEDIA.includes(media)) bad("scans");
    try {
      const { type } = await reader.readEntry(ref);
      if (type !== "scan") throw new CodedError("records.noSuchFootage", { seq: ref.seq });
    } catch (cause) {
      if (cause instanceof CodedError && cause.code === "evidence.noSuchEntry")
        throw new CodedError("records.noSuchFootage", { seq: ref.seq }, { cause });
      throw cause;
    }
  }
}
