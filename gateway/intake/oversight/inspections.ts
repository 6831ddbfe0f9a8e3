/**
 * Oversight as routes and screens see it: samples, comments, findings, the inspection ledger and the figures.
 * Invariant: every act is an entry that names who did it; nothing of it can be taken back.
 */
import type { CommandId, UserId } from "../../domain/ids.ts";
import type { CheckRow, FindingRow, SampleRow } from "./checks-view.ts";
import type { CustodyRow } from "./figures-view.ts";
import type { MeansReport } from "./means.ts";
import type { OversightReport } from "./report.ts";

export interface InspectionCommand {
  readonly commandId: CommandId;
  readonly by: UserId;
}
export type FindingView = FindingRow & { readonly isOverdue: boolean };

export interface Inspections {
  /**
   * Draws the month's sample. Throws `oversight.badPeriod`, `periodOpen`, `alreadyDrawn`, `nothingToDraw`. A draw
   * that a crash cut off is finished with the candidates and the tree of the asking.
   */
  draw(asked: InspectionCommand & { readonly period: string; readonly count: number }): Promise<SampleRow>;
  samples(): Promise<readonly SampleRow[]>;
  /** Throws `oversight.badText`. */
  comment(
    asked: InspectionCommand & {
      readonly subject: string;
      readonly text: string;
      readonly momentMs?: number;
    },
  ): Promise<void>;
  /** Throws `oversight.badText`, `badDeadline`, `noSuchPerson`. */
  find(
    asked: InspectionCommand & {
      readonly subject: string;
      readonly text: string;
      readonly order: string;
      readonly responsible: UserId;
      readonly dueOn: string;
      readonly article?: string;
    },
  ): Promise<FindingView>;
  /** Who has to rectify says what was done. Throws `oversight.noSuchFinding`, `findingState`. */
  rectify(
    asked: InspectionCommand & { readonly findingId: string; readonly text: string },
  ): Promise<FindingView>;
  /** Closing 销号, by somebody else. Throws `oversight.ownFinding`, `findingState`. */
  closeFinding(
    asked: InspectionCommand & { readonly findingId: string; readonly text: string },
  ): Promise<FindingView>;
  findings(): Promise<readonly FindingView[]>;
  /** Open ones whose last day is over: each is an alarm. */
  overdue(): Promise<readonly FindingView[]>;
  ledger(interval: { readonly fromMs: number; readonly toMs: number }): Promise<readonly CheckRow[]>;
  /** A month `YYYY-MM` or a year `YYYY`. Throws `oversight.badPeriod`. */
  report(period: string): Promise<OversightReport>;
  /** The means used beside what was called for, in a month `YYYY-MM`. Throws `oversight.badPeriod`. */
  means(period: string): Promise<MeansReport>;
  custody(interval: { readonly fromMs: number; readonly toMs: number }): Promise<readonly CustodyRow[]>;
}
