/** What scans may be linked to and what evidence may point at: each is looked up where it lives before it is recorded. */
import type { Docks } from "../docks/docks.ts";
import type { Scans } from "../docks/scans/scans.ts";
import type { ScansPorts } from "../docks/scans/ports.ts";
import { CodedError } from "../domain/errors.ts";
import { applicationId, documentId, logId, seq } from "../domain/ids.ts";
import type { EvidenceLink } from "../domain/service/service.ts";
import type { LogReader } from "../evidence/append.ts";
import type { CaseBook } from "../intake/case-files/case-book.ts";
import type { Intake } from "../intake/intake.ts";
import type { Footage } from "../intake/ports.ts";
import type { Records } from "../intake/records/records.ts";
import type { Services } from "../intake/service/services.ts";

/** False for what is not there or no id at all; other failures go on. */
async function exists(look: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await look()) !== undefined;
  } catch (error) {
    if (error instanceof CodedError || error instanceof RangeError) return false;
    throw error;
  }
}

async function isSignature(reader: Pick<LogReader, "readEntry">, ref: string): Promise<boolean> {
  const [log = "", index = ""] = ref.split("/");
  return exists(async () => {
    const entry = await reader.readEntry({ logId: logId(log), seq: seq(Number(index)) });
    return entry.type === "signature" ? entry : undefined;
  });
}

export function scanTargets(parts: {
  /** These are made after the scans. */
  readonly intake: () => Pick<Intake, "get">;
  readonly services: () => Pick<Services, "state">;
  readonly cases: () => {
    readonly records: Pick<Records, "get">;
    readonly book: Pick<CaseBook, "find">;
  };
  readonly reader: Pick<LogReader, "readEntry">;
}): ScansPorts["targets"] {
  /** A case file that was filed is closed. Throws `records.caseClosed`. */
  const openCase = async (id: string): Promise<boolean> => {
    const row = await parts.cases().book.find(id);
    if (row?.filed !== undefined)
      throw new CodedError("records.caseClosed", { code: row.filed.archivalCode });
    return row !== undefined;
  };
  const paper = (id: string) => exists(() => parts.services().state(documentId(id)));
  return {
    application: (id) => exists(() => parts.intake().get(applicationId(id))),
    document: paper,
    service: paper,
    signature: (ref) => isSignature(parts.reader, ref),
    record: async (id) => {
      const { records } = parts.cases();
      return (await exists(() => records.get(id))) && openCase((await records.get(id)).facts.caseId);
    },
    caseFile: openCase,
  };
}

export function evidenceLinks(parts: {
  readonly footage: Footage;
  readonly docks: Pick<Docks, "file">;
  readonly scans: Pick<Scans, "find">;
  readonly reader: Pick<LogReader, "readEntry">;
}): (link: EvidenceLink) => Promise<boolean> {
  return async (link) => {
    switch (link.in) {
      case "camera": {
        const { cameraId, fromMs, toMs } = link;
        const coverage = await parts.footage.coverage([cameraId], fromMs, toMs);
        return coverage.some(({ spans }) => spans.length > 0);
      }
      case "file":
        return exists(() => parts.docks.file(link.fileId));
      case "scan":
        return exists(() => parts.scans.find(link.scanId));
      case "signature":
        return isSignature(parts.reader, link.ref);
      case "entry":
        // The gateway's own: nobody brings one.
        return false;
      default:
        return false;
    }
  };
}
