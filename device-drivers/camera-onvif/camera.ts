/**
 * What this driver says about a camera, and every way it can fail to. Invariant: nothing here ever holds a
 * credential; addresses are those of the host that was dialled.
 */

/** Handed to calls, never stored, logged or put into an address. */
export interface CameraCredentials {
  readonly username: string;
  readonly password: string;
}

/** An answer to a WS-Discovery probe: the device's own claims, unchecked. */
export interface FoundCamera {
  /** The endpoint reference, such as `urn:uuid:…`. */
  readonly endpoint: string;
  readonly name: string;
  readonly hardware: string;
  readonly location: string;
  /** Device service addresses, http or https only. */
  readonly xaddrs: readonly string[];
}

/** `unknown` where Media1 does not name the codec; the stream's own description decides then. */
export type CameraCodec = "h264" | "h265" | "mpeg4" | "jpeg" | "unknown";

export interface CameraProfile {
  readonly token: string;
  readonly name: string;
  readonly codec: CameraCodec;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** `rtsp://host:port/…` on the dialled host, without credentials; null where the camera refused to tell. */
  readonly streamUri: string | null;
  /** `http://host:port/…` on the dialled host, without credentials. */
  readonly snapshotUri: string | null;
}

export interface CameraDescription {
  /** The device service that answered. */
  readonly xaddr: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string;
  /** Camera clock minus ours in ms; null where the camera does not tell its time. */
  readonly clockOffsetMs: number | null;
  readonly profiles: readonly CameraProfile[];
  /** The profile that firmware-configs recommends for recording, else the first H.264 one, else the first. */
  readonly recommendedProfileToken: string;
  /** A lighter H.264 profile for watching live; null where there is none beside the recommended one. */
  readonly recommendedSubProfileToken: string | null;
  /** True where the camera named another host in its addresses and they were bent back to the dialled one. */
  readonly addressesRewritten: boolean;
}

/** Why a camera could not be described; a closed set that screens and the log may show. */
export const CAMERA_REASONS = [
  "badAddress",
  "unreachable",
  "refused",
  "timeout",
  "wrongCredentials",
  "clockRejected",
  "digestWanted",
  "notOnvif",
  "noMedia",
  "noProfiles",
  "tooLarge",
  "garbled",
  "fault",
  "cancelled",
] as const;
export type CameraReason = (typeof CAMERA_REASONS)[number];

/** The only error this driver throws. Its text is fixed by the reason: no answer, address or secret in it. */
export class CameraProblem extends Error {
  readonly reason: CameraReason;
  constructor(reason: CameraReason, options?: ErrorOptions) {
    super(`camera: ${reason}`, options);
    this.name = "CameraProblem";
    this.reason = reason;
  }
}

export interface DescribeOptions {
  /** The device service, `http://host[:port]/path`. */
  readonly xaddr: string;
  readonly credentials: CameraCredentials;
  readonly signal?: AbortSignal;
  /** Limit for each request; default 5000. */
  readonly requestTimeoutMs?: number;
  /** Limit for the whole call; default 30000. */
  readonly totalTimeoutMs?: number;
}

export type ConnectionTest =
  | { readonly ok: true; readonly description: CameraDescription }
  | { readonly ok: false; readonly reason: CameraReason };
