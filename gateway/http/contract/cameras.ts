/** The technician's cameras: found on a click, described, bound to a counter, watched. Secrets go in, never out. */
import { type Static, Type } from "typebox";
import {
  CameraIdField,
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
const HostAddress = Type.String({ minLength: 1, maxLength: 255, description: "host or host:port" });
const errors = codesOf("devices");

export const FoundCamera = closed({
  /** Address of the device service, without credentials. */
  address: Type.String(),
  name: Nullable(Type.String()),
  hardware: Nullable(Type.String()),
  /** Already bound as this camera. */
  boundAs: Nullable(CameraIdField),
});
export type FoundCamera = Static<typeof FoundCamera>;

export const StreamProfileView = closed({
  token: Type.String(),
  name: Type.String(),
  videoCodec: Nullable(Type.String()),
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  framesPerSecond: Nullable(Type.Number()),
  bitrateKbps: Nullable(Type.Number()),
  audioCodec: Nullable(Type.String()),
});
export type StreamProfileView = Static<typeof StreamProfileView>;

export const CameraDescription = closed({
  address: Type.String(),
  manufacturer: Type.String(),
  model: Type.String(),
  firmware: Type.String(),
  serialNumber: Type.String(),
  /** Camera's clock minus ours at the moment of asking. */
  clockOffsetMs: Nullable(Type.Integer()),
  profiles: list(StreamProfileView, 64),
});
export type CameraDescription = Static<typeof CameraDescription>;

const Credentials = closed({
  user: Type.String({ maxLength: 64 }),
  password: Type.String({ maxLength: 128 }),
});

export const CameraView = closed({
  id: CameraIdField,
  counterId: CounterIdField,
  name: Type.String(),
  address: Type.String(),
  /** Token of the stream profile that is recorded. */
  profileToken: Nullable(Type.String()),
  state: Type.String({ description: "recording, connecting, waiting, failed, off" }),
  /** Why it does not record, as a code, such as `unauthorized`. */
  cause: Nullable(Type.String()),
  lastFragmentAgeMs: Nullable(DurationMs),
  sinceMs: Nullable(TimeMs),
  videoCodec: Nullable(Type.String()),
  audioCodec: Nullable(Type.String()),
  clockOffsetMs: Nullable(Type.Integer()),
});
export type CameraView = Static<typeof CameraView>;

export const cameraRoutes = {
  discoverCameras: route({
    method: "POST",
    url: "/api/camera-discoveries",
    tag: "cameras",
    summary: "Look for cameras by multicast, once, because a technician asked",
    audience: TECHNICIAN,
    body: closed({ timeoutMs: Type.Optional(Type.Integer({ minimum: 500, maximum: 15_000 })) }),
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
    body: closed({ address: HostAddress, credentials: Type.Optional(Credentials) }),
    answer: CameraDescription,
    errors,
    rateLimit: { max: 30, windowMs: 60_000 },
  }),
  listCameras: route({
    method: "GET",
    url: "/api/cameras",
    tag: "cameras",
    summary: "Bound cameras with their state",
    audience: ["clerk", "technician", "supervisor", "leader"],
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
      counterId: CounterIdField,
      name: Line(60),
      address: HostAddress,
      profileToken: Type.Optional(Type.String({ maxLength: 64 })),
      credentials: Type.Optional(Credentials),
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
