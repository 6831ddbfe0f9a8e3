/**
 * What a dock's own program calls to hand over files: announce, ask for the offset, send chunks. The dock names
 * itself by HTTP Basic with its id and secret; HEAD and PATCH follow the habits of resumable uploads (tus).
 */
import { type Static, Type } from "typebox";
import { Sha256Field, closed } from "./fields.ts";

/** A chunk's media type. */
export const CHUNK_MEDIA_TYPE = "application/offset+octet-stream";
/** Header of the answer to HEAD and PATCH, and of a PATCH: where the bytes begin. */
export const OFFSET_HEADER = "upload-offset";
export const LENGTH_HEADER = "upload-length";
/** `open` or `stored`. */
export const STATE_HEADER = "upload-state";
export const LARGEST_CHUNK_BYTES = 4 * 1024 * 1024;

const DeviceTime = Type.Integer({ description: "the camera's own clock, UTC ms" });

export const AnnounceBody = closed({
  sizeBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  sha256: Sha256Field,
  vendorName: Type.String({ minLength: 1, maxLength: 255, description: "as the camera named the file" }),
  camera: Type.String({ pattern: "^[A-Za-z0-9._-]{1,40}$", description: "serial of the body camera" }),
  officerClaim: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  deviceStartMs: Type.Optional(DeviceTime),
  deviceEndMs: Type.Optional(DeviceTime),
  clockOffsetMs: Type.Optional(
    Type.Number({ description: "camera clock minus true time in ms, measured at insert" }),
  ),
  keyMarked: Type.Optional(Type.Boolean({ description: "marked on the device (重点文件)" })),
});
export type AnnounceBody = Static<typeof AnnounceBody>;

export const UploadParams = closed({ uploadId: Type.String({ pattern: "^f[0-9a-f]{40}$" }) });
export type UploadParams = Static<typeof UploadParams>;

export const UploadHeaders = Type.Object({
  [OFFSET_HEADER]: Type.String({ pattern: "^(0|[1-9][0-9]{0,15})$" }),
});

export const UploadAnswer = closed({
  uploadId: Type.String(),
  offset: Type.Integer({ minimum: 0, description: "bytes that are durable" }),
  sizeBytes: Type.Integer({ minimum: 1 }),
  state: Type.Enum(["open", "stored"]),
});
export type UploadAnswer = Static<typeof UploadAnswer>;
