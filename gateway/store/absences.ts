/**
 * Which bodies may be absent, by the `release` and `erase` entries of all logs. Invariant: it says what the judge
 * says, because both ask the same rule of the same records.
 */
import { seq } from "../domain/ids.ts";
import { type Absence, decodeAbsence } from "../evidence/absence.ts";
import type { Entry } from "../evidence/entry.ts";
import { decodeRecord } from "../evidence/record.ts";
import { LawfulAbsences } from "../evidence/verify/lawful-absences.ts";
import type { LogSeries } from "./log-series.ts";
import type { OneLog } from "./one-log.ts";

export interface LoggedAbsence {
  readonly type: "release" | "erase";
  readonly absence: Absence;
}

/** Undefined when the entry is neither a release nor an erasure. Throws when its record is damaged. */
export async function absenceOf(log: OneLog, at: number): Promise<LoggedAbsence | undefined> {
  const logged = await log.log.entry(seq(at));
  const { type } = logged.entry;
  if (type !== "release" && type !== "erase") return undefined;
  return { type, absence: decodeAbsence(decodeRecord(await log.body(logged)).json["absence"]) };
}

export class Absences {
  readonly #series: LogSeries;
  #known: Promise<Map<string, LawfulAbsences>> | undefined;

  constructor(series: LogSeries) {
    this.#series = series;
  }

  /** Why the body is lawfully absent; undefined when nothing says that it may be. */
  async reasonFor(logId: string, entry: Entry): Promise<"released" | "erased" | undefined> {
    return (await this.of(logId)).reasonFor(entry);
  }

  async of(logId: string): Promise<LawfulAbsences> {
    const known = await (this.#known ??= this.#read());
    return known.get(logId) ?? new LawfulAbsences();
  }

  /** An entry was appended. */
  async add({ type, absence }: LoggedAbsence): Promise<void> {
    // What nobody has asked for yet is read with the rest; what is being read may hold it already, which harms nothing.
    if (this.#known !== undefined) addTo(await this.#known, { type, absence });
  }

  async #read(): Promise<Map<string, LawfulAbsences>> {
    const known = new Map<string, LawfulAbsences>();
    try {
      for (const log of this.#series.logs)
        for (const at of await log.log.absences()) {
          const logged = await absenceOf(log, at);
          if (logged !== undefined) addTo(known, logged);
        }
    } catch (cause) {
      this.#known = undefined;
      throw cause;
    }
    return known;
  }
}

function addTo(known: Map<string, LawfulAbsences>, { type, absence }: LoggedAbsence): void {
  const lawful = known.get(absence.logId) ?? new LawfulAbsences();
  lawful.add(type, absence);
  known.set(absence.logId, lawful);
}
