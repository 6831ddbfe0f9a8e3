/** The evidence log as C2SP tlog-tiles: checkpoint, hash tiles, entry bundles. Nothing personal is in any of them. */
import { CodedError } from "../domain/errors.ts";
import { logRoutes } from "./contract/log.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

const FULL_WIDTH = 256;
/** `<level>/<index>` or `entries/<index>`, the index in groups of three with `x` before all but the last. */
const TILE = /^(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;
/** A full tile never changes again; a partial one is replaced by a wider one. */
const FOR_EVER = "public, max-age=31536000, immutable";

interface TilePath {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** Undefined when the path is not one of the format; `x001/000` and `000` are told apart from `x000/001`. */
export function parseTilePath(path: string): TilePath | undefined {
  const [, level, digits, partial] = TILE.exec(path) ?? [];
  if (level === undefined || digits === undefined) return undefined;
  const index = Number(digits.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? FULL_WIDTH : Number(partial);
  // A leading group of zeros would be a second address of the same tile.
  if (digits.startsWith("x000/") || !Number.isSafeInteger(index)) return undefined;
  if (partial !== undefined && width >= FULL_WIDTH) return undefined;
  return { level: level === "entries" ? level : Number(level), index, width };
}

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
    const tile = parseTilePath(params["*"]);
    if (tile === undefined || !log.logs().some(({ logId }) => logId === params.logId))
      throw new CodedError("http.notFound");
    const { level, index, width } = tile;
    const bytes =
      level === "entries"
        ? await log.entryBundle(params.logId, index, width)
        : await log.tile(params.logId, level, index, width);
    if (bytes === undefined) throw new CodedError("http.notFound");
    if (width === FULL_WIDTH) reply.header("cache-control", FOR_EVER);
    return bytes;
  });
}
