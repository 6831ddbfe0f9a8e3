/** What the dock path needs from others; main.ts wires it. */
import type { DockId } from "../domain/ids.ts";

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

/** What a media file turned out to be. */
export interface ProbedMedia {
  readonly durationMs: number | null;
  readonly container: string;
  /** Of the first video stream, else of the first audio stream. */
  readonly codec: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Bits a second, where a pipe keeps the duration from ffprobe. */
  readonly bitRate?: number;
}

/** What a probe found, or why it found nothing; a file that can't be probed is kept all the same. */
export type Probed =
  | { readonly ok: true; readonly media: ProbedMedia }
  | { readonly ok: false; readonly problem: "notMedia" | "timeout" | "noProbe" };

/** Looks into a file's bytes; may stop reading before their end. Never rejects because of the bytes. */
export interface Probe {
  probe(bytes: AsyncIterable<Uint8Array>, limitMs: number): Promise<Probed>;
}

/** What a vendor's file name claims; every part is a claim only. */
export interface VendorNameClaim {
  readonly deviceSerial?: string;
  readonly officer?: string;
  /** Device clock, UTC ms; names carry Beijing time without a zone. */
  readonly deviceStartMs?: number;
}

export interface VendorNames {
  parse(fileName: string): VendorNameClaim | undefined;
}

/** Sends a command to a dock if it is there now; a dock that is away gets it when it subscribes. */
export interface CommandSender {
  send(dock: DockId, command: DockCommand): Promise<void>;
}

/** The wipe names exactly what may go; a file that is not in the list stays on the card. */
export interface DockCommand {
  readonly id: string;
  readonly type: "wipe";
  readonly camera: string;
  readonly files: readonly {
    readonly vendorName: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }[];
}

/** The profile's numbers that bind this path, each with its article. */
export interface IngestRules {
  /** `ingest.limit`: hours since the end of the recording, or by the end of its day in Beijing; null: silent. */
  readonly limit: { readonly hours: number } | "sameDay" | null;
  readonly limitArticle: string | null;
  /** `ingest.prompt` with `ingest.promptHours`: the span since the end of the recording that counts as promptly. */
  readonly prompt?: { readonly hours: number; readonly article: string | null };
  /** `ingest.mandatoryLabels`. */
  readonly mandatoryLabels: readonly LabelName[];
  readonly labelsArticle: string | null;
  /** `device.preUseCheck`. */
  readonly preUseCheck: readonly ReadinessCheck[];
  readonly preUseArticle: string | null;
  /** Above this difference between device clock and ours the times are marked `clockSuspect`. */
  readonly clockSuspectMs: number;
}

export const LABEL_NAMES = ["matter", "party", "officer", "certNo"] as const;
export type LabelName = (typeof LABEL_NAMES)[number];
export const READINESS_CHECKS = ["works", "battery", "space", "clock"] as const;
export type ReadinessCheck = (typeof READINESS_CHECKS)[number];
