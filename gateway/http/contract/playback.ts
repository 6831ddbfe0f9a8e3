/**
 * Looking at footage: a viewing is opened with a reason, which is a row of the access ledger, and only then do
 * playlist and fragments come. Invariant: no byte of footage leaves without a viewing.
 */
import { type Static, Type } from "typebox";
import {
  ApplicationIdField,
  CameraIdField,
  DurationMs,
  EntryRefField,
  Line,
  LogIdField,
  Nullable,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

/** The role alone opens nothing: the basis is the case, an approved request, or an inspection. */
export const VIEWER_ROLES = ["clerk", "supervisor", "leader", "custodian"] as const;
/** An approved request for viewing or copying. */
export const RequestIdField = Type.String({ pattern: "^ar-[0-9a-f]{16}$" });

export const GapView = closed({
  cameraId: CameraIdField,
  fromMs: TimeMs,
  /** Null while it goes on. */
  toMs: Nullable(TimeMs),
  /** In the order they came up; the first is why it began. */
  causes: list(Type.String(), 16),
  /** The log entry that states it; absent for a hole that no entry explains. */
  ref: Type.Optional(EntryRefField),
});
export type GapView = Static<typeof GapView>;

/** A stretch of footage without a hole, with the log entries of its first and last fragment where it was asked of one camera. */
export const SpanView = closed({
  fromMs: TimeMs,
  toMs: TimeMs,
  first: Type.Optional(EntryRefField),
  last: Type.Optional(EntryRefField),
});

/** What is there of a camera in an interval, and what is missing and why. */
export const CoverageView = closed({
  cameraId: CameraIdField,
  fromMs: TimeMs,
  toMs: TimeMs,
  spans: list(SpanView),
  gaps: list(GapView),
  complete: Type.Boolean(),
});
export type CoverageView = Static<typeof CoverageView>;

export const ViewingView = closed({
  viewingId: Type.String(),
  /** Path of the HLS playlist. */
  playlist: Type.String(),
  coverage: CoverageView,
  until: TimeMs,
});
export type ViewingView = Static<typeof ViewingView>;

/** One stored fragment as a page plays it, at its own wall time, so that what is missing stays a hole. */
export const FootageSegment = closed({
  fromMs: TimeMs,
  durationMs: DurationMs,
  /** Beside the playlist: init segment and fragment. */
  initUri: Type.String(),
  uri: Type.String(),
  /** RFC 6381, of what the two addresses give. */
  codec: Type.String(),
  /** Decoding can start here. */
  keyFrame: Type.Boolean(),
});
export type FootageSegment = Static<typeof FootageSegment>;

const ViewingParams = { viewingId: Type.String({ pattern: "^[0-9a-f]{32}$" }) };
const FragmentParams = closed({
  ...ViewingParams,
  logId: LogIdField,
  name: Type.String({ pattern: "^[0-9]{1,15}(\\.flac)?\\.(mp4|m4s)$" }),
});
const errors = codesOf("recording", "evidence");

export const playbackRoutes = {
  coverage: route({
    method: "GET",
    url: "/api/cameras/:id/coverage",
    tag: "playback",
    summary: "What is recorded in an interval and what is missing",
    audience: ["technician", ...VIEWER_ROLES],
    params: closed({ id: CameraIdField }),
    query: closed({ fromMs: TimeMs, toMs: TimeMs }),
    answer: CoverageView,
    errors,
  }),
  openViewing: route({
    method: "POST",
    url: "/api/viewings",
    tag: "playback",
    summary: "Open footage for viewing: writes the access entry, then gives the playlist's address",
    audience: VIEWER_ROLES,
    body: closed({
      cameraId: CameraIdField,
      fromMs: TimeMs,
      toMs: TimeMs,
      reason: Line(200),
      applicationId: Type.Optional(ApplicationIdField),
      requestId: Type.Optional(RequestIdField),
    }),
    answer: ViewingView,
    status: 201,
    errors: [...errors, ...codesOf("access")],
  }),
  playlist: route({
    method: "GET",
    url: "/api/viewings/:viewingId/playlist.m3u8",
    tag: "playback",
    summary: "HLS playlist of the viewing",
    audience: VIEWER_ROLES,
    params: closed(ViewingParams),
    answer: { mediaType: "application/vnd.apple.mpegurl", description: "HLS playlist" },
    errors: [...errors, "http.notFound"],
  }),
  segments: route({
    method: "GET",
    url: "/api/viewings/:viewingId/segments",
    tag: "playback",
    summary: "What the playlist names, with wall times, for a player that shows gaps as gaps",
    audience: VIEWER_ROLES,
    params: closed(ViewingParams),
    answer: list(FootageSegment, 50_000),
    errors: [...errors, "http.notFound"],
  }),
  thumbnail: route({
    method: "GET",
    url: "/api/viewings/:viewingId/thumbnails/:atMs",
    tag: "playback",
    summary: "A small still of a moment within the viewing, or of the first key frame after it",
    audience: VIEWER_ROLES,
    params: closed({ ...ViewingParams, atMs: Type.String({ pattern: "^[0-9]{1,15}$" }) }),
    answer: { mediaType: "image/jpeg", description: "JPEG picture" },
    errors: [...errors, "http.notFound"],
    rateLimit: { max: 120, windowMs: 60_000 },
  }),
  footage: route({
    method: "GET",
    url: "/api/viewings/:viewingId/:logId/:name",
    tag: "playback",
    summary:
      "Init segment `<seq>.mp4` or fragment `<seq>.m4s`, byte for byte as recorded; with `.flac` before the ending the picture as recorded and G.711 sound as FLAC, which browsers play",
    audience: VIEWER_ROLES,
    params: FragmentParams,
    answer: { mediaType: "video/mp4", description: "fMP4 bytes" },
    errors: [...errors, "http.notFound"],
    rateLimit: { max: 3000, windowMs: 60_000 },
  }),
} as const;
