/**
 * The report of a month or a year: work and lateness by officer, section and counter, use of devices, inspections.
 * Invariant: every figure is a sum of entries; a figure nobody recorded is absent, never made up.
 */
import { CodedError } from "../../domain/errors.ts";
import { monthEndMs } from "../../domain/oversight/sample.ts";
import type { Checks, FindingRow } from "./checks-view.ts";
import type { FigureRow, FigureTable, ListedRow } from "./figures-view.ts";
import type { Complaints, Staff } from "./ports.ts";

const HOUR_MS = 3_600_000;
const BEIJING_MS = 8 * HOUR_MS;
const LEDGER_MOST = 20_000;

export interface OversightReport {
  readonly period: string;
  readonly officers: readonly (FigureRow & { readonly section?: string })[];
  readonly sections: readonly FigureRow[];
  readonly counters: readonly FigureRow[];
  readonly cameras: readonly FigureRow[];
  readonly bodyCameras: readonly FigureRow[];
  readonly docks: readonly FigureRow[];
  /** Late notices, deemed acceptances, overrides, repeated notices, refused attempts. */
  readonly listed: readonly ListedRow[];
  readonly uninformedComplaints: readonly { readonly id: string; readonly receivedMs: number }[];
  readonly inspections: {
    readonly playbacks: number;
    readonly views: number;
    readonly comments: number;
    readonly samples: number;
    readonly findings: number;
    readonly closed: number;
  };
  readonly overdue: readonly FindingRow[];
}

export interface ReportSources {
  readonly figures: FigureTable;
  readonly checks: Checks;
  readonly staff: Staff;
  readonly complaints: Complaints;
  /** Beijing. */
  readonly today: string;
}

function interval(period: string): { readonly fromMs: number; readonly toMs: number } {
  const toMs = monthEndMs(period.length === 4 ? `${period}-12` : period);
  if (toMs === undefined) throw new CodedError("oversight.badPeriod");
  const month = period.length === 4 ? 1 : Number(period.slice(5));
  return { fromMs: Date.UTC(Number(period.slice(0, 4)), month - 1, 1) - BEIJING_MS, toMs };
}

function bySection(rows: readonly (FigureRow & { readonly section?: string })[]): readonly FigureRow[] {
  const sums = new Map<string, Record<string, number>>();
  for (const { section = "", figures } of rows) {
    const sum = sums.get(section) ?? {};
    for (const [name, value] of Object.entries(figures)) sum[name] = (sum[name] ?? 0) + value;
    sums.set(section, sum);
  }
  return [...sums].map(([of, figures]) => ({ of, figures }));
}

/** Throws `oversight.badPeriod`. */
export async function reportOf(sources: ReportSources, period: string): Promise<OversightReport> {
  const { figures, checks, staff, complaints, today } = sources;
  const range = interval(period);
  const officers = await Promise.all(
    (await figures.officers(period)).map(async (row) => {
      const section = await staff.sectionOf(row.of);
      return section === undefined ? row : { ...row, section };
    }),
  );
  const ledger = await checks.ledger({ ...range, limit: LEDGER_MOST });
  const count = (kind: string): number => ledger.filter((row) => row.kind === kind).length;
  return {
    period,
    officers,
    sections: bySection(officers),
    counters: await figures.counters(period),
    cameras: await figures.cameras(period),
    bodyCameras: await figures.bodyCameras(period),
    docks: await figures.docks(period),
    listed: await figures.listed(period),
    uninformedComplaints: await complaints.uninformed(),
    inspections: {
      playbacks: count("playback"),
      views: count("view"),
      comments: count("comment"),
      samples: count("drawn"),
      findings: count("finding"),
      closed: count("findingClosed"),
    },
    overdue: (await checks.openFindings()).filter(({ dueOn }) => today > dueOn),
  };
}
