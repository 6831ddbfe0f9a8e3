/** The body of a `hold` entry. Invariant: ids and codes only; why in words stands in a `person` body beside it. */
import { type UserId, streamId } from "../../domain/ids.ts";
import type { HoldReason, HoldSubject } from "../../domain/retention/holds.ts";
import { asJson } from "../entries.ts";
import type { EntryDraft } from "../ports.ts";

const STREAM = streamId("holds");

export type HoldSet = {
  readonly v: 1;
  readonly what: "set";
  readonly holdId: string;
  readonly subject: HoldSubject;
  readonly reason: HoldReason;
  /** Article of long-term keeping in force. */
  readonly article?: string;
  readonly by: UserId;
  readonly atMs: number;
  /** The record or document that set it by itself. */
  readonly source?: string;
  readonly commandId?: string;
};
export type HoldLifted = {
  readonly v: 1;
  readonly what: "lifted";
  readonly holdId: string;
  readonly by: UserId;
  readonly atMs: number;
  readonly why: string;
  readonly commandId?: string;
};

/** The matter stands in the body itself too, so that the case file counts the hold among its own. */
export function holdDraft(hold: HoldSet | HoldLifted): EntryDraft {
  const caseId = hold.what === "set" && hold.subject.kind === "case" ? { caseId: hold.subject.caseId } : {};
  return { type: "hold", stream: STREAM, record: { json: asJson({ ...hold, ...caseId }) } };
}
