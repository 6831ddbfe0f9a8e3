/** The evidence log read-only, as C2SP tlog-tiles: what an outside verifier needs and nothing personal. */
import { Type } from "typebox";
import { LogIdField, closed } from "./fields.ts";
import { route } from "./route.ts";

const errors = ["http.notFound"] as const;
const params = { logId: LogIdField };

export const logRoutes = {
  checkpoint: route({
    method: "GET",
    url: "/log/:logId/checkpoint",
    tag: "log",
    summary: "The latest signed checkpoint (tlog-checkpoint)",
    audience: "anyone",
    params: closed(params),
    answer: { mediaType: "text/plain", description: "signed note" },
    errors,
  }),
  tile: route({
    method: "GET",
    url: "/log/:logId/tile/*",
    tag: "log",
    summary: "A hash tile `<level>/<index>` or an entry bundle `entries/<index>`, full or `.p/<width>`",
    audience: "anyone",
    params: closed({ ...params, "*": Type.String({ pattern: "^[0-9a-z./]{1,96}$" }) }),
    answer: { mediaType: "application/octet-stream", description: "tile or entry bundle (tlog-tiles)" },
    errors,
  }),
  listLogs: route({
    method: "GET",
    url: "/log",
    tag: "log",
    summary: "The logs of this gateway, oldest first",
    audience: "anyone",
    answer: closed({
      origins: Type.Array(closed({ logId: LogIdField, origin: Type.String() })),
      /** C2SP signed-note verifier keys. */
      verifierKeys: Type.Array(Type.String()),
    }),
    errors: [],
  }),
} as const;
