/**
 * The face of the dock path: telemetry, custody, body-camera files, labels, the wipe. Invariant: nothing is
 * confirmed to a dock before it is durable, and a card is wiped only after all its files are stored and verified.
 */
import type { CommandId, DockId, EntryRef, Sha256Hex, UserId } from "../domain/ids.ts";
import type { LateCause } from "./late-cause.ts";
import type { DockCommand, LabelName, ProbedMedia, ReadinessCheck } from "./ports.ts";
import type { BayStatusBody, BirthBody, DockReport, Reception } from "./reports.ts";

/** A chunk is at most this long; larger ones are refused. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;
/** Largest file that may be announced. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024 * 1024;

export interface Announcement {
  readonly dock: DockId;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  /** As the camera named it; kept, shown and never used as a path. */
  readonly vendorName: string;
  /** Serial of the body camera. */
  readonly camera: string;
  readonly officerClaim?: string;
  /** Device clock, UTC ms. */
  readonly deviceStartMs?: number;
  readonly deviceEndMs?: number;
  /** Camera clock minus true time as the dock measured it at insert. */
  readonly clockOffsetMs?: number;
  /** The officer marked it on the device (重点文件). */
  readonly keyMarked?: boolean;
}

/** Where an upload stands; `offset` is what is durable. */
export interface UploadState {
  readonly uploadId: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly state: "open" | "stored";
}

export interface StoredFile {
  /** Same as the upload's id: it follows from the content, so the same content is one record. */
  readonly fileId: string;
  readonly ref: EntryRef;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  readonly storedAtMs: number;
  readonly media: ProbedMedia | null;
  /** Why `media` is null. */
  readonly probeProblem: string | null;
  /** One for each camera and name it was offered under. */
  readonly claims: readonly FileClaim[];
  readonly labels: FileLabels | null;
  readonly missingLabels: readonly LabelName[];
  readonly late: LateFile | null;
}

export interface FileClaim {
  readonly dock: DockId;
  readonly camera: string;
  readonly vendorName: string;
  readonly officerClaim: string | null;
  readonly deviceStartMs: number | null;
  readonly deviceEndMs: number | null;
  readonly clockOffsetMs: number | null;
  /** Device time less the measured offset; null where either is unknown. */
  readonly correctedStartMs: number | null;
  readonly correctedEndMs: number | null;
  readonly clockSuspect: boolean;
  readonly keyMarked: boolean;
}

export interface FileLabels {
  readonly matter: string;
  readonly party: string;
  readonly officer: string;
  readonly certNo: string;
  readonly by: UserId;
  readonly atMs: number;
}

/** Late is flagged, never refused. */
export interface Lateness {
  /** Beyond the limit that was passed. */
  readonly byMs: number;
  readonly article: string | null;
}

export type LateFile = Lateness & {
  /** Null in entries that were written before causes were. */
  readonly cause: LateCause | null;
};

export interface DockView {
  readonly dock: DockId;
  readonly state: "online" | "offline" | "lost" | "unknown";
  readonly birth: BirthBody | null;
  readonly sinceMs: number;
  /** Messages of this boot whose numbers were never seen. */
  readonly missing: number;
  readonly bays: readonly { readonly bay: number; readonly status: BayStatusBody }[];
}

/** Who has which body camera. */
export interface CustodyView {
  readonly camera: string;
  readonly holder: { readonly officer: string } | { readonly dock: DockId; readonly bay: number | null };
  readonly sinceMs: number;
  readonly ref: EntryRef;
}

/** A person takes a camera or gives it back; checks are what was looked at before going out (S3-B-3). */
export interface HandOver {
  readonly camera: string;
  readonly kind: "checkOut" | "checkIn";
  readonly officer: string;
  readonly keeper: UserId;
  readonly checks: Readonly<Partial<Record<ReadinessCheck, boolean>>>;
  readonly commandId: CommandId;
}

export interface Docks {
  /** Durable when it resolves; rejects with `docks.busy` when too many wait. */
  report(report: DockReport): Promise<Reception>;
  /** Throws `docks.tooLarge`. Announcing stored content answers `stored`. */
  announce(announcement: Announcement): Promise<UploadState>;
  /** Throws `docks.noSuchUpload`. Finishes an upload whose last byte came before a crash. */
  uploadState(dock: DockId, uploadId: string): Promise<UploadState>;
  /** Durable when it resolves. Throws `docks.noSuchUpload`, `docks.wrongOffset`, `docks.chunkTooLarge`, `docks.hashMismatch`. */
  addChunk(dock: DockId, uploadId: string, offset: number, bytes: Uint8Array): Promise<UploadState>;
  files(page?: Page): Promise<readonly StoredFile[]>;
  file(fileId: string): Promise<StoredFile | undefined>;
  /** Files that still miss a mandatory label, oldest first. */
  unlabelled(page?: Page): Promise<readonly StoredFile[]>;
  /** Throws `docks.noSuchFile`, `docks.badLabel`. A later labelling replaces the shown one; both stay in the log. */
  label(command: {
    readonly fileId: string;
    readonly matter: string;
    readonly party: string;
    readonly officer: string;
    readonly certNo: string;
    readonly by: UserId;
    readonly commandId: CommandId;
  }): Promise<StoredFile>;
  /** Throws `docks.notReady` when a check of the profile is missing or failed at check-out. */
  handOver(command: HandOver): Promise<CustodyView>;
  custody(): Promise<readonly CustodyView[]>;
  custodyHistory(camera: string): Promise<readonly CustodyView[]>;
  docks(): Promise<readonly DockView[]>;
  /** Commands without an acknowledgement, to be sent again when the dock subscribes. */
  outstanding(dock: DockId): Promise<readonly DockCommand[]>;
  /** Retained messages as the dock sent them, for publishing again after a start. */
  retained(): Promise<readonly { readonly topic: RetainedTopic; readonly payload: string }[]>;
  /** The bytes of a stored file in order, each piece checked against its entry. */
  bytes(fileId: string): AsyncIterable<Uint8Array>;
  /**
   * The entries whose bodies are the file: its record, its bytes in order, also of tries that were refused, the words
   * of its labels. Empty where there is no such file.
   */
  entriesOf(fileId: string): Promise<readonly EntryRef[]>;
  /** Finishes what a crash left between the last byte and its record; call once after the views caught up. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

export interface Page {
  readonly limit?: number;
  readonly after?: string;
}

export type RetainedTopic =
  | { readonly dock: DockId; readonly kind: "birth" | "state" }
  | { readonly dock: DockId; readonly kind: "bayStatus"; readonly bay: number };
