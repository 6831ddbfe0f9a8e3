/**
 * Keeping and destroying: holds, warnings before anything ends, destruction lists with appraisal and two approvals,
 * media. Invariant: only footage of the counter that belongs to no matter runs out without a list, and only after it was
 * announced.
 */
import type { HoldReason, HoldSubject } from "../../domain/retention/holds.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { CommandBase } from "../records/records.ts";
import type { RetentionIndex } from "./retention-index.ts";
import type { DestructionList, HoldRow, ListItem, MediumRow, WarningRow } from "./retention-view.ts";

export interface SetHold extends CommandBase {
  readonly subject: HoldSubject;
  readonly reason: Exclude<HoldReason, "keyMarked">;
}

export interface RegisterMedium extends CommandBase {
  readonly mediumNo: string;
  readonly kind: "disc" | "removable";
  /** The copy that was written to it. */
  readonly exportId: string;
  readonly caseId?: string;
  readonly holdId?: string;
  readonly keptAt: string;
}

export interface ListCommand extends CommandBase {
  readonly listId: string;
}

export interface Retention {
  /** Throws `records.badInput` for a reason the profile does not know or a subject that isn't there. */
  hold(command: SetHold): Promise<HoldRow>;
  /** Throws `retention.noSuchHold`, `retention.samePerson`. */
  lift(command: CommandBase & { readonly holdId: string; readonly why: string }): Promise<HoldRow>;
  holds(): Promise<readonly HoldRow[]>;
  /** The rules of this moment for what leaves the disk or is destroyed. */
  index(): Promise<RetentionIndex>;
  /** What ends within the horizon, put on record. Undefined where nothing does. */
  warn(): Promise<WarningRow | undefined>;
  warnings(): Promise<readonly WarningRow[]>;
  /** Lets counter footage of no matter run out, what was announced long enough ago; the `erase` entries. */
  runOut(): Promise<readonly EntryRef[]>;
  /** Throws `retention.held`, `retention.notOver`, `retention.nothingDue`. */
  drawUp(command: CommandBase & { readonly items: readonly ListItem[] }): Promise<DestructionList>;
  /** Throws `retention.noSuchList`, `retention.wrongStep`, `retention.samePerson`. */
  appraise(command: ListCommand & { readonly opinion: string }): Promise<DestructionList>;
  approve(command: ListCommand): Promise<DestructionList>;
  reject(command: ListCommand & { readonly why: string }): Promise<DestructionList>;
  /** Destroys what the list names, all or nothing by log. Throws also `evidence.eraseRefused`. */
  carryOut(command: ListCommand): Promise<DestructionList>;
  lists(): Promise<readonly DestructionList[]>;
  /** Throws `records.badInput` where no such copy was given out whole, or the profile wants other media. */
  registerMedium(command: RegisterMedium): Promise<MediumRow>;
  media(): Promise<readonly MediumRow[]>;
}
