/**
 * The picture of one camera as it comes, over a WebSocket: JSON messages say what follows, binary ones are fMP4
 * for a MediaSource. Invariant: watching is a row of the access ledger before the first byte.
 */
import { type Static, Type } from "typebox";
import { codesOf } from "./errors.ts";
import { CameraIdField, closed } from "./fields.ts";
import { route } from "./route.ts";

/** The binary message after this one is the init segment; each further one is a fragment to append. */
export const LiveInitMessage = closed({
  kind: Type.Literal("init"),
  /** RFC 6381, such as `avc1.4d0028`; the page asks its browser whether it can play it. */
  codec: Type.String(),
  width: Type.Integer({ minimum: 0 }),
  height: Type.Integer({ minimum: 0 }),
  /** Which of the camera's streams this is. */
  profile: Type.Enum(["main", "sub"]),
});
export type LiveInitMessage = Static<typeof LiveInitMessage>;

/** Pictures were left out because this line is too slow; it goes on at the next key frame. */
export const LiveSkipMessage = closed({ kind: Type.Literal("skip") });

export const LiveMessage = Type.Union([LiveInitMessage, LiveSkipMessage]);
export type LiveMessage = Static<typeof LiveMessage>;

export const liveRoutes = {
  liveView: route({
    method: "GET",
    url: "/api/cameras/:id/live",
    tag: "cameras",
    summary: "WebSocket: what the camera sees now, one fragment for each picture; the view is logged",
    audience: ["clerk", "technician", "supervisor"],
    params: closed({ id: CameraIdField }),
    answer: LiveMessage,
    errors: codesOf("recording"),
    rateLimit: { max: 120, windowMs: 60_000 },
    webSocket: true,
  }),
} as const;
