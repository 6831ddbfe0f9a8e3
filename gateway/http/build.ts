/**
 * Builds the app of one listener, apart from listening, so that tests ask it directly. Invariant: whatever is sent
 * to it, the answer has the contract's form: no stack, no word of what runs inside, nothing from another host.
 */
import { readFile } from "node:fs/promises";
import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import websocket from "@fastify/websocket";
import { type FastifyInstance, fastify } from "fastify";
import { CodedError } from "../domain/errors.ts";
import { createAnswerWriter } from "./answer-writer.ts";
import { mountAccess } from "./access-routes.ts";
import { mountApprovals } from "./approval-routes.ts";
import { mountArchive } from "./archive-routes.ts";
import { mountBureau } from "./bureau-routes.ts";
import { mountCaseFiles } from "./case-file-routes.ts";
import { mountCameras } from "./camera-routes.ts";
import { createCookies } from "./cookies.ts";
import type { HttpDeps } from "./deps.ts";
import { mountCustody } from "./custody-routes.ts";
import { mountDocuments } from "./document-routes.ts";
import { answerError, codedErrorOf, createErrorHandler, errorAnswerOf } from "./error-answer.ts";
import { createGuard } from "./guard.ts";
import { mountGuides } from "./guide-routes.ts";
import { mountExports } from "./export-routes.ts";
import { mountHealth } from "./health-routes.ts";
import { mountIntake } from "./intake-routes.ts";
import { type KioskBoard, createKioskBoard } from "./kiosk-board.ts";
import { mountKiosk } from "./kiosk-routes.ts";
import { mountLedgers } from "./ledger-routes.ts";
import { mountLive } from "./live-routes.ts";
import { mountLog } from "./log-routes.ts";
import { BODY_LIMIT_BYTES, type Mount, createMount } from "./mount.ts";
import { SECURITY_SCHEMES } from "./openapi.ts";
import { mountMeans } from "./means-routes.ts";
import { mountOversight } from "./oversight-routes.ts";
import { mountOfficers } from "./officer-routes.ts";
import { mountPages } from "./pages.ts";
import { mountPapers } from "./paper-routes.ts";
import { mountPlayback } from "./playback-routes.ts";
import { requestCheck } from "./request-check.ts";
import { mountScans } from "./scan-routes.ts";
import { mountService } from "./service-routes.ts";
import { mountRecords } from "./record-routes.ts";
import { mountRetention } from "./retention-routes.ts";
import { mountSession } from "./session-routes.ts";
import { type ViewLog, createViewLog } from "./view-log.ts";

/** A request has to be here whole by then; its head sooner. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 15_000;
const IDLE_SOCKET_MS = 120_000;
const CHECK_MS = 2000;
const HEAD_BYTES = 16_384;
const PARAM_CHARS = 300;
const CONNECTIONS = 512;
/** Per caller's address; a hall's screens together stay far below it. */
const REQUESTS_PER_MINUTE = 3000;
const REQUEST_ID_BYTES = 8;
const STREAM_MESSAGE_BYTES = 1024;

