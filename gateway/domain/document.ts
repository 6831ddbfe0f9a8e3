/**
 * What a document says, as facts: everything the paper states, fixed at issue (I9) and stored in its `document`
 * entry. Invariant: plain JSON by type (aliases, no interfaces), and never a claim code: that secret goes to the
 * print job alone, so neither the log nor the stored PDF can ever give it away.
 */
import type { AuthorityBasis } from "./authority.ts";
import type { CivilDate } from "./time.ts";

/** The documents of the counter (REGULATIONS 2.3 and 8). */
export const DOCUMENT_KINDS = [
  "materialReceipt",
  "supplementReceipt",
  "acceptanceNotice",
  "lateAcceptanceNotice",
  "correctionNotice",
  "nonAcceptanceNotice",
  "correctionRecord",
  "materialReturnList",
  "serviceReceipt",
  "oralApplicationRecord",
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Text that people wrote or published: Chinese counts, a translation only helps to read it. */
export type Wording = { readonly zh: string; readonly en?: string };

export type Authority = {
  readonly name: Wording;
  /** Unified social credit or organ code. */
  readonly code: string;
  /** On whose authority it acts (S2-2); absent on papers that were issued before it was printed. */
  readonly power?: AuthorityPower;
};

/** Whoever was entrusted acts in the name of the authority that entrusted them (行政许可法 24). */
export type AuthorityPower =
  | { readonly basis: Exclude<AuthorityBasis, "entrusted"> }
  | { readonly basis: "entrusted"; readonly by: Wording };

export type Party = {
  readonly kind: "person" | "organisation";
  readonly name: string;
  /** Already shortened, such as `3****************X`; a full number is never printed (REGULATIONS 2.6). */
  readonly maskedId?: string;
};

/** 委托代理人, with the paper that authorises them. */
export type AuthorisedAgent = { readonly name: string; readonly authorisation: string };

export type Contact = { readonly person: string; readonly means: string };

export type MatterName = { readonly name: Wording; readonly code: string };

export type Officer = {
  readonly name: string;
  /** 执法证件号; absent where the profile lets an uncertified clerk hand out a receipt. */
  readonly certNo?: string;
  readonly role: "receiving" | "handling" | "reviewing" | "approving" | "responsible";
};

/** One row of a material list (REGULATIONS 2.3). */
export type ListedMaterial = {
  readonly name: Wording;
  readonly form: "original" | "copy";
  readonly copies: number;
  readonly pages: number;
  readonly medium: "paper" | "electronic";
};

/** One defect of the one-time notice; points at a published catalogue entry (I4). */
export type NoticeItem = {
  /** Catalogue entry and its version, such as `food-licence/3@2026-01`. */
  readonly entry: string;
  readonly material: Wording;
  readonly defect: string;
  readonly required: string;
  readonly basis: string;
  readonly how: string;
};

/** Law or regulation with the article that a document rests on. */
export type LegalBasis = {
  /** Full title without the marks 《》, such as `中华人民共和国行政许可法`. */
  readonly instrument: string;
  /** As printed, such as `第三十二条第一款第（四）项`. */
  readonly article: string;
  /** Our citation where it is one of the five regulations, such as `S1-6(4)`. */
  readonly ref?: string;
};

/** A day that a limit ends on; `provisional` where the clock or the calendar year can't be trusted (DESIGN 8). */
export type DueDate = {
  readonly date: CivilDate;
  readonly source: "statutory" | "local" | "promised";
  readonly provisional: boolean;
};

/** 份: how many, and where they go. */
export type CopyCount = { readonly to: "applicant" | "file" | "legalSection"; readonly count: number };

export type DocumentFactsBase = {
  readonly authority: Authority;
  /** From the profile: 补正通知书 under S4-9, 补正告知书 elsewhere. */
  readonly title: Wording;
  /** As printed, such as `昌市监受〔2026〕G1-000001号`. */
  readonly number: string;
  /** Moment of issue, UTC ms: the date on the paper and the creation time inside the PDF. */
  readonly issuedAtMs: number;
  /** The clock was not known to be right at issue: dates are marked 暂定. */
  readonly timeProvisional: boolean;
  readonly applicant: Party;
  readonly agent?: AuthorisedAgent;
  readonly matter: MatterName;
  readonly basis: readonly LegalBasis[];
  readonly officers: readonly Officer[];
  readonly phone: string;
  readonly copies: readonly CopyCount[];
  /** The applicant can read this paper at the kiosk with a claim code; the code itself is never here. */
  readonly claimable: boolean;
  /** The paper with a void number that this one stands in for. */
  readonly replaces?: { readonly number: string; readonly reason: string };
};

/** What the four papers of the counter share beside the base (REGULATIONS 2.3). */
type CounterPaper = DocumentFactsBase & {
  readonly contact: Contact;
  /** t0: when the materials were received, UTC ms (I11). */
  readonly receivedAtMs: number;
};

/** 收件凭证: states the list and where the clock starts. */
export type MaterialReceiptFacts = CounterPaper & {
  readonly kind: "materialReceipt";
  readonly materials: readonly ListedMaterial[];
  /** Last day for a one-time notice, after which the application counts as accepted from t0. */
  readonly noticeDue: readonly DueDate[];
  /** The receipt whose list this one completes: a paper was handed in at once afterwards 当场补正. */
  readonly amends?: string;
  /** Entered after it happened 补录, and why. */
  readonly lateEntry?: string;
};

/** 口头申请记录: what was applied for by word of mouth, written down and signed. */
export type OralApplicationRecordFacts = CounterPaper & {
  readonly kind: "oralApplicationRecord";
  readonly statement: string;
  readonly speaker: string;
  /** Applicant, agent, or what the relation is. */
  readonly relation: string;
};

/** 补正材料接收凭证: its list has to match the notice. */
export type SupplementReceiptFacts = CounterPaper & {
  readonly kind: "supplementReceipt";
  readonly materials: readonly ListedMaterial[];
  readonly answersNumber: string;
  /** Materials of the notice that are still missing; empty when all are in. */
  readonly outstanding: readonly Wording[];
  readonly lateEntry?: string;
};

/** 需要核实的事项 (S1-6(2)): item, reason and time, all three. */
export type VerificationItem = { readonly item: string; readonly reason: string; readonly when: string };

/** 受理通知书. */
export type AcceptanceNoticeFacts = CounterPaper & {
  readonly kind: "acceptanceNotice";
  /** The day all materials were in; t0 unless there was a supplement. */
  readonly acceptedOn: CivilDate;
  readonly materials: readonly ListedMaterial[];
  readonly decisionDue: readonly DueDate[];
  readonly verification: readonly VerificationItem[];
};

/** 受理通知书 after the limit passed without a notice: dated today, effective t0 (I6). */
export type LateAcceptanceNoticeFacts = CounterPaper & {
  readonly kind: "lateAcceptanceNotice";
  readonly limitPassedOn: CivilDate;
  readonly materials: readonly ListedMaterial[];
  readonly decisionDue: readonly DueDate[];
};

/** Why a second notice was allowed (I2); printed on it. */
export type NoticeOverride = { readonly approver: string; readonly reason: string; readonly basis: string };

/** 补正通知书 / 补正告知书: the one-time notice. */
export type CorrectionNoticeFacts = CounterPaper & {
  readonly kind: "correctionNotice";
  readonly items: readonly NoticeItem[];
  readonly supplyPlace: string;
  /** Absent where no limit is set: the law names none. */
  readonly supplyDue?: DueDate;
  readonly consequence: string;
  readonly override?: NoticeOverride;
};

export type NonAcceptanceGround =
  | { readonly ground: "notOurs"; readonly competentAuthority: Wording; readonly whereabouts: string }
  | { readonly ground: "noPermitNeeded" }
  | { readonly ground: "incomplete"; readonly items: readonly NoticeItem[] };

/** 不予受理通知书 / 不予受理决定书. */
export type NonAcceptanceNoticeFacts = CounterPaper & {
  readonly kind: "nonAcceptanceNotice";
  readonly because: NonAcceptanceGround;
  readonly reasons: string;
  /** Materials handed back under this paper (S1-6(4)); empty where nothing was taken in. */
  readonly returned: readonly ListedMaterial[];
  /** Reconsideration and suit, with organ and period. */
  readonly remedies: readonly string[];
};

/** One correction made at the counter, signed and dated at its place (S1-6(3), S4-9(2)). */
export type CorrectionMade = {
  readonly material: Wording;
  readonly place: string;
  readonly before: string;
  readonly after: string;
  readonly corrector: string;
  /** Why this person may correct: applicant, legal representative, authorised agent. */
  readonly entitledAs: string;
  readonly atMs: number;
};

/** 当场更正记录. */
export type CorrectionRecordFacts = CounterPaper & {
  readonly kind: "correctionRecord";
  readonly corrections: readonly CorrectionMade[];
};

/** 申请材料退回清单. */
export type MaterialReturnListFacts = CounterPaper & {
  readonly kind: "materialReturnList";
  readonly materials: readonly ListedMaterial[];
  readonly reason: string;
  /** The document that ordered the return. */
  readonly underNumber: string;
};

/** How a document reaches its recipient; each way has what the law asks of it (S0-20 to 24, S4-12). */
export type ServiceMade =
  | { readonly method: "direct"; readonly signee: string; readonly relation?: string }
  | { readonly method: "postal"; readonly postalNo: string; readonly mail?: "registered" | "express" }
  | {
      readonly method: "leaving";
      readonly refusal: string;
      /** 拒收日期 (S0-22, S1-14, S2-20, S4-12(3)). */
      readonly refusedOn?: CivilDate;
      readonly witness: string;
    }
  | { readonly method: "entrusted" | "forwarded"; readonly through: string; readonly reason: string }
  | {
      readonly method: "publicNotice";
      readonly medium: string;
      readonly failedAttempts: readonly string[];
      /** 原因和经过. */
      readonly reason?: string;
      readonly publishedOn?: CivilDate;
      readonly periodDays?: number;
    };

/** 送达回证. */
export type ServiceReceiptFacts = DocumentFactsBase & {
  readonly kind: "serviceReceipt";
  readonly recipient: string;
  readonly served: readonly { readonly title: string; readonly number: string; readonly copies: number }[];
  readonly service: ServiceMade;
  readonly place: string;
  readonly servedAtMs: number;
};

/** Built by the intake, turned into `DocumentContent` by the documents. */
export type DocumentFacts =
  | MaterialReceiptFacts
  | SupplementReceiptFacts
  | AcceptanceNoticeFacts
  | LateAcceptanceNoticeFacts
  | CorrectionNoticeFacts
  | NonAcceptanceNoticeFacts
  | CorrectionRecordFacts
  | MaterialReturnListFacts
  | ServiceReceiptFacts
  | OralApplicationRecordFacts;

/** The facts of one kind. */
export type FactsOf<Kind extends DocumentKind> = Extract<DocumentFacts, { readonly kind: Kind }>;
