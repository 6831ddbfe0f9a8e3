/**
 * What the HTTP edge is given: use cases by their own types, and what no use case owns as small ports.
 * Invariant: the edge decides nothing about the record; it checks who asks, what is asked, and says what came of it.
 */
import type { PageContent } from "../domain/document-content.ts";
import type { Wording } from "../domain/document.ts";
import type { CameraId, LogId, PrinterId, UserId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Fleet } from "../devices/fleet.ts";
import type { Docks } from "../docks/docks.ts";
import type { Documents } from "../documents/documents.ts";
import type { SlipPrinter } from "../documents/ports.ts";
import type { Handover } from "../handover/contract.ts";
import type { Alarms } from "../health/alarms.ts";
import type { Health } from "../health/figures.ts";
import type { GapLedger } from "../health/gap-ledger.ts";
import type { Metrics } from "../health/metrics.ts";
import type { AccessDesk } from "../intake/access/access-desk.ts";
import type { Inspections } from "../intake/oversight/inspections.ts";
import type { Scans } from "../docks/scans/scans.ts";
import type { Bureau } from "../intake/bureau/bureau.ts";
import type { BureauToken } from "../intake/bureau/token.ts";
import type { Guides } from "../intake/guides/guides.ts";
import type { MetadataElement } from "../domain/case-files/archival-metadata.ts";
import type { DocumentKinds } from "../domain/records/document-kinds.ts";
import type { CaseFiles } from "../intake/case-files/case-files.ts";
import type { Intake } from "../intake/intake.ts";
import type { Profiles } from "../intake/ports.ts";
import type { Records } from "../intake/records/records.ts";
import type { Retention } from "../intake/retention/retention.ts";
import type { OfficerRegistry } from "../intake/officers/officers.ts";
import type { Services } from "../intake/service/services.ts";
import type { OversightLedger } from "../people/oversight-ledger.ts";
import type { People } from "../people/people.ts";
import type { Signatures } from "../people/signatures.ts";
import type { Random } from "../people/ports.ts";
import type { Exports } from "../recording/export/exports.ts";
import type { LiveFeed } from "../recording/live/live-feed.ts";
import type { Playback } from "../recording/playback.ts";
import type { RecorderStatus } from "../recording/recorder-status.ts";

/** Where the edge writes what a technician may need later; never a body, a query, a cookie or a name. */
export interface HttpLogger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** A receipt printer that is bound and driven now. */
export interface Printers {
  find(id: PrinterId): SlipPrinter | undefined;
}

/** Facts about this office, from site file and profile. */
export interface OfficeFacts {
  readonly authority: { readonly name: Wording; readonly code: string };
  profile(): {
    readonly id: string;
    readonly version: string;
    readonly name: Wording;
    readonly warnings: readonly Wording[];
  };
  /** What the kiosk shows before recording. */
  recordingNotice(): { readonly version: string; readonly text: Wording };
}

/** The log's public side (C2SP tlog-tiles), by shape: `gateway/store`. */
export interface LogFiles {
  logs(): readonly { readonly logId: LogId; readonly origin: string }[];
  checkpoint(logId: LogId): { readonly note: string } | undefined;
  tile(logId: LogId, level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  entryBundle(logId: LogId, index: number, width: number): Promise<Uint8Array | undefined>;
}

/** What is recorded now. */
export interface Recorders {
  status(camera: CameraId): RecorderStatus | undefined;
  /** The newest picture as a small JPEG. Throws `recording.*`. */
  snapshot(camera: CameraId): Promise<Uint8Array>;
  /** A still of that moment or soon after it (UTC ms), very small. Throws `recording.*`. */
  thumbnail(camera: CameraId, atMs: number): Promise<Uint8Array>;
  /** The picture as it comes; undefined while no recorder runs for this camera. */
  live(camera: CameraId): LiveFeed | undefined;
}

/** The replicator's side of the link to the central archive. */
export interface ArchiveLink {
  state(): {
    readonly enrolled: boolean;
    readonly url?: string;
    readonly lastPassMs?: number;
    readonly fault?: string;
    /** Packs of sealed matters that stay here until an officer decides. */
    readonly withheld: number;
  };
  /**
   * Enrols with the line that the archive printed and logs who did. Throws `sync.enrolRefused`,
   * `sync.archiveNotReached`, `sync.archiveNotRecognised`.
   */
  enrol(line: string, by: UserId): Promise<void>;
}

/** Sets a page of the house's own books as a PDF/A. */
export interface PageSetter {
  /** Throws `documents.*`. */
  pdf(content: PageContent, atMs: number): Promise<Uint8Array>;
}

export interface HttpDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: HttpLogger;
  readonly people: People;
  readonly signatures: Signatures;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly gaps: GapLedger;
  readonly intake: Intake;
  readonly records: Records;
  readonly caseFiles: CaseFiles;
  readonly retention: Retention;
  /** The catalogue of papers, and what an archived record says of itself. */
  readonly kinds: DocumentKinds;
  readonly archivalMetadata: readonly MetadataElement[];
  readonly profiles: Pick<Profiles, "current">;
  readonly access: AccessDesk;
  readonly inspections: Inspections;
  readonly pages: PageSetter;
  readonly officers: OfficerRegistry;
  readonly services: Services;
  readonly scans: Scans;
  readonly guides: Guides;
  readonly bureau: Bureau;
  readonly bureauToken: BureauToken;
  readonly oversight: OversightLedger;
  readonly office: OfficeFacts;
  readonly documents: Documents;
  readonly printers: Printers;
  readonly fleet: Fleet;
  readonly recorders: Recorders;
  readonly playback: Playback;
  readonly exports: Exports;
  readonly docks: Docks;
  readonly link: ArchiveLink;
  readonly handover: Pick<Handover, "sealNow" | "exposureMs">;
  /** How long the exposure window may grow before there is an alarm. */
  readonly exposureLimitMs: number;
  readonly log: LogFiles;
  /** Verifier keys of this gateway's logs (C2SP signed-note), newest first. */
  readonly verifierKeys: () => readonly string[];
  /** Folder of the built screens. */
  readonly pagesFolder: string;
}
