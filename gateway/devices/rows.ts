/** The fleet as rows of its view: one per bound thing, read back with every field checked. */
import { cameraId, counterId, dockId, logId, printerId, seq, userId } from "../domain/ids.ts";
import type {
  Binding,
  BoundCamera,
  BoundDock,
  BoundPrinter,
  Counter,
  StreamCodec,
  SubStream,
} from "./fleet.ts";
import type { JsonObject } from "./ports.ts";

export const KINDS = ["counter", "camera", "printer", "dock"] as const;
export type Kind = (typeof KINDS)[number];

/** What a `config` entry of the fleet says. `was` and secrets are not in it: the log has the one, nobody the other. */
export interface FleetChange {
  readonly subject: "fleet";
  readonly kind: Kind;
  readonly change: "bound" | "unbound";
  readonly id: string;
  readonly by: string;
  readonly command: string;
  /** The settings, without secrets; absent on `unbound`. */
  readonly settings?: JsonObject;
  /** True where new credentials came with it. */
  readonly credentialsChanged?: boolean;
}

export function readChange(json: JsonObject): FleetChange | undefined {
  const kind = KINDS.find((one) => one === json["kind"]);
  const change = json["change"];
  if (json["subject"] !== "fleet" || kind === undefined) return undefined;
  if (change !== "bound" && change !== "unbound") return undefined;
  const settings = json["settings"];
  return {
    subject: "fleet",
    kind,
    change,
    id: text(json, "id"),
    by: text(json, "by"),
    command: text(json, "command"),
    ...(isObject(settings) ? { settings } : {}),
  };
}

export function readCounter(row: JsonObject): Counter {
  return { id: counterId(text(row, "id")), name: text(row, "name") };
}

export function readCamera(row: JsonObject): BoundCamera {
  const pin = optional(row, "certificateSha256");
  const sub = row["sub"];
  return {
    ...readBinding(row),
    id: cameraId(text(row, "id")),
    name: text(row, "name"),
    counterId: counterId(text(row, "counterId")),
    xaddr: optional(row, "xaddr"),
    rtspUrl: text(row, "rtspUrl"),
    profileToken: optional(row, "profileToken"),
    codec: readCodec(row["codec"]),
    manufacturer: optional(row, "manufacturer"),
    model: optional(row, "model"),
    serialNumber: optional(row, "serialNumber"),
    ...(pin === null ? {} : { certificateSha256: pin }),
    ...(isObject(sub) ? { sub: readSubStream(sub) } : {}),
  };
}

function readSubStream(sub: JsonObject): SubStream {
  return {
    rtspUrl: text(sub, "rtspUrl"),
    profileToken: optional(sub, "profileToken"),
    codec: readCodec(sub["codec"]),
  };
}

export function readPrinter(row: JsonObject): BoundPrinter {
  return {
    ...readBinding(row),
    id: printerId(text(row, "id")),
    name: text(row, "name"),
    counterId: counterId(text(row, "counterId")),
    path: text(row, "path"),
    profile: text(row, "profile"),
  };
}

export function readDock(row: JsonObject): BoundDock {
  return { ...readBinding(row), id: dockId(text(row, "id")), name: text(row, "name") };
}

function readBinding(row: JsonObject): Binding {
  return {
    boundBy: userId(text(row, "boundBy")),
    boundAtMs: number(row, "boundAtMs"),
    ref: { logId: logId(text(row, "logId")), seq: seq(number(row, "seq")) },
  };
}

function readCodec(value: unknown): StreamCodec {
  return value === "h264" || value === "h265" ? value : "unknown";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(row: JsonObject, key: string): string {
  const value = row[key];
  if (typeof value !== "string") throw new RangeError(`a fleet row lacks ${key}`);
  return value;
}

function optional(row: JsonObject, key: string): string | null {
  const value = row[key];
  return typeof value === "string" ? value : null;
}

function number(row: JsonObject, key: string): number {
  const value = row[key];
  if (typeof value !== "number") throw new RangeError(`a fleet row lacks ${key}`);
  return value;
}
