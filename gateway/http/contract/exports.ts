/**
 * Taking footage out of the house: a matter's (default) or an excerpt of a range, as one tar with MP4 and evidence.
 * Invariant: the copy is a row of the access ledger, with its reason, before its first byte leaves.
 */
import { type Static, Type } from "typebox";
import { codesOf } from "./errors.ts";
import { ApplicationIdField, CameraIdField, Done, Line, SizeBytes, TimeMs, closed } from "./fields.ts";
import { RequestIdField, VIEWER_ROLES } from "./playback.ts";
import { CaseIdField } from "./records.ts";
import { route } from "./route.ts";

export const ExportView = closed({
  exportId: Type.String(),
  /** Path of the archive; it is given out once. */
  archive: Type.String(),
  fileName: Type.String(),
  state: Type.Enum(["waiting", "running", "done", "cancelled", "failed"]),
  doneBytes: SizeBytes,
  totalBytes: SizeBytes,
  /** True for a range that somebody chose 节选. */
  excerpt: Type.Boolean(),
});
export type ExportView = Static<typeof ExportView>;

const ExportParams = closed({ exportId: Type.String({ pattern: "^[0-9a-f]{32}$" }) });
const errors = [...codesOf("recording", "evidence"), "http.notFound"] as const;

export const exportRoutes = {
  openExport: route({
    method: "POST",
    url: "/api/exports",
    tag: "playback",
    summary:
      "Prepare a copy of a matter's or case file's footage, or of a range: writes the access entry first",
    audience: VIEWER_ROLES,
    body: closed({
      reason: Line(200),
      /** The whole matter: every counter session with all its cameras. */
      applicationId: Type.Optional(ApplicationIdField),
      /** A case file: the footage of its sessions and records, with its archival metadata. */
      caseId: Type.Optional(CaseIdField),
      /** Instead of a matter: an excerpt. */
      range: Type.Optional(closed({ cameraId: CameraIdField, fromMs: TimeMs, toMs: TimeMs })),
      /** The approved request that this copy is made for; nothing is copied without one. */
      requestId: Type.Optional(RequestIdField),
    }),
    answer: ExportView,
    status: 201,
    errors: [...errors, ...codesOf("intake", "access", "records")],
    rateLimit: { max: 30, windowMs: 60_000 },
  }),
  exportState: route({
    method: "GET",
    url: "/api/exports/:exportId",
    tag: "playback",
    summary: "How far a copy is",
    audience: VIEWER_ROLES,
    params: ExportParams,
    answer: ExportView,
    errors: ["http.notFound"],
  }),
  exportArchive: route({
    method: "GET",
    url: "/api/exports/:exportId/archive.tar",
    tag: "playback",
    summary: "The archive, made while it is taken, once",
    audience: VIEWER_ROLES,
    params: ExportParams,
    answer: { mediaType: "application/x-tar", description: "tar with video/, evidence/ and manifest.json" },
    errors: [...errors, ...codesOf("access")],
  }),
  cancelExport: route({
    method: "DELETE",
    url: "/api/exports/:exportId",
    tag: "playback",
    summary: "End a copy; what was prepared is removed",
    audience: VIEWER_ROLES,
    params: ExportParams,
    answer: Done,
    errors: ["http.notFound"],
  }),
} as const;
