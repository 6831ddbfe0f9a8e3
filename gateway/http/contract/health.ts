/** Whether the box is well: the public figures, the alarms, the technician's page. */
import { type Static, Type } from "typebox";
import { DurationMs, Nullable, SizeBytes, TimeMs, closed, list } from "./fields.ts";
import { route } from "./route.ts";

export const CameraHealth = closed({
  id: Type.String(),
  state: Type.String({ description: "such as recording, connecting, failed, off" }),
  lastFragmentAgeMs: Nullable(DurationMs),
});

/** Answer of /healthz; its form is fixed. */
export const Healthz = closed({
  version: Type.String(),
  uptimeS: Type.Integer({ minimum: 0 }),
  cameras: list(CameraHealth, 64),
  log: closed({ size: Type.Integer({ minimum: 0 }), checkpointAgeMs: Nullable(DurationMs) }),
  /** The exposure window: for how long no other party has seen what was logged. */
  exposureMs: DurationMs,
  freeBytes: SizeBytes,
});
export type Healthz = Static<typeof Healthz>;

export const AlarmView = closed({
  code: Type.String(),
  /** What the alarm is about, such as a camera's id. */
  subject: Type.String(),
  since: TimeMs,
  lastAt: TimeMs,
  count: Type.Integer({ minimum: 1 }),
  seenBy: Nullable(Type.String()),
  clearedAt: Nullable(TimeMs),
  detail: Type.String(),
});
export type AlarmView = Static<typeof AlarmView>;

export const healthRoutes = {
  healthz: route({
    method: "GET",
    url: "/healthz",
    tag: "health",
    summary: "Figures for a monitor: one call says whether the box records",
    audience: "anyone",
    answer: Healthz,
    errors: [],
  }),
  metrics: route({
    method: "GET",
    url: "/metrics",
    tag: "health",
    summary: "Prometheus metrics, on the box itself only",
    audience: "loopback",
    answer: { mediaType: "text/plain", description: "Prometheus text format" },
    errors: [],
  }),
  listAlarms: route({
    method: "GET",
    url: "/api/alarms",
    tag: "health",
    summary: "All alarms, open ones first",
    audience: ["technician", "supervisor", "leader"],
    query: closed({ open: Type.Optional(Type.Boolean()) }),
    answer: list(AlarmView),
    errors: [],
  }),
  seeAlarm: route({
    method: "POST",
    url: "/api/alarms/seen",
    tag: "health",
    summary: "Say that one has seen an alarm",
    audience: ["technician", "supervisor"],
    body: closed({ code: Type.String({ maxLength: 64 }), subject: Type.String({ maxLength: 128 }) }),
    answer: AlarmView,
    errors: ["health.noSuchAlarm"],
  }),
} as const;
