/**
 * The listener of the archive's pull and the box's own replicator: mutual TLS only. Invariant: a peer without a
 * certificate of an authority that this box trusts never gets past the handshake, and one whose name is neither
 * of the two gets nothing.
 */
import type { Server as HttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import { CodedError } from "../domain/errors.ts";
import { toBase64 } from "../evidence/bytes.ts";
import type { Handover } from "../handover/contract.ts";
import { createAnswerWriter } from "./answer-writer.ts";
import { type SyncPack, syncRoutes } from "./contract/sync.ts";
import type { HttpDeps, LogFiles } from "./deps.ts";
import { answerError, createErrorHandler } from "./error-answer.ts";
import { mountLog } from "./log-routes.ts";
import { type Mount, createMount } from "./mount.ts";
import { requestCheck } from "./request-check.ts";

const REQUEST_MS = 60_000;
const MOST_PACKS = 500;
const DEFAULT_PACKS = 100;
/** Common names of the clients that may ask: the archive's own, and this box's replicator. */
const PEERS = new Set(["archive", "replicator"]);

export interface SyncDeps extends Pick<HttpDeps, "logger" | "verifierKeys"> {
  readonly log: LogFiles & {
    turnovers(logId: Parameters<LogFiles["checkpoint"]>[0]): Promise<readonly { readonly note: string }[]>;
    consistency(
      logId: Parameters<LogFiles["checkpoint"]>[0],
      from: number,
      to: number,
    ): Promise<readonly Uint8Array[]>;
  };
  readonly handover: Handover;
  readonly verifierKeyOf: (origin: string) => Promise<string>;
  /** The log's first SM2 key; undefined where its suite has none. */
  readonly nationalKeyOf: (origin: string) => string | undefined;
}

export interface SyncTls {
  readonly key: string;
  readonly certificate: string;
  /** Authorities whose clients are let in; PEM. */
  readonly clientAuthorities: readonly string[];
}

async function guard(request: FastifyRequest): Promise<void> {
  const socket = request.raw.socket as TLSSocket;
  const name = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined;
  if (typeof name !== "string" || !PEERS.has(name)) throw new CodedError("sync.forbiddenPeer");
}

/** First and last byte that a `Range` header asks for; undefined for the whole. Throws `sync.badRange`. */
function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly offset: number; readonly length: number } | undefined {
  if (header === undefined) return undefined;
  const [, first, last] = /^bytes=([0-9]{1,15})-([0-9]{0,15})$/.exec(header) ?? [];
  const offset = Number(first);
  const end = last === undefined || last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first === undefined || offset > end) throw new CodedError("sync.badRange");
  return { offset, length: end - offset + 1 };
}

function mountSync(mount: Mount, deps: SyncDeps): void {
  const { log, handover } = deps;
  const originOf = new Map(log.logs().map(({ logId, origin }) => [logId, origin]));
  const origin = (logId: SyncPack["logId"]): string => {
    const known = originOf.get(logId) ?? log.logs().find((each) => each.logId === logId)?.origin;
    if (known === undefined) throw new CodedError("http.internal");
    originOf.set(logId, known);
    return known;
  };
  mount.route(syncRoutes.syncLogs, async () => ({
    logs: await Promise.all(
      log.logs().map(async ({ logId, origin }) => {
        const nationalKey = deps.nationalKeyOf(origin);
        return {
          logId,
          origin,
          verifierKey: await deps.verifierKeyOf(origin),
          ...(nationalKey === undefined ? {} : { nationalKey }),
          turnovers: (await log.turnovers(logId)).map(({ note }) => note),
        };
      }),
    ),
  }));
  mount.route(syncRoutes.syncConsistency, async ({ params, query }) => ({
    proof: (await log.consistency(params.logId, query.from, query.to)).map((hash) => toBase64(hash)),
  }));
  mount.route(syncRoutes.syncPacks, async ({ query }) => {
    const limit = Math.min(query.limit ?? DEFAULT_PACKS, MOST_PACKS);
    const packs = await handover.listPacks({
      after: query.after,
      limit,
      ...(query.class === undefined ? {} : { class: query.class }),
    });
    return {
      packs: packs.map((pack) => ({
        no: pack.no,
        logId: pack.logId,
        origin: origin(pack.logId),
        class: pack.class,
        sha256: pack.sha256,
        sizeBytes: pack.sizeBytes,
        ranges: pack.ranges.map(([from, to]) => ({ from, to })),
        sealedMs: pack.sealedMs,
        acked: pack.acked !== undefined,
      })),
    };
  });
  mount.route(syncRoutes.syncPack, async ({ params, request, reply }) => {
    const pack = await handover.findPack(params.sha256);
    if (pack === undefined) throw new CodedError("sync.noSuchPack");
    const asked = rangeOf(request.headers.range, pack.sizeBytes);
    const range = asked ?? { offset: 0, length: pack.sizeBytes };
    const parts: Uint8Array[] = [];
    for await (const part of handover.readPack(params.sha256, range)) parts.push(part);
    reply.header("etag", `"${params.sha256}"`).header("accept-ranges", "bytes");
    if (asked !== undefined) {
      const last = range.offset + range.length - 1;
      reply.code(206).header("content-range", `bytes ${range.offset}-${last}/${pack.sizeBytes}`);
    }
    return Buffer.concat(parts);
  });
  mount.route(syncRoutes.syncAck, async ({ body }) => {
    await handover.acceptAck(body.note);
    return { done: true as const };
  });
  mount.route(syncRoutes.syncCosignature, async ({ body }) => {
    await handover.acceptCosignature(body.note);
    return { done: true as const };
  });
}

/** The app of the sync listener; `replaceAuthorities` lets a newly enrolled archive in without a restart. */
export async function buildSyncApp(
  deps: SyncDeps,
  tls: SyncTls,
): Promise<{
  readonly app: FastifyInstance;
  readonly replaceAuthorities: (authorities: readonly string[]) => void;
}> {
  const secureContext = (authorities: readonly string[]) => ({
    key: tls.key,
    cert: tls.certificate,
    ca: [...authorities],
    minVersion: "TLSv1.3" as const,
  });
  const server = fastify<HttpsServer>({
    logger: false,
    bodyLimit: 128 * 1024,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    https: { ...secureContext(tls.clientAuthorities), requestCert: true, rejectUnauthorized: true },
  });
  const app = server as unknown as FastifyInstance;
  app.setValidatorCompiler(requestCheck);
  const writer = createAnswerWriter((route, places) =>
    deps.logger.error({ route, places }, "answer breaks its contract"),
  );
  app.setSerializerCompiler(({ schema, url, method }) => writer({ schema, url, method }));
  app.setErrorHandler(
    createErrorHandler({ logger: deps.logger, declared: (request) => request.routeOptions.config.codes }),
  );
  app.setNotFoundHandler((request, reply) => answerError(reply, new CodedError("http.notFound"), request.id));
  // The guard runs for every route of this listener, the log's public files included.
  const mount = createMount(app, async (request) => guard(request));
  mountLog(mount, deps);
  mountSync(mount, deps);
  await app.ready();
  return {
    app,
    replaceAuthorities: (authorities) => server.server.setSecureContext(secureContext(authorities)),
  };
}