/** No inline code, no foreign host; pictures and films may be made in the page itself. */
const CONTENT_POLICY = {
  "default-src": ["'self'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:", "blob:"],
  "media-src": ["'self'", "blob:"],
  "connect-src": ["'self'"],
  "font-src": ["'self'"],
  "worker-src": ["'self'"],
  "frame-src": ["'self'", "blob:"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'self'"],
};

/** What both listeners of a gateway have in common: one kiosk board, one log of views. */
export interface SharedState {
  readonly board: KioskBoard;
  readonly views: ViewLog;
}

export function createSharedState(deps: Pick<HttpDeps, "clock" | "people">): SharedState {
  return {
    board: createKioskBoard(deps.clock),
    views: createViewLog(deps.people.access, deps.clock),
  };
}

export interface BuildOptions {
  readonly shared: SharedState;
  /** Present: this listener speaks TLS, and its cookies are for TLS alone. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** Further routes under the same rules, such as the docks' uploads. */
  readonly more?: readonly ((app: FastifyInstance, mount: Mount) => void | Promise<void>)[];
}

function create(deps: HttpDeps, { tls }: BuildOptions): FastifyInstance {
  const limits = {
    maxHeaderSize: HEAD_BYTES,
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  const options = {
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: IDLE_SOCKET_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    trustProxy: false,
    routerOptions: { maxParamLength: PARAM_CHARS, caseSensitive: true, ignoreTrailingSlash: false },
    genReqId: () => Buffer.from(deps.random.bytes(REQUEST_ID_BYTES)).toString("hex"),
    frameworkErrors: ((error, request, reply) => {
      answerError(reply, codedErrorOf(error) ?? new CodedError("http.badRequest"), request.id);
    }) as (
      error: Error,
      request: Parameters<typeof requestIdOf>[0],
      reply: Parameters<typeof answerError>[0],
    ) => void,
    clientErrorHandler(this: FastifyInstance, error: Error & { code?: string }, socket: Socket) {
      if (error.code === "ECONNRESET" || !socket.writable) {
        socket.destroy();
        return;
      }
      const code = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "http.timeout" : "http.badRequest";
      const answer = errorAnswerOf(new CodedError(code), "-");
      const body = JSON.stringify(answer);
      socket.end(
        `HTTP/1.1 ${answer.status} ${code}\r\ncontent-type: application/json; charset=utf-8\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  };
  if (tls === undefined) return fastify({ ...options, http: limits });
  const https = { ...limits, key: tls.key, cert: tls.certificate, minVersion: "TLSv1.2" } as const;
  return fastify<HttpsServer>({ ...options, https });
}

function requestIdOf(request: { readonly id: string }): string {
  return request.id;
}

async function addPlugins(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    // On `localhost` it would force every other port of the machine to TLS.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) =>
      new CodedError("http.tooManyRequests", { retryAfterS: Math.ceil(ttl / 1000) }),
  });
  await app.register(websocket, { options: { maxPayload: STREAM_MESSAGE_BYTES } });
}

async function addDescription(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Counter gateway",
        description: "Intake, documents, recording and evidence of one service hall.",
        version: await versionOf(),
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
  });
}

async function versionOf(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}

/** The app of one listener. `close()` ends its sockets, streams included. */
export async function buildHttp(deps: HttpDeps, options: BuildOptions): Promise<FastifyInstance> {
  const { logger, people } = deps;
  const app = create(deps, options);
  app.server.maxConnections = CONNECTIONS;
  app.setValidatorCompiler(requestCheck);
  const writer = createAnswerWriter((route, places) =>
    logger.error({ route, places }, "answer breaks its contract"),
  );
  app.setSerializerCompiler(({ schema, url, method }) => writer({ schema, url, method }));
  app.setErrorHandler(
    createErrorHandler({ logger, declared: (request) => request.routeOptions.config.codes }),
  );
  app.setNotFoundHandler((request, reply) => answerError(reply, new CodedError("http.notFound"), request.id));
  app.removeContentTypeParser("text/plain");
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    // The route's pattern, never the address itself.
    const route = `${request.method} ${request.routeOptions.url ?? "-"}`;
    const durationMs = Math.round(reply.elapsedTime);
    logger.info({ requestId: request.id, route, status: reply.statusCode, durationMs }, "request");
  });

  await addPlugins(app);
  await addDescription(app);
  await app.register(async (inner) => {
    const { board, views } = options.shared;
    const cookies = createCookies(options.tls !== undefined);
    const guard = createGuard({
      sessions: people.sessions,
      kiosks: people.kiosks,
      board,
      cookies,
      bureauToken: deps.bureauToken,
    });
    const mount = createMount(inner, guard);
    mountHealth(mount, deps);
    mountSession(mount, deps, cookies);
    mountIntake(mount, deps, board, views);
    mountApprovals(mount, deps);
    mountDocuments(mount, deps, views);
    mountPapers(mount, deps, board);
    mountKiosk(mount, deps, board, cookies);
    mountCameras(mount, deps, views);
    mountLive(mount, deps, views);
    mountPlayback(mount, deps);
    mountExports(mount, deps);
    mountCustody(mount, deps);
    mountAccess(mount, deps);
    mountOversight(mount, deps);
    mountMeans(mount, deps);
    mountLedgers(mount, deps);
    mountOfficers(mount, deps);
    mountService(mount, deps, views);
    mountScans(inner, mount, deps);
    mountGuides(mount, deps);
    mountBureau(mount, deps, views);
    mountLog(mount, deps);
    mountArchive(mount, deps);
    mountRecords(mount, deps);
    mountCaseFiles(mount, deps);
    mountRetention(mount, deps);
    for (const add of options.more ?? []) await add(inner, mount);
  });
  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
  await mountPages(app, deps.pagesFolder);
  await app.ready();
  return app;
}
