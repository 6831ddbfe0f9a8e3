/** Scans, photos and stand-alone audio: sent in pieces, checked when whole, linked to what they belong to. */
import { type Static, Type } from "typebox";
import { LINK_KINDS, SCAN_MEDIA_TYPES, SCAN_PURPOSES } from "../../domain/scan.ts";
import { LARGEST_CHUNK_BYTES } from "./dock.ts";
import {
  CommandIdField,
  DateField,
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

const STAFF = ["clerk", "supervisor", "custodian"] as const;
const READERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("scans", "docks", "store");
export const ScanIdField = Type.String({ pattern: "^s[0-9a-f]{40}$" });
const upload = closed({ uploadId: ScanIdField });
const scan = closed({ scanId: ScanIdField });
const LinkField = closed({
  kind: Type.Enum([...LINK_KINDS]),
  id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9./_-]{0,127}$" }),
});
const PurposeField = Type.Enum([...SCAN_PURPOSES]);

/** Media type of a piece of an upload. */
export const PIECE_MEDIA_TYPE = "application/octet-stream";

export const ScanUpload = closed({
  uploadId: ScanIdField,
  offset: Type.Integer({ minimum: 0, description: "bytes that are durable" }),
  sizeBytes: SizeBytes,
  state: Type.Enum(["open", "stored"]),
});

export const ScanView = closed({
  scanId: ScanIdField,
  ref: EntryRefField,
  mediaType: Type.Enum([...SCAN_MEDIA_TYPES]),
  group: Type.Enum(["picture", "pdf", "audio"]),
  sizeBytes: SizeBytes,
  sha256: Type.String(),
  storedAt: TimeMs,
  by: Type.String(),
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  pages: Nullable(Type.Integer()),
  durationMs: Nullable(Type.Number()),
  links: list(
    closed({
      purpose: PurposeField,
      link: LinkField,
      by: Type.String(),
      at: TimeMs,
      madeOn: Nullable(Type.String()),
    }),
    200,
  ),
});
export type ScanView = Static<typeof ScanView>;

export const scanRoutes = {
  announceScan: route({
    method: "POST",
    url: "/api/scan-uploads",
    tag: "scans",
    summary: "Announce a scan, photo or sound; the same content is one scan",
    audience: STAFF,
    body: closed({
      mediaType: Type.Enum([...SCAN_MEDIA_TYPES]),
      sizeBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      sha256: Sha256Field,
    }),
    answer: ScanUpload,
    errors,
  }),
  scanUpload: route({
    method: "GET",
    url: "/api/scan-uploads/:uploadId",
    tag: "scans",
    summary: "Where an upload goes on",
    audience: STAFF,
    params: upload,
    answer: ScanUpload,
    errors,
  }),
  sendScan: route({
    method: "PUT",
    url: "/api/scan-uploads/:uploadId",
    tag: "scans",
    summary: "A piece of at most 4 MiB (application/octet-stream) from the durable offset on",
    audience: STAFF,
    params: upload,
    query: closed({ offset: Type.Integer({ minimum: 0 }) }),
    answer: ScanUpload,
    errors,
    bodyLimitBytes: LARGEST_CHUNK_BYTES,
  }),
  linkScan: route({
    method: "POST",
    url: "/api/scans/:scanId/links",
    tag: "scans",
    summary: "Say what a scan is and what it belongs to",
    audience: STAFF,
    params: scan,
    body: closed({
      commandId: CommandIdField,
      purpose: PurposeField,
      link: LinkField,
      madeOn: Type.Optional(DateField),
    }),
    answer: ScanView,
    // A paper signed in ink closes with the link.
    errors: [...errors, ...codesOf("intake", "service", "records")],
  }),
  listScans: route({
    method: "GET",
    url: "/api/scans",
    tag: "scans",
    summary: "Scans of one application, paper, service or record",
    audience: READERS,
    query: closed({ kind: Type.Enum([...LINK_KINDS]), id: LinkField.properties.id }),
    answer: list(ScanView, 1000),
    errors: [],
  }),
  readScan: route({
    method: "GET",
    url: "/api/scans/:scanId/content",
    tag: "scans",
    summary: "The bytes as they came in; each view is in the access ledger",
    audience: READERS,
    params: scan,
    answer: { mediaType: "application/octet-stream", description: "the scan, photo or sound" },
    errors: codesOf("scans", "evidence"),
  }),
  scanThumbnail: route({
    method: "GET",
    url: "/api/scans/:scanId/thumbnail",
    tag: "scans",
    summary: "A small picture of a scan or photo",
    audience: READERS,
    params: scan,
    answer: { mediaType: "image/jpeg", description: "the first page, small" },
    errors: codesOf("scans", "docks", "evidence"),
  }),
} as const;
