/**
 * The evidence log as C2SP tlog-tiles: checkpoint, hash tiles, entry bundles. Nothing personal is in any of them.
 * Invariant: every address but the checkpoint's has one content for ever.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { CodedError } from "../domain/errors.ts";
import { logRoutes } from "./contract/log.ts";
import { parseTilePath } from "../evidence/tiles.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

/** A partial tile's address names its width, so it does not change either: the wider one has another address. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** The one address whose content changes: to be asked again each time. */
const EACH_TIME = "no-cache";
const compressed = promisify(gzip);

export function mountLog(mount: Mount, deps: Pick<HttpDeps, "log" | "verifierKeys">): void {
  const { log } = deps;
  mount.route(logRoutes.listLogs, () => {
    const logs = log.logs();
    return {
      origins: logs.map(({ logId, origin }) => ({ logId, origin })),
      verifierKeys: [...deps.verifierKeys()],
    };
  });
  mount.route(logRoutes.checkpoint, ({ params, reply }) => {
    const checkpoint = log.checkpoint(params.logId);
    if (checkpoint === undefined) throw new CodedError("http.notFound");
    reply.type("text/plain; charset=utf-8").header("cache-control", EACH_TIME);
    return new TextEncoder().encode(checkpoint.note);
  });
  mount.route(logRoutes.tile, async ({ params, request, reply }) => {
    const tile = parseTilePath(`tile/${params["*"]}`);
    if (tile === undefined || !log.logs().some(({ logId }) => logId === params.logId))
      throw new CodedError("http.notFound");
    const { level, index, width } = tile;
    const bytes =
      level === "entries"
        ? await log.entryBundle(params.logId, index, width)
        : await log.tile(params.logId, level, index, width);
    if (bytes === undefined) throw new CodedError("http.notFound");
    reply.header("cache-control", FOR_EVER);
    if (level !== "entries") return bytes;
    // Entries repeat themselves: a bundle shrinks to a third (tlog-tiles, Log entries).
    reply.header("vary", "accept-encoding");
    if (!/\bgzip\b/.test(String(request.headers["accept-encoding"]))) return bytes;
    reply.header("content-encoding", "gzip");
    return compressed(bytes);
  });
}
