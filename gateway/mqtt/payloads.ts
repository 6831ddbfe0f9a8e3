/** Payload schemas of a dock's messages: an envelope and a body per topic. Invariant: unknown fields are refused. */
import { type Static, type TProperties, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { DockId } from "../domain/ids.ts";
import type { DockReport } from "../docks/reports.ts";
import type { DockTopic } from "./topics.ts";

/** A message is at most this long; a card's inventory is the longest. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Word = Type.String({ minLength: 1, maxLength: 60 });
const Camera = Type.String({ pattern: "^[A-Za-z0-9._-]{1,40}$" });
const Officer = Type.String({ minLength: 1, maxLength: 60 });
const Bytes = Type.Integer({ minimum: 0, maximum: MAX_COUNT });
const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

const envelope = <Body extends TSchema>(body: Body) =>
  Compile(
    closed({
      v: Type.Literal(1),
      boot: Type.String({ pattern: "^[A-Za-z0-9-]{8,64}$", description: "new at each start of the dock" }),
      seq: Type.Integer({
        minimum: 0,
        maximum: MAX_COUNT,
        description: "counts the messages of one boot from 0; wills count down from the top",
      }),
      ts: Type.Integer({ minimum: 0, maximum: MAX_COUNT, description: "the dock's clock, UTC ms" }),
      tsQuality: Type.Enum(["synced", "unsynced", "unknown"]),
      body,
    }),
  );

const Birth = envelope(
  closed({
    schema: Type.Integer({ minimum: 1, maximum: 1000 }),
    vendor: Word,
    model: Word,
    firmware: Word,
    bays: Type.Integer({ minimum: 1, maximum: 999 }),
  }),
);
const State = envelope(closed({ state: Type.Enum(["online", "offline", "lost"]) }));
const BayStatus = envelope(
  closed({
    state: Type.Enum(["empty", "charging", "uploading", "full", "fault"]),
    camera: Type.Optional(Camera),
    batteryPercent: Type.Optional(Percent),
    storageUsedBytes: Type.Optional(Bytes),
    storageTotalBytes: Type.Optional(Bytes),
    temperatureC: Type.Optional(Type.Number({ minimum: -100, maximum: 200 })),
  }),
);
const CardFile = closed({ vendorName: Type.String({ minLength: 1, maxLength: 255 }), sizeBytes: Bytes });
const BayEvent = envelope(
  Type.Union([
    closed({
      event: Type.Literal("inserted"),
      camera: Camera,
      clockOffsetMs: Type.Number({ minimum: -MAX_COUNT, maximum: MAX_COUNT }),
      officerClaim: Type.Optional(Officer),
      batteryPercent: Type.Optional(Percent),
      storageFreeBytes: Type.Optional(Bytes),
    }),
    closed({
      event: Type.Literal("inventory"),
      camera: Camera,
      files: Type.Array(CardFile, { maxItems: 500 }),
    }),
    closed({ event: Type.Literal("removed"), camera: Camera, officerClaim: Type.Optional(Officer) }),
    closed({
      event: Type.Literal("alarm"),
      camera: Type.Optional(Camera),
      code: Word,
      text: Type.Optional(Type.String({ maxLength: 200 })),
    }),
  ]),
);
const Upload = envelope(
  closed({
    state: Type.Enum(["started", "paused", "finished", "failed"]),
    offset: Bytes,
    sizeBytes: Bytes,
    sha256: Sha256,
  }),
);
const Ack = envelope(
  closed({
    result: Type.Enum(["done", "refused", "failed"]),
    wiped: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  }),
);

/** Reads a dock's message; undefined when it is not of its topic's form. `cmd` is ours to send, not a dock's. */
export function readReport(dock: DockId, topic: DockTopic, payload: Uint8Array): DockReport | undefined {
  if (payload.length > MAX_PAYLOAD_BYTES) return undefined;
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  switch (topic.kind) {
    case "birth":
      return Birth.Check(raw) ? { ...from(dock, raw), kind: topic.kind, body: raw.body } : undefined;
    case "state":
      return State.Check(raw) ? { ...from(dock, raw), kind: topic.kind, body: raw.body } : undefined;
    case "bayStatus":
      return BayStatus.Check(raw)
        ? { ...from(dock, raw), kind: topic.kind, bay: topic.bay, body: raw.body }
        : undefined;
    case "bayEvent":
      return BayEvent.Check(raw)
        ? { ...from(dock, raw), kind: topic.kind, bay: topic.bay, body: raw.body }
        : undefined;
    case "upload":
      return Upload.Check(raw)
        ? { ...from(dock, raw), kind: topic.kind, transfer: topic.transfer, body: raw.body }
        : undefined;
    case "ack":
      return Ack.Check(raw)
        ? { ...from(dock, raw), kind: topic.kind, command: topic.command, body: raw.body }
        : undefined;
    case "cmd":
    default:
      return undefined;
  }
}

interface EnvelopeFields {
  readonly boot: string;
  readonly seq: number;
  readonly ts: number;
  readonly tsQuality: DockReport["timeQuality"];
}

function from(dock: DockId, raw: EnvelopeFields) {
  return { dock, boot: raw.boot, seq: raw.seq, deviceMs: raw.ts, timeQuality: raw.tsQuality };
}

/** What a dock gets on `/cmd/{id}`. */
export const WipeCommand = closed({
  v: Type.Literal(1),
  id: Type.String(),
  type: Type.Literal("wipe"),
  camera: Camera,
  files: Type.Array(closed({ vendorName: Type.String(), sizeBytes: Bytes, sha256: Sha256 })),
});
export type WipeCommand = Static<typeof WipeCommand>;
