/** Docks as people see them: bays, body-camera files with their four labels and both times. */
import { type Static, Type } from "typebox";
import {
  CommandIdField,
  DockIdField,
  EntryRefField,
  Nullable,
  Sha256Field,
  SizeBytes,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

const FileId = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" });
const READERS = ["clerk", "technician", "supervisor", "leader", "custodian"] as const;

export const BayView = closed({
  bay: Type.Integer({ minimum: 0 }),
  state: Type.Enum(["empty", "charging", "uploading", "full", "fault"]),
  /** Serial of the body camera in it. */
  camera: Nullable(Type.String()),
  batteryPercent: Nullable(Type.Number()),
  storageUsedBytes: Nullable(Type.Number()),
  storageTotalBytes: Nullable(Type.Number()),
});
export type BayView = Static<typeof BayView>;

export const DockView = closed({
  id: DockIdField,
  state: Type.Enum(["online", "offline", "lost", "unknown"]),
  vendor: Nullable(Type.String()),
  model: Nullable(Type.String()),
  firmware: Nullable(Type.String()),
  since: TimeMs,
  /** Messages of this boot whose numbers were never seen. */
  missing: Type.Integer({ minimum: 0 }),
  bays: list(BayView, 64),
});
export type DockView = Static<typeof DockView>;

/** The four labels of S4-30. */
export const FileLabels = closed({
  matter: Type.String({ minLength: 1, maxLength: 120, description: "事由" }),
  party: Type.String({ minLength: 1, maxLength: 120, description: "当事人" }),
  officer: Type.String({ minLength: 1, maxLength: 60, description: "执法人员" }),
  certNo: Type.String({ minLength: 1, maxLength: 32, description: "执法证号" }),
});
export type FileLabels = Static<typeof FileLabels>;

/** Under which dock, camera and name the content was offered; vendor names and clocks are claims. */
export const FileClaimView = closed({
  dockId: DockIdField,
  camera: Type.String(),
  vendorName: Type.String(),
  officerClaim: Nullable(Type.String()),
  /** As the camera's clock had it. */
  deviceStartMs: Nullable(TimeMs),
  deviceEndMs: Nullable(TimeMs),
  /** Camera's clock minus true time, measured at insert. */
  clockOffsetMs: Nullable(Type.Number()),
  /** Device time less the measured offset. */
  correctedStartMs: Nullable(TimeMs),
  correctedEndMs: Nullable(TimeMs),
  clockSuspect: Type.Boolean(),
  keyMarked: Type.Boolean(),
});

export const DockFileView = closed({
  fileId: FileId,
  ref: EntryRefField,
  sizeBytes: SizeBytes,
  sha256: Sha256Field,
  storedAt: TimeMs,
  media: Nullable(
    closed({
      durationMs: Nullable(Type.Number()),
      container: Type.String(),
      codec: Type.String(),
      width: Nullable(Type.Integer()),
      height: Nullable(Type.Integer()),
    }),
  ),
  /** Why `media` is null. */
  probeProblem: Nullable(Type.String()),
  claims: list(FileClaimView, 64),
  labels: Nullable(FileLabels),
  missingLabels: list(Type.Enum(["matter", "party", "officer", "certNo"]), 4),
  /** Received after the profile's limit; accepted all the same. */
  late: Nullable(
    closed({
      byMs: Type.Number(),
      article: Nullable(Type.String()),
      /** Why, as far as the gateway saw it: the dock was away, the camera came late, the upload was slow. */
      cause: Nullable(Type.Enum(["dockAway", "broughtLate", "slowUpload", "unknown"])),
    }),
  ),
});
export type DockFileView = Static<typeof DockFileView>;

export const dockRoutes = {
  listDocks: route({
    method: "GET",
    url: "/api/docks",
    tag: "docks",
    summary: "Docks with their bays",
    audience: READERS,
    answer: list(DockView, 64),
    errors: [],
  }),
  listDockFiles: route({
    method: "GET",
    url: "/api/dock-files",
    tag: "docks",
    summary: "Body-camera files; only those that miss a mandatory label with `unlabelled`",
    audience: READERS,
    query: closed({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      after: Type.Optional(Type.String({ maxLength: 200 })),
      unlabelled: Type.Optional(Type.Boolean()),
    }),
    answer: list(DockFileView, 500),
    errors: [],
  }),
  labelDockFile: route({
    method: "PUT",
    url: "/api/dock-files/:fileId/labels",
    tag: "docks",
    summary: "Give a file its labels; each change is an entry",
    audience: ["clerk", "supervisor", "custodian"],
    params: closed({ fileId: FileId }),
    body: closed({ ...FileLabels.properties, commandId: CommandIdField }),
    answer: DockFileView,
    errors: codesOf("docks"),
  }),
} as const;
