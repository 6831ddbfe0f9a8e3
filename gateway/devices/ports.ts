/** What the fleet needs from others; main.ts wires it. Invariant: a secret passes only through `Secrets`. */
export type { Append, ProjectedEntry, Projection, Views, ViewTransaction } from "../evidence/append.ts";
export type { JsonObject } from "../evidence/record.ts";

/** Secrets by name (`camera/<id>`, `dock/<id>`), kept 0600 outside the log and the views. */
export interface Secrets {
  get(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface CameraCredentials {
  readonly username: string;
  readonly password: string;
}

export interface FoundCamera {
  readonly endpoint: string;
  readonly name: string;
  readonly hardware: string;
  readonly location: string;
  readonly xaddrs: readonly string[];
}

export interface CameraProfile {
  readonly token: string;
  readonly name: string;
  readonly codec: "h264" | "h265" | "mpeg4" | "jpeg" | "unknown";
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  readonly streamUri: string | null;
  readonly snapshotUri: string | null;
}

export interface CameraDescription {
  readonly xaddr: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string;
  readonly clockOffsetMs: number | null;
  readonly profiles: readonly CameraProfile[];
  readonly recommendedProfileToken: string;
  readonly recommendedSubProfileToken: string | null;
  readonly addressesRewritten: boolean;
}

/** The ONVIF driver, by shape: `device-drivers/camera-onvif`. */
export interface CameraDriver {
  discover(options: {
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly FoundCamera[]>;
  testConnection(options: {
    readonly xaddr: string;
    readonly credentials: CameraCredentials;
    readonly signal?: AbortSignal;
  }): Promise<
    | { readonly ok: true; readonly description: CameraDescription }
    | { readonly ok: false; readonly reason: string }
  >;
}
