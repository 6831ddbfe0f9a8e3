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
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { AgentField, ApplicantField, HandedItemField, VerdictField } from "./intake-fields.ts";
import { CoverageView } from "./playback.ts";
import { OpinionView, ProposalView } from "./proposal-view.ts";
import { APPROVAL_STEPS } from "../../domain/intake/approval-steps.ts";
import { PHASES } from "../../domain/intake/state.ts";
import { DOCUMENT_KINDS } from "../../domain/document.ts";

const Phase = Type.Enum([...PHASES]);

export const ChecklistItemView = closed({
  itemId: Type.String(),
  itemVersion: Type.Integer(),
  name: Bilingual,
  /** What the legal form of this paper is. */
  requirement: Bilingual,
  required: Type.Boolean(),
  /** In which form and how often the published list asks for it. */
  wanted: closed({ form: Type.Enum(["original", "copy"]), copies: Type.Integer({ minimum: 1 }) }),
  handed: Nullable(HandedItemField),
  verdict: Nullable(VerdictField),
  comment: Nullable(Type.String()),
  /** Corrected at the counter; `signed` once the entitled person signed and dated it. */
  correction: Nullable(closed({ place: Type.String(), signed: Type.Boolean() })),
});
export type ChecklistItemView = Static<typeof ChecklistItemView>;

export const ClockView = closed({
  kind: Type.Enum(["noticeLocal", "noticeStatutory", "decisionLegal", "decisionPromised"]),
  fromDay: DateField,
  /** Last day of the limit; it ends at 24:00 Beijing time. */
  dueOn: DateField,
  /** Milliseconds left to the end of `dueOn` in Beijing; negative when over. */
  leftMs: Type.Integer(),
  /** `met` once the act it asks for was done in time, `late` when done after it, `breached` when still open. */
  status: Type.Enum(["running", "met", "late", "breached"]),
  article: Type.String(),
  /** The day that stands on the paper, where a calendar loaded later moved this one. */
  toldOn: Nullable(DateField),
  provisional: Type.Boolean({ description: "calendar year missing or clock not trusted" }),
});
export type ClockView = Static<typeof ClockView>;

export const ActionView = closed({
  /** Name of the command, such as `notifyCorrection`. */
  action: Type.String(),
  allowed: Type.Boolean(),
  /** Why it is not allowed: what the command would be refused with. */
  refusal: Nullable(
    closed({ code: Type.String(), message: Bilingual, article: Type.Optional(Type.String()) }),
  ),
});
export type ActionView = Static<typeof ActionView>;

export const PaperView = closed({
  documentId: DocumentIdField,
  kind: Type.Enum([...DOCUMENT_KINDS]),
  title: Bilingual,
  number: Type.String(),
  issuedAt: TimeMs,
  /** Its rendition with the QR is stored: it can be shown and printed. */
  finished: Type.Boolean(),
  /** open: not handed over; unsigned: handed over without signature; served. */
  service: Type.Enum(["open", "unsigned", "served"]),
  /** Signed in ink: closed once its scan is in the record. */
  awaitsScan: Type.Boolean(),
  /** 作废: why the number is void. */
  voided: Nullable(closed({ at: TimeMs, by: UserIdField, reason: Type.String() })),
});
export type PaperView = Static<typeof PaperView>;

/** What was done or tried, newest last; `refused` is the code of a refusal. */
export const HistoryRow = closed({
  at: TimeMs,
  what: Type.String(),
  by: Type.String(),
  role: Type.String(),
  certNo: Nullable(Type.String()),
  device: Type.String(),
  warnings: list(Type.String(), 32),
  refused: Nullable(Type.String()),
  article: Nullable(Type.String()),
});

export const IntakeView = closed({
  applicationId: ApplicationIdField,
  /** To be sent as `expectedVersion` with the next command. */
  version: Type.Integer({ minimum: 0 }),
  /** REGISTERED, RECEIVED, REVIEWING, CORRECTION_NOTIFIED, ACCEPTED, NOT_ACCEPTED, …: the domain's phases. */
  phase: Phase,
  counterId: Nullable(CounterIdField),
  session: closed({ open: Type.Boolean(), openedAt: Nullable(TimeMs), noticeShown: Type.Boolean() }),
  profile: closed({ id: Type.String(), version: Type.String(), title: Bilingual }),
  matter: Nullable(closed({ code: Type.String(), version: Type.Integer(), name: Bilingual })),
  applicant: Nullable(ApplicantField),
  agent: Nullable(AgentField),
  receivedOn: Nullable(DateField),
  /** Who has it in hand 经办. */
  handler: Nullable(UserIdField),
  /** The chain that stands before an outcome here. */
  approvalSteps: list(Type.Enum([...APPROVAL_STEPS]), 8),
  proposal: Nullable(ProposalView),
  /** What the chain last sent back, and why. */
  sentBack: Nullable(OpinionView),
  checklist: list(ChecklistItemView, 200),
  clocks: list(ClockView, 16),
  actions: list(ActionView, 32),
  papers: list(PaperView, 64),
  /** What the outcome papers are called here. */
  titles: closed({
    acceptance: Bilingual,
    correction: Bilingual,
    /** Given in the same act as the correction notice, where that ends the application. */
    withCorrection: list(Bilingual, 4),
    nonAcceptance: Bilingual,
  }),
  history: list(HistoryRow),
});
export type IntakeView = Static<typeof IntakeView>;

export const IntakeRow = closed({
  applicationId: ApplicationIdField,
  version: Type.Integer({ minimum: 0 }),
  phase: Phase,
  counterId: Nullable(CounterIdField),
  sessionOpen: Type.Boolean(),
  matterName: Nullable(Bilingual),
  /** Surname and a star, company names in full (REGULATIONS 2.6). */
  applicantMasked: Nullable(Type.String()),
  startedAt: TimeMs,
  nextDue: Nullable(ClockView),
});
export type IntakeRow = Static<typeof IntakeRow>;

/** The matter's footage: each counter session with what was recorded and what is missing. */
export const IntakeFootage = closed({
  applicationId: ApplicationIdField,
  sessions: list(
    closed({ fromMs: TimeMs, toMs: TimeMs, open: Type.Boolean(), coverage: list(CoverageView, 16) }),
    100,
  ),
  /** Whether the time on each paper lies within the footage (S3-A-9). */
  agreement: list(
    closed({
      documentId: DocumentIdField,
      number: Type.String(),
      statedMs: TimeMs,
      standing: Type.Enum(["within", "outside", "noFootage"]),
      footage: Nullable(closed({ fromMs: TimeMs, toMs: TimeMs })),
      severity: Type.Enum(["none", "warning", "error"]),
      article: Nullable(Type.String()),
    }),
    64,
  ),
});
export type IntakeFootage = Static<typeof IntakeFootage>;

/** What a command did; the claim code is shown this once and is not kept in clear. */
export const CommandAnswer = closed({
  intake: IntakeView,
  issued: list(
    closed({
      documentId: DocumentIdField,
      kind: Type.Enum([...DOCUMENT_KINDS]),
      number: Type.String(),
      /** False when rendering failed; it is tried again, the act stands. */
      finished: Type.Boolean(),
    }),
    8,
  ),
  /** Not refused, but shown and in the oversight ledger, such as `officerNotCertified`. */
  warnings: list(Type.String(), 32),
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
