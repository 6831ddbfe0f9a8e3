/**
 * What is bound where: the types of the fleet and its face to other parts. Invariant: everything here follows
 * from `config` entries; secrets are elsewhere.
 */
import type { CameraId, CommandId, CounterId, DockId, EntryRef, PrinterId, UserId } from "../domain/ids.ts";
import type { CameraCredentials, CameraDescription, FoundCamera } from "./ports.ts";

/** Who did it, when: in every binding and in its entry. */
export interface Binding {
  readonly boundBy: UserId;
  /** UTC ms. */
  readonly boundAtMs: number;
  readonly ref: EntryRef;
}

export interface Counter {
  readonly id: CounterId;
  /** What people call the window, such as `1号窗口`. */
  readonly name: string;
}

export type StreamCodec = "h264" | "h265" | "unknown";

/** A second, lighter stream of the same camera: watched live, never recorded. */
export interface SubStream {
  /** Without credentials; on the host of the main stream, which gets the same ones. */
  readonly rtspUrl: string;
  readonly profileToken: string | null;
  readonly codec: StreamCodec;
}

export interface BoundCamera extends Binding {
  readonly id: CameraId;
  readonly name: string;
  readonly counterId: CounterId;
  /** The ONVIF device service; null for a camera known by its RTSP address alone. */
  readonly xaddr: string | null;
  /** Without credentials. */
  readonly rtspUrl: string;
  readonly profileToken: string | null;
  readonly codec: StreamCodec;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  /** Pinned certificate of an rtsps:// camera: SHA-256 of its DER in lower-case hex. */
  readonly certificateSha256?: string;
  readonly sub?: SubStream;
}

export interface BoundPrinter extends Binding {
  readonly id: PrinterId;
  readonly name: string;
  readonly counterId: CounterId;
  readonly path: string;
  /** Name of the model's data in firmware-configs/printers; speed and abilities stand there. */
  readonly profile: string;
}

export interface BoundDock extends Binding {
  readonly id: DockId;
  readonly name: string;
}

/** The wanted configuration: what should run. */
export interface WantedFleet {
  readonly counters: readonly Counter[];
  readonly cameras: readonly BoundCamera[];
  readonly printers: readonly BoundPrinter[];
  readonly docks: readonly BoundDock[];
}

/** Every command: who gives it, and the caller's id (a repeat returns the first result). */
export interface Command {
  readonly by: UserId;
  readonly commandId: CommandId;
}

export interface NameCounter extends Command {
  readonly id: CounterId;
  readonly name: string;
}

export interface BindCamera extends Command {
  readonly id: CameraId;
  readonly name: string;
  readonly counterId: CounterId;
  readonly xaddr: string | null;
  readonly rtspUrl: string;
  readonly profileToken: string | null;
  readonly codec: StreamCodec;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serialNumber?: string;
  /** SHA-256 of the camera's own certificate (DER) in hex; without it one of Node's authorities has to vouch. */
  readonly certificateSha256?: string;
  readonly sub?: SubStream;
  readonly credentials: CameraCredentials;
}

export interface BindPrinter extends Command {
  readonly id: PrinterId;
  readonly name: string;
  readonly counterId: CounterId;
  readonly path: string;
  /** Name of the model's data in firmware-configs/printers; speed and abilities stand there. */
  readonly profile: string;
}

export interface BindDock extends Command {
  readonly id: DockId;
  readonly name: string;
}

export interface Fleet {
  wanted(): Promise<WantedFleet>;
  camera(id: CameraId): Promise<BoundCamera | undefined>;
  dock(id: DockId): Promise<BoundDock | undefined>;
  nameCounter(command: NameCounter): Promise<Counter>;
  /** Throws `devices.badAddress` when an address is not plain http/rtsp, holds credentials, or a sub-stream is on another host. */
  bindCamera(command: BindCamera): Promise<BoundCamera>;
  /** Throws `devices.notBound`. */
  unbindCamera(command: Command & { readonly id: CameraId }): Promise<void>;
  bindPrinter(command: BindPrinter): Promise<BoundPrinter>;
  unbindPrinter(command: Command & { readonly id: PrinterId }): Promise<void>;
  /** Makes the dock's secret; it is shown this once. A repeat of the command makes a new secret. */
  bindDock(command: BindDock): Promise<{ readonly dock: BoundDock; readonly secret: string }>;
  unbindDock(command: Command & { readonly id: DockId }): Promise<void>;
  /** Throws `devices.notBound`, `devices.noSecret`. For the recorder and the driver only. */
  cameraCredentials(id: CameraId): Promise<CameraCredentials>;
  /** True when this dock is bound and this is its secret; constant time. */
  checkDockSecret(id: string, presented: string): Promise<boolean>;
  /** Probes the network once; only on a technician's click. One at a time: `devices.busy`. */
  discoverCameras(signal?: AbortSignal): Promise<readonly FoundCamera[]>;
  /** Throws `devices.cameraTest` with the reason in its details. */
  describeCamera(options: {
    readonly xaddr: string;
    readonly credentials: CameraCredentials;
    readonly signal?: AbortSignal;
  }): Promise<CameraDescription>;
  /** Called after every change of the wanted configuration; returns the way to stop. */
  onChange(listener: (wanted: WantedFleet) => void): () => void;
}
