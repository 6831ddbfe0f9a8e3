/** The evidence log as C2SP tlog-tiles: checkpoint, hash tiles, entry bundles. Nothing personal is in any of them. */
import { CodedError } from "../domain/errors.ts";
import { logRoutes } from "./contract/log.ts";
import { TILE_WIDTH, parseTilePath } from "../evidence/tiles.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

/** A full tile never changes again; a partial one is replaced by a wider one. */
const FOR_EVER = "public, max-age=31536000, immutable";

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
    reply.type("text/plain; charset=utf-8");
    return new TextEncoder().encode(checkpoint.note);
  });
  mount.route(logRoutes.tile, async ({ params, reply }) => {
    const tile = parseTilePath(`tile/${params["*"]}`);
    if (tile === undefined || !log.logs().some(({ logId }) => logId === params.logId))
      throw new CodedError("http.notFound");
    const { level, index, width } = tile;
    const bytes =
      level === "entries"
        ? await log.entryBundle(params.logId, index, width)
        : await log.tile(params.logId, level, index, width);
    if (bytes === undefined) throw new CodedError("http.notFound");
    if (width === TILE_WIDTH) reply.header("cache-control", FOR_EVER);
    return bytes;
  });
}
