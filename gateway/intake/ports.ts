/**
 * What the intake needs from others, as small interfaces that main wires. Invariant: nothing behind these ports but
 * the log can change an application's state; papers and footage may fail without consequence in law (I13).
 */
import type { Authority, DocumentFacts } from "../domain/document.ts";
import type { DocumentDraft } from "../domain/document-record.ts";
import type { WorkingDayCalendar } from "../domain/calendar.ts";
import type { LicenceMatter } from "../domain/catalogue.ts";
import type { CounterId, EntryRef, UserId } from "../domain/ids.ts";
import type { Profile } from "../domain/profile.ts";

export type {
  Append,
  EntryDraft,
  LogReader,
  ProjectedEntry,
  Projection,
  Views,
  ViewTable,
  ViewTransaction,
} from "../evidence/append.ts";
export type { JsonObject } from "../evidence/record.ts";
export type { EntryRef } from "../domain/ids.ts";

/** Typesetting before issue, rendition after it. */
export interface Papers {
  /** The PDF with an empty QR box; only its hash and size come back. */
  draft(facts: DocumentFacts): Promise<DocumentDraft>;
  /**
   * Makes checkpoint, QR and rendition of an issued `document` entry. Idempotent. The claim code goes to the print
   * job alone and is stored nowhere.
   */
  finish(ref: EntryRef, secret?: { readonly claimCode: string }): Promise<unknown>;
}

/** An officer as the registry knows them. */
export interface CertifiedOfficer {
  readonly name: string;
  /** 执法证件号; absent where the person holds none. */
  readonly certNo?: string;
  /** Last day of validity, Beijing civil date. */
  readonly certValidUntil?: string;
}
export interface Officers {
  of(userId: UserId): Promise<CertifiedOfficer | undefined>;
}

/** What footage exists of a span, by time alone. */
export interface FootageCoverage {
  readonly cameraId: string;
  readonly from: number;
  readonly to: number;
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly cause: string }[];
}
export interface Footage {
  coverage(cameraIds: readonly string[], from: number, to: number): Promise<readonly FootageCoverage[]>;
}

/** Profiles by id and version; an application keeps the version it was registered under. */
export interface Profiles {
  current(): Profile;
  find(id: string, version: string): Profile | undefined;
}

/** Published service guides 服务指南. */
export interface Catalogue {
  matters(): readonly LicenceMatter[];
  find(code: string, version?: number): LicenceMatter | undefined;
}

/** Facts about this office, from the site file and the profile. */
export interface Office {
  readonly gatewayCode: string;
  /** Begins every document number, such as `昌市监`. */
  readonly shortName: string;
  readonly authority: Authority;
  readonly phone: string;
  readonly address: string;
  /** Reconsideration organ and court, as printed on a refusal. */
  readonly remedies: readonly string[];
  /** Which cameras look at a counter. */
  camerasOf(counterId: CounterId): readonly string[];
}

export interface Calendars {
  /** The calendar of a region with every year that is loaded now. */
  forRegion(region: string): WorkingDayCalendar;
}

/** Bytes that nobody can guess; `node:crypto`'s in the gateway, counted ones in tests. */
export interface Random {
  bytes(count: number): Uint8Array;
}
