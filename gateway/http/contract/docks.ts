/** Docks as people see them: bays, body-camera files with their four labels and both times. */
import { type Static, Type } from "typebox";
import {
  DockIdField,
  EntryRefField,
  Nullable,
  PageQuery,
  Sha256Field,
  SizeBytes,
  TimeMs,
  closed,
  list,
  pageOf,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

const READERS = ["clerk", "technician", "supervisor", "leader", "custodian"] as const;

export const BayView = closed({
  bay: Type.Integer({ minimum: 0 }),
  state: Type.String({ description: "empty, inserted, uploading, wiping, charging, fault" }),
  cameraSerial: Nullable(Type.String()),
  batteryPercent: Nullable(Type.Number()),
  freeBytes: Nullable(SizeBytes),
  /** Camera's clock minus ours, measured at insert. */
  clockOffsetMs: Nullable(Type.Integer()),
  updatedAt: Nullable(TimeMs),
});
export type BayView = Static<typeof BayView>;

export const DockView = closed({
  id: DockIdField,
  name: Type.String(),
  online: Type.Boolean(),
  since: Nullable(TimeMs),
  bays: list(BayView, 64),
});
export type DockView = Static<typeof DockView>;

/** The four labels of S4-30; absent ones are still to be given. */
export const FileLabels = closed({
  matter: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: "事由" })),
  party: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: "当事人" })),
  officer: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: "执法人员" })),
  certNo: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: "执法证号" })),
});
export type FileLabels = Static<typeof FileLabels>;

export const DockFileView = closed({
  ref: EntryRefField,
  dockId: DockIdField,
  bay: Nullable(Type.Integer()),
  vendorName: Type.String(),
  mediaKind: Nullable(Type.String({ description: "video, audio, picture, unknown" })),
  sizeBytes: SizeBytes,
  sha256: Sha256Field,
  /** As the camera's clock had it. */
  deviceTimeMs: Nullable(TimeMs),
  /** Corrected by the offset measured at insert. */
  correctedTimeMs: Nullable(TimeMs),
  clockOffsetMs: Nullable(Type.Integer()),
  durationMs: Nullable(Type.Integer({ minimum: 0 })),
  keyMarked: Type.Boolean(),
  receivedAt: TimeMs,
  /** Received after the profile's limit; accepted all the same. */
  late: Type.Boolean(),
  wipeSentAt: Nullable(TimeMs),
  labels: FileLabels,
  labelled: Type.Boolean({ description: "all four labels are there" }),
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
    summary: "Body-camera files, newest first",
    audience: READERS,
    query: closed({ ...PageQuery, unlabelled: Type.Optional(Type.Boolean()) }),
    answer: pageOf(DockFileView),
    errors: [],
  }),
  labelDockFile: route({
    method: "PUT",
    url: "/api/dock-files/:logId/:seq/labels",
    tag: "docks",
    summary: "Give a file its labels; each change is an entry",
    audience: ["clerk", "supervisor", "custodian"],
    params: EntryRefField,
    body: FileLabels,
    answer: DockFileView,
    errors: codesOf("docks"),
  }),
} as const;
