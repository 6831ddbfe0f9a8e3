/** The clerk's commands, one route each, and what the clerk's screen reads. */
import { type Static, Type } from "typebox";
import {
  ApplicationIdField,
  Bilingual,
  CounterIdField,
  DocumentIdField,
  Line,
  PrinterIdField,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { codesOf } from "./errors.ts";
import {
  AgentField,
  ApplicantField,
  HandedItemField,
  ItemIdField,
  LateEntryField,
  NotAcceptedReasonField,
  NoticeOverrideField,
  SignatoryField,
  SignatureGivenField,
  VerdictField,
} from "./intake-fields.ts";
import {
  ApplicationCommandBase,
  CommandAnswer,
  CommandBase,
  IntakeFootage,
  IntakeRow,
  IntakeView,
} from "./intake-view.ts";
import { type RouteContract, route } from "./route.ts";

const CLERK = ["clerk"] as const;
const READERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("intake", "documents", "store");
const params = closed({ id: ApplicationIdField });
const Handed = Type.Array(HandedItemField, { maxItems: 200 });
const Issue = { ...ApplicationCommandBase, responsibleOfficerId: Type.Optional(UserIdField) };

/** A command on one application: `POST /api/intakes/:id/<name>`. */
function command<const Url extends string, const B extends ReturnType<typeof closed>>(
  url: Url,
  summary: string,
  body: B,
  more: readonly ErrorCode[] = [],
) {
  return route({
    method: "POST",
    url,
    tag: "intake",
    summary,
    audience: CLERK,
    params,
    body,
    answer: CommandAnswer,
    errors: [...errors, ...more],
  } satisfies RouteContract);
}

export const CatalogueView = closed({
  authority: closed({ name: Bilingual, code: Type.String() }),
  profile: closed({
    id: Type.String(),
    version: Type.String(),
    title: Bilingual,
    warnings: list(Bilingual, 16),
  }),
  /** What the kiosk shows before recording; the version is logged when it was shown. */
  recordingNotice: closed({ version: Type.String(), text: Bilingual }),
  counters: list(closed({ id: CounterIdField, name: Type.String(), printers: list(PrinterIdField, 8) }), 64),
  matters: list(
    closed({
      code: Type.String(),
      version: Type.Integer(),
      name: Bilingual,
      items: list(
        closed({
          itemId: Type.String(),
          itemVersion: Type.Integer(),
          name: Bilingual,
          requirement: Bilingual,
          basis: Type.String(),
          required: Type.Boolean(),
        }),
        200,
      ),
    }),
    200,
  ),
});
export type CatalogueView = Static<typeof CatalogueView>;

export const intakeRoutes = {
  catalogue: route({
    method: "GET",
    url: "/api/catalogue",
    tag: "intake",
    summary: "Authority, profile in force, counters, licence matters with their published material lists",
    audience: "signedIn",
    answer: CatalogueView,
    errors: [],
  }),
  listIntakes: route({
    method: "GET",
    url: "/api/intakes",
    tag: "intake",
    summary: "Intakes, newest first",
    audience: READERS,
    query: closed({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      open: Type.Optional(Type.Boolean({ description: "only intakes with an open counter session" })),
    }),
    answer: list(IntakeRow, 500),
    errors: [],
  }),
  readIntake: route({
    method: "GET",
    url: "/api/intakes/:id",
    tag: "intake",
    summary: "One intake; the view is logged when it shows personal data",
    audience: READERS,
    params,
    answer: IntakeView,
    errors: codesOf("intake", "access"),
  }),
  intakeFootage: route({
    method: "GET",
    url: "/api/intakes/:id/footage",
    tag: "intake",
    summary: "Which footage belongs to the matter and what is missing",
    audience: READERS,
    params,
    answer: IntakeFootage,
    errors: [...codesOf("intake", "recording"), "access.sealed"],
  }),
  startIntake: route({
    method: "POST",
    url: "/api/intakes",
    tag: "intake",
    summary: "Start an intake at a counter; the kiosk shows the recording notice",
    audience: CLERK,
    body: closed({ ...CommandBase, counterId: CounterIdField }),
    answer: CommandAnswer,
    status: 201,
    errors,
  }),
  reopen: command(
    "/api/intakes/:id/reopen",
    "A later visit opens another counter session",
    closed({ ...ApplicationCommandBase, counterId: CounterIdField }),
  ),
  register: command(
    "/api/intakes/:id/register",
    "Register applicant and matter 申请登记",
    closed({
      ...ApplicationCommandBase,
      matterCode: Type.String({ minLength: 1, maxLength: 64 }),
      applicant: ApplicantField,
      agent: Type.Optional(AgentField),
      oral: Type.Optional(
        closed({ signatory: SignatoryField, statement: Line(1000), signature: SignatureGivenField }),
      ),
      previousApplicationId: Type.Optional(ApplicationIdField),
    }),
  ),
  receive: command(
    "/api/intakes/:id/receive",
    "Take the papers and issue the material receipt 收件凭证",
    closed({ ...Issue, items: Handed, late: Type.Optional(LateEntryField) }),
  ),
  judge: command(
    "/api/intakes/:id/judge",
    "Say what one item of the list is like",
    closed({
      ...ApplicationCommandBase,
      itemId: ItemIdField,
      verdict: VerdictField,
      comment: Type.Optional(Line(500)),
    }),
  ),
  supplementOnSpot: command(
    "/api/intakes/:id/supplement-on-spot",
    "A missing paper is handed in at once 当场补正",
    closed({ ...Issue, item: HandedItemField }),
  ),
  correctOnSpot: command(
    "/api/intakes/:id/correct-on-spot",
    "An error is put right at the counter 当场更正",
    closed({
      ...ApplicationCommandBase,
      itemId: ItemIdField,
      place: Line(120),
      before: Line(200),
      after: Line(200),
      corrector: SignatoryField,
      entitled: Type.Boolean(),
      signature: Type.Optional(SignatureGivenField),
    }),
  ),
  accept: command("/api/intakes/:id/accept", "Accept 受理", closed(Issue)),
  notifyCorrection: command(
    "/api/intakes/:id/notify-correction",
    "Issue the one-time notice 一次性告知",
    closed({
      ...Issue,
      supplyHow: Type.Optional(Line(500)),
      override: Type.Optional(NoticeOverrideField),
    }),
    ["people.wrongCredentials", "people.locked", "people.disabled", "people.wrongRole"],
  ),
  notAccept: command(
    "/api/intakes/:id/not-accept",
    "Decide non-acceptance 不予受理",
    closed({ ...Issue, reason: NotAcceptedReasonField }),
  ),
  receiveSupplement: command(
    "/api/intakes/:id/receive-supplement",
    "Take what the notice asked for and issue a receipt",
    closed({ ...Issue, items: Handed, late: Type.Optional(LateEntryField) }),
  ),
  remind: command(
    "/api/intakes/:id/remind",
    "Remind of what the first notice still waits for",
    closed(ApplicationCommandBase),
  ),
  withdraw: command(
    "/api/intakes/:id/withdraw",
    "The applicant withdraws 撤回",
    closed({ ...ApplicationCommandBase, signature: SignatureGivenField }),
  ),
  handOver: command(
    "/api/intakes/:id/hand-over",
    "Hand an issued paper over 送达; unsigned stays not served",
    closed({
      ...ApplicationCommandBase,
      documentId: DocumentIdField,
      recipient: SignatoryField,
      signature: Type.Optional(SignatureGivenField),
    }),
  ),
  reissueClaimCode: command(
    "/api/intakes/:id/reissue-claim-code",
    "Void the claim code and give a new one",
    closed(ApplicationCommandBase),
  ),
  closeSession: command(
    "/api/intakes/:id/close-session",
    "The applicant leaves the counter; the kiosk is wiped",
    closed(ApplicationCommandBase),
  ),
  recallProposal: command(
    "/api/intakes/:id/recall-proposal",
    "Take an outcome back from the chain of approvals",
    closed(ApplicationCommandBase),
  ),
  handToColleague: command(
    "/api/intakes/:id/hand-to-colleague",
    "Another clerk goes on with it 受办分离; the clocks keep running",
    closed({ ...ApplicationCommandBase, toUserId: UserIdField, reason: Line(200) }),
  ),
  voidPaper: command(
    "/api/intakes/:id/void-paper",
    "Make the number of a paper nobody has void 作废, and issue the paper anew",
    closed({ ...ApplicationCommandBase, documentId: DocumentIdField, reason: Line(200) }),
  ),
  colleagues: route({
    method: "GET",
    url: "/api/colleagues",
    tag: "intake",
    summary: "Clerks to whom an intake can be handed",
    audience: CLERK,
    answer: list(closed({ id: UserIdField, name: Type.String() }), 500),
    errors: [],
  }),
  present: route({
    method: "POST",
    url: "/api/intakes/:id/present",
    tag: "intake",
    summary: "Put an issued paper on the counter's kiosk, to read or to sign",
    audience: CLERK,
    params,
    body: closed({ documentId: DocumentIdField, purpose: Type.Enum(["read", "sign"]) }),
    answer: closed({ presented: Type.Boolean({ description: "a kiosk was there to show it" }) }),
    errors: codesOf("intake", "documents"),
  }),
} as const;
