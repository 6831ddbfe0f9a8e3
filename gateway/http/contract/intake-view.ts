/** An intake as the clerk's screen shows it: state, checklist, clocks with their articles, what is allowed and why not. */
import { type Static, Type } from "typebox";
import {
  ApplicationIdField,
  Bilingual,
  CommandIdField,
  CounterIdField,
  DateField,
  DocumentIdField,
  Nullable,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { AgentField, ApplicantField, HandedItemField, VerdictField } from "./intake-fields.ts";
import { CoverageView } from "./playback.ts";

export const ChecklistItemView = closed({
  itemId: Type.String(),
  itemVersion: Type.Integer(),
  name: Bilingual,
  /** What the legal form of this paper is. */
  requirement: Bilingual,
  required: Type.Boolean(),
  handed: Nullable(HandedItemField),
  verdict: Nullable(VerdictField),
  comment: Nullable(Type.String()),
  /** Corrected at the counter; `signed` once the entitled person signed and dated it. */
  correction: Nullable(closed({ place: Type.String(), signed: Type.Boolean() })),
  /** Named in the notice and not supplied yet. */
  outstanding: Type.Boolean(),
});
export type ChecklistItemView = Static<typeof ChecklistItemView>;

export const ClockView = closed({
  /** local, statutory, supply, decision, caseFile. */
  kind: Type.String(),
  dueOn: DateField,
  /** Milliseconds left to the end of `dueOn` in Beijing; negative when over. */
  leftMs: Type.Integer(),
  article: Type.String(),
  basis: Type.Enum(["regulation", "national", "inferred"]),
  provisional: Type.Boolean({ description: "calendar year missing or clock not trusted" }),
  stopped: Type.Boolean({ description: "no longer runs: what it waits for was done" }),
});
export type ClockView = Static<typeof ClockView>;

export const ActionView = closed({
  /** Name of the command, such as `notifyCorrection`. */
  action: Type.String(),
  allowed: Type.Boolean(),
  /** Why it is not allowed, with the code it would be refused with. */
  reasons: list(
    closed({ code: Type.String(), message: Bilingual, article: Type.Optional(Type.String()) }),
    32,
  ),
});
export type ActionView = Static<typeof ActionView>;

export const PaperView = closed({
  documentId: DocumentIdField,
  kind: Type.String(),
  title: Bilingual,
  number: Type.String(),
  issuedAt: TimeMs,
  /** `issued` until its rendition with QR is stored. */
  state: Type.Enum(["issued", "rendered"]),
  printCount: Type.Integer({ minimum: 0 }),
  /** open: not handed over; unsigned: handed over without signature; served. */
  service: Type.Enum(["open", "unsigned", "served"]),
});
export type PaperView = Static<typeof PaperView>;

export const HistoryRow = closed({
  at: TimeMs,
  type: Type.String(),
  by: Type.String(),
  role: Type.String(),
  certNo: Nullable(Type.String()),
  device: Type.String(),
  warnings: list(Type.String(), 32),
});

export const IntakeView = closed({
  applicationId: ApplicationIdField,
  /** To be sent as `expectedVersion` with the next command. */
  version: Type.Integer({ minimum: 0 }),
  state: Type.String(),
  counterId: Nullable(CounterIdField),
  session: closed({ open: Type.Boolean(), openedAt: Nullable(TimeMs), noticeShown: Type.Boolean() }),
  profile: closed({ id: Type.String(), version: Type.String(), title: Bilingual }),
  matter: Nullable(closed({ code: Type.String(), version: Type.Integer(), name: Bilingual })),
  applicant: Nullable(ApplicantField),
  agent: Nullable(AgentField),
  receivedOn: Nullable(DateField),
  checklist: list(ChecklistItemView, 200),
  clocks: list(ClockView, 16),
  actions: list(ActionView, 32),
  papers: list(PaperView, 64),
  footage: list(CoverageView, 16),
  history: list(HistoryRow),
});
export type IntakeView = Static<typeof IntakeView>;

export const IntakeRow = closed({
  applicationId: ApplicationIdField,
  state: Type.String(),
  counterId: Nullable(CounterIdField),
  matterCode: Nullable(Type.String()),
  matterName: Nullable(Bilingual),
  /** Surname and a star, company names in full (REGULATIONS 2.6). */
  applicantMasked: Nullable(Type.String()),
  startedAt: TimeMs,
  nextDue: Nullable(ClockView),
});
export type IntakeRow = Static<typeof IntakeRow>;

/** What a command did; the claim code is shown this once and is not kept in clear. */
export const CommandAnswer = closed({
  intake: IntakeView,
  issued: list(closed({ documentId: DocumentIdField, kind: Type.String(), number: Type.String() }), 8),
  claimCode: Nullable(Type.String({ pattern: "^[0-9]{8}$" })),
});
export type CommandAnswer = Static<typeof CommandAnswer>;

/** Every command: the caller's id. */
export const CommandBase = { commandId: CommandIdField };
/** Every command on an application that exists: the version that the screen showed (I12). */
export const ApplicationCommandBase = {
  ...CommandBase,
  expectedVersion: Type.Integer({ minimum: 0 }),
};
