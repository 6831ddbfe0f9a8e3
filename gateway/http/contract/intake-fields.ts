/** What goes into an intake: parties, papers, verdicts, signatures; the mirror of the domain's own types. */
import { type Static, Type } from "typebox";
import type { Applicant, Agent, Signatory } from "../../domain/intake/party.ts";
import type {
  HandedItem,
  LateEntry,
  NotAcceptedReason,
  NoticeOverride,
  SignatureGiven,
  Verdict,
} from "../../domain/intake/commands.ts";
import { PERSON_ID_KINDS } from "../../domain/intake/party.ts";
import { DateField, Line, TimeMs, UserIdField, closed } from "./fields.ts";

const Phone = Type.String({ pattern: "^[0-9+() -]{5,24}$" });
const IdNumber = Type.String({ minLength: 4, maxLength: 32 });
const ItemId = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$" });

export const SignatureGivenField = closed({
  mode: Type.Enum(["ink", "stroke"]),
  date: DateField,
  evidence: Type.Optional(Type.String({ pattern: "^[0-9]{4}(\\.[1-9][0-9]{0,3})?/[0-9]{1,15}$" })),
});

export const HandedItemField = closed({
  itemId: ItemId,
  form: Type.Enum(["original", "copy"]),
  copies: Type.Integer({ minimum: 1, maximum: 999 }),
  pages: Type.Optional(Type.Integer({ minimum: 1, maximum: 99_999 })),
  medium: Type.Enum(["paper", "electronic"]),
});

export const ApplicantField = Type.Union([
  closed({
    kind: Type.Literal("person"),
    name: Line(60),
    idKind: Type.Enum([...PERSON_ID_KINDS]),
    idNumber: IdNumber,
    phone: Phone,
    address: Type.Optional(Line(200)),
  }),
  closed({
    kind: Type.Literal("company"),
    name: Line(120),
    creditCode: IdNumber,
    representative: Line(60),
    contactName: Line(60),
    phone: Phone,
    address: Type.Optional(Line(200)),
  }),
]);

export const AgentField = closed({
  name: Line(60),
  idKind: Type.Enum([...PERSON_ID_KINDS]),
  idNumber: IdNumber,
  phone: Phone,
  authorisation: Line(500),
});

/** Done before it was entered: when it really happened, and why it comes late. */
export const LateEntryField = closed({ atMs: TimeMs, reason: Line(300) });

export const SignatoryField = closed({ name: Line(60), relation: Line(60) });

export const VerdictField = Type.Union([
  closed({ kind: Type.Literal("ok") }),
  closed({
    kind: Type.Literal("deficient"),
    defect: Line(500),
    requirement: Line(500),
    basis: Line(300),
    correctableOnSpot: Type.Boolean(),
  }),
  closed({ kind: Type.Literal("verify"), matter: Line(300), reason: Line(500), byDate: DateField }),
]);

export const NoticeOverrideField = closed({
  supervisorId: UserIdField,
  /** Typed by the supervisor at the clerk's window: naming one is no approval. Checked and not kept. */
  supervisorPassword: Type.String({ minLength: 1, maxLength: 256 }),
  reasonCode: Type.Enum(["lawChanged", "newFact", "materialForged", "errorOfOffice"]),
  legalBasis: Line(300),
});

export const NotAcceptedReasonField = Type.Union([
  closed({ kind: Type.Literal("incomplete") }),
  closed({ kind: Type.Literal("notOurs"), rightAuthority: Line(120) }),
  closed({ kind: Type.Literal("noPermitNeeded"), explanation: Line(500) }),
]);

export const ItemIdField = ItemId;

type Admits<Schema extends Domain, Domain> = Schema;
/** The compiler's proof that the schemas above admit nothing that the domain does not know. @knipignore */
export type Mirror = [
  Admits<Static<typeof ApplicantField>, Applicant>,
  Admits<Static<typeof AgentField>, Agent>,
  Admits<Static<typeof SignatoryField>, Signatory>,
  Admits<Static<typeof HandedItemField>, HandedItem>,
  Admits<Static<typeof SignatureGivenField>, SignatureGiven>,
  Admits<Static<typeof LateEntryField>, LateEntry>,
  Admits<Static<typeof VerdictField>, Verdict>,
  Admits<Static<typeof NoticeOverrideField>, NoticeOverride>,
  Admits<Static<typeof NotAcceptedReasonField>, NotAcceptedReason>,
];
