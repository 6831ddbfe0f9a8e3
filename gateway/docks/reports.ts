/**
 * What a dock tells us over MQTT, after the topic and payload were checked. Invariant: times in here are the
 * dock's own and are claims until they stand beside ours.
 */
import type { DockId } from "../domain/ids.ts";

/** How far the dock trusts its clock. */
export type TimeQuality = "synced" | "unsynced" | "unknown";

/** The envelope every message comes in. */
export interface Envelope {
  readonly dock: DockId;
  /** New at each start of the dock's program. */
  readonly boot: string;
  /** Counts the messages of one boot; (dock, boot, seq) counts once. */
  readonly seq: number;
  /** The dock's clock, UTC ms. */
  readonly deviceMs: number;
  readonly timeQuality: TimeQuality;
}

export interface BirthBody {
  readonly schema: number;
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string;
  readonly bays: number;
}

export interface StateBody {
  readonly state: "online" | "offline" | "lost";
}

export interface BayStatusBody {
  readonly state: "empty" | "charging" | "uploading" | "full" | "fault";
  readonly camera?: string | undefined;
  readonly batteryPercent?: number | undefined;
  readonly storageUsedBytes?: number | undefined;
  readonly storageTotalBytes?: number | undefined;
  readonly temperatureC?: number | undefined;
}

/** One file on a camera's card, as the dock lists it at insert. */
export interface CardFile {
  readonly vendorName: string;
  readonly sizeBytes: number;
}

export type BayEventBody =
  | {
      readonly event: "inserted";
      readonly camera: string;
      /** Camera clock minus dock clock, measured at insert. */
      readonly clockOffsetMs: number;
      readonly officerClaim?: string | undefined;
      readonly batteryPercent?: number | undefined;
      readonly storageFreeBytes?: number | undefined;
    }
  /** Every file on the card: only after this list is stored in full may the card be wiped. */
  | { readonly event: "inventory"; readonly camera: string; readonly files: readonly CardFile[] }
  | { readonly event: "removed"; readonly camera: string; readonly officerClaim?: string | undefined }
  | {
      readonly event: "alarm";
      readonly camera?: string | undefined;
      readonly code: string;
      readonly text?: string | undefined;
    };

export interface UploadBody {
  readonly state: "started" | "paused" | "finished" | "failed";
  readonly offset: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface AckBody {
  readonly result: "done" | "refused" | "failed";
  readonly wiped?: number | undefined;
  readonly reason?: string | undefined;
}

export type DockReport = Envelope &
  (
    | { readonly kind: "birth"; readonly body: BirthBody }
    | { readonly kind: "state"; readonly body: StateBody }
    | { readonly kind: "bayStatus"; readonly bay: number; readonly body: BayStatusBody }
    | { readonly kind: "bayEvent"; readonly bay: number; readonly body: BayEventBody }
    | { readonly kind: "upload"; readonly transfer: string; readonly body: UploadBody }
    | { readonly kind: "ack"; readonly command: string; readonly body: AckBody }
  );

/** What the message was taken as; both are the same acknowledgement to the dock. */
export type Reception = "stored" | "repeated";
