/** The technician's cameras: found on a click, described, bound to a counter, watched. Secrets go in, never out. */
import { type Static, Type } from "typebox";
import {
  CameraIdField,
  CommandIdField,
  CounterIdField,
  Done,
  DurationMs,
  Line,
  Nullable,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

const TECHNICIAN = ["technician"] as const;
const Url = Type.String({ minLength: 8, maxLength: 300, description: "without credentials" });
const errors = codesOf("devices");

export const FoundCamera = closed({
  endpoint: Type.String(),
  name: Type.String(),
  hardware: Type.String(),
  location: Type.String(),
  /** Addresses of the device service, without credentials. */
  xaddrs: list(Type.String(), 16),
  /** Already bound as this camera. */
  boundAs: Nullable(CameraIdField),
});
export type FoundCamera = Static<typeof FoundCamera>;

export const StreamProfileView = closed({
  token: Type.String(),
  name: Type.String(),
  codec: Type.Enum(["h264", "h265", "mpeg4", "jpeg", "unknown"]),
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  fps: Nullable(Type.Number()),
  /** Where its RTSP stream is, without credentials. */
  streamUri: Nullable(Type.String()),
});
export type StreamProfileView = Static<typeof StreamProfileView>;

export const CameraDescription = closed({
  xaddr: Type.String(),
  manufacturer: Type.String(),
  model: Type.String(),
  firmware: Type.String(),
  serialNumber: Type.String(),
  /** Camera's clock minus ours at the moment of asking. */
  clockOffsetMs: Nullable(Type.Number()),
  profiles: list(StreamProfileView, 64),
  recommendedProfileToken: Type.String(),
  /** A lighter H.264 profile beside it, for live view; null where there is none. */
  recommendedSubProfileToken: Nullable(Type.String()),
});
export type CameraDescription = Static<typeof CameraDescription>;

const StreamCodec = Type.Enum(["h264", "h265", "unknown"]);

/** Watched live, never recorded; on the host of the main stream. */
export const SubStreamView = closed({
  rtspUrl: Url,
  profileToken: Nullable(Type.String({ maxLength: 64 })),
  codec: StreamCodec,
});
export type SubStreamView = Static<typeof SubStreamView>;

const Credentials = closed({
  username: Type.String({ maxLength: 64 }),
  password: Type.String({ maxLength: 128 }),
});

export const CameraView = closed({
  id: CameraIdField,
  name: Type.String(),
  counterId: CounterIdField,
  /** ONVIF device service; null for a camera known by its RTSP address alone. */
  xaddr: Nullable(Type.String()),
  rtspUrl: Type.String(),
  profileToken: Nullable(Type.String()),
  /** What the binding says. */
  codec: StreamCodec,
  /** What the stream itself says; null before its first picture. */
  streamCodec: Nullable(Type.Enum(["h264", "h265"])),
  sub: Nullable(SubStreamView),
  /** Every stream is H.265: it is recorded, but many browsers can't play it. */
  hint: Nullable(Type.Enum(["addH264SubStream"])),
  manufacturer: Nullable(Type.String()),
  model: Nullable(Type.String()),
  serialNumber: Nullable(Type.String()),
  /** Pinned certificate of an rtsps:// camera. */
  certificateSha256: Type.Optional(Type.String()),
  boundBy: Type.String(),
  boundAt: TimeMs,
  state: Type.Enum(["connecting", "recording", "stalled", "offline", "diskSlow", "stopped"]),
  /** Why it does not record. */
  cause: Nullable(Type.String()),
  detail: Nullable(Type.String()),
  lastFragmentAgeMs: Nullable(DurationMs),
});
export type CameraView = Static<typeof CameraView>;

export const cameraRoutes = {
  discoverCameras: route({
    method: "POST",
    url: "/api/camera-discoveries",
    tag: "cameras",
    summary: "Look for cameras by multicast, once, because a technician asked",
    audience: TECHNICIAN,
    answer: list(FoundCamera, 256),
    errors,
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  describeCamera: route({
    method: "POST",
    url: "/api/camera-descriptions",
    tag: "cameras",
    summary: "Ask one camera what it is and which streams it offers",
    audience: TECHNICIAN,
    body: closed({ xaddr: Url, credentials: Credentials }),
    answer: CameraDescription,
    errors,
    rateLimit: { max: 30, windowMs: 60_000 },
  }),
  listCameras: route({
    method: "GET",
    url: "/api/cameras",
    tag: "cameras",
    summary: "Bound cameras with their state",
    audience: ["clerk", "technician", "supervisor", "leader", "custodian"],
    answer: list(CameraView, 64),
    errors: [],
  }),
  bindCamera: route({
    method: "PUT",
    url: "/api/cameras/:id",
    tag: "cameras",
    summary: "Bind a camera to a counter, or change what is bound; recording starts",
    audience: TECHNICIAN,
    params: closed({ id: CameraIdField }),
    body: closed({
      commandId: CommandIdField,
      name: Line(60),
      counterId: CounterIdField,
      xaddr: Nullable(Url),
      rtspUrl: Url,
      profileToken: Nullable(Type.String({ maxLength: 64 })),
      codec: StreamCodec,
      sub: Type.Optional(SubStreamView),
      manufacturer: Type.Optional(Line(80)),
      model: Type.Optional(Line(80)),
      serialNumber: Type.Optional(Line(80)),
      /** SHA-256 of an rtsps:// camera's certificate (DER), lower-case hex; without it an authority has to vouch. */
      certificateSha256: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" })),
      credentials: Credentials,
    }),
    answer: CameraView,
    errors,
  }),
  unbindCamera: route({
    method: "DELETE",
    url: "/api/cameras/:id",
    tag: "cameras",
    summary: "Release a camera; its footage stays",
    audience: TECHNICIAN,
    params: closed({ id: CameraIdField }),
    query: closed({ commandId: CommandIdField }),
    answer: Done,
    errors,
  }),
  cameraSnapshot: route({
    method: "GET",
    url: "/api/cameras/:id/snapshot",
    tag: "cameras",
    summary: "The latest picture, small, to see what the camera sees; the view is logged",
    audience: ["clerk", "technician", "supervisor"],
    params: closed({ id: CameraIdField }),
    answer: { mediaType: "image/jpeg", description: "JPEG picture" },
    errors: codesOf("recording"),
    rateLimit: { max: 120, windowMs: 60_000 },
  }),
} as const;
