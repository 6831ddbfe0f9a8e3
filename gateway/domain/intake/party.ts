/**
 * Who comes to the counter. These are the only types that carry personal data; they live in the bodies of
 * `person` entries and in document facts. Invariant: no intake event holds a value of this file.
 */
import type { ServiceMade } from "../document.ts";

/** Papers that prove who somebody is. */
export const PERSON_ID_KINDS = [
  "residentId",
  "passport",
  "hkMacaoPermit",
  "taiwanPermit",
  "foreignPermanentResident",
  "hkMacaoTaiwanResidence",
] as const;
export type PersonIdKind = (typeof PERSON_ID_KINDS)[number];

export interface PersonApplicant {
  readonly kind: "person";
  readonly name: string;
  readonly idKind: PersonIdKind;
  readonly idNumber: string;
  readonly phone: string;
  readonly address?: string;
}

export interface CompanyApplicant {
  readonly kind: "company";
  readonly name: string;
  /** Unified social credit code, GB 32100-2015. */
  readonly creditCode: string;
  readonly representative: string;
  readonly contactName: string;
  readonly phone: string;
  readonly address?: string;
}

/** 申请人 */
export type Applicant = PersonApplicant | CompanyApplicant;

/** 委托代理人, with the paper that authorises them. */
export interface Agent {
  readonly name: string;
  readonly idKind: PersonIdKind;
  readonly idNumber: string;
  readonly phone: string;
  /** What the authorisation covers and until when, as the paper says. */
  readonly authorisation: string;
}

/** Somebody who signs at the counter: recipient, signee 签收人 or person entitled to correct 有权更正人. */
export interface Signatory {
  readonly name: string;
  /** `self`, `agent`, `legalRepresentative`, or what the relation is (adult family member, company's post room …). */
  readonly relation: string;
}

/** What a `person` entry's body holds, told apart by `role`. */
export type PersonRecord =
  | { readonly role: "applicant"; readonly applicant: Applicant }
  | { readonly role: "agent"; readonly agent: Agent }
  | { readonly role: "recipient"; readonly signatory: Signatory }
  /** What was applied for, as it was written down and signed. */
  | { readonly role: "oralApplicant"; readonly signatory: Signatory; readonly statement?: string }
  /** The words of one attempt at service: who was to have it, where, and what the 送达回证 says of the way. */
  | {
      readonly role: "service";
      readonly recipient: string;
      readonly place: string;
      readonly served: readonly {
        readonly title: string;
        readonly number: string;
        readonly copies: number;
      }[];
      readonly made: ServiceMade;
    }
  /** What is told of an attempt that failed, such as the details of returned mail (S4-12(2)). */
  | { readonly role: "serviceAccount"; readonly account: string }
  | {
      readonly role: "corrector";
      readonly signatory: Signatory;
      /** What stood in the paper and what stands there now. */
      readonly before: string;
      readonly after: string;
    };
