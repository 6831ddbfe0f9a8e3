/**
 * Reads what all logs of a source together say of absent bodies. Invariant: only entries that a signed head covers
 * and whose record is here and their own explain anything, and a release only what the archive acknowledged.
 */
import { type Absence, decodeAbsence } from "../absence.ts";
import { toHex } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import { decodeRecord } from "../record.ts";
import type { Sha256 } from "../suite.ts";
import { Acks, type AcksOptions } from "./acks.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import type { IndexPassResult } from "./index-pass.ts";
import { LawfulAbsences } from "./lawful-absences.ts";
import type { LogEvidence } from "./source.ts";

/** By log id. */
export type AbsencesByLog = ReadonlyMap<string, LawfulAbsences>;

export interface ReadAbsencesOptions extends AcksOptions {
  /** In the order of the logs. */
  readonly logs: readonly { readonly log: LogEvidence; readonly index: IndexPassResult }[];
  readonly findings: FindingList;
}

export async function readAbsences(options: ReadAbsencesOptions): Promise<AbsencesByLog> {
  const { findings, sha256 } = options;
  const acks = new Acks(options);
  const byLog = new Map<string, LawfulAbsences>();
  for (const { log, index } of options.logs)
    // An acknowledgement backs what is released after it, never before.
    for (const entry of [...index.acks, ...index.absences].sort((a, b) => a.seq - b.seq)) {
      if (entry.type === "ack") {
        await acks.take(log, entry);
        continue;
      }
      const type = entry.type === "erase" ? "erase" : "release";
      try {
        const absence = await readAbsence(log, entry, sha256);
        // A copy that still awaits the record has the bodies that it speaks of, or awaits them too.
        if (absence === undefined) continue;
        const known = byLog.get(absence.logId) ?? new LawfulAbsences();
        known.add(type, absence, acks.ackedOf(absence));
        byLog.set(absence.logId, known);
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
        findings.add("absence.malformed", log.label, foundEntry(entry), error.message);
      }
    }
  return byLog;
}

/** Throws RangeError or SyntaxError unless the record is here, is the entry's own, and says what went. */
async function readAbsence(log: LogEvidence, entry: Entry, sha256: Sha256): Promise<Absence | undefined> {
  const body = await log.body(entry.seq);
  if (body.state === "absent" && log.growsByPacks === true) return undefined;
  if (body.state !== "found") throw new RangeError("its record is not here");
  if (toHex(sha256(body.body)) !== entry.sha256) throw new RangeError("its record was altered");
  const absence = decodeAbsence(decodeRecord(body.body).json["absence"]);
  if (absence.basis === "") throw new RangeError("it names no basis");
  return absence;
}
