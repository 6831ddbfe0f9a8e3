/**
 * The archive's HTTP face over mutual TLS. Invariant: a gateway reaches only its own logs; the archive's own
 * replication reaches all; without a client certificate nothing but enrolment answers.
 */
import type { TLSSocket } from "node:tls";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CodedError, errorTable } from "../../gateway/domain/errors.ts";
import { formatVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import type { Archive } from "./archive.ts";
import type { ArchiveAuthority } from "./authority.ts";
import {
  Ack,
  AckRequest,
  AddCheckpoint,
  Cosignature,
  EnrolAnswer,
  EnrolRequest,
  LogHead,
  OfferAnswers,
  Offers,
  PackOffset,
} from "./contract.ts";
import type { Registry } from "./registry.ts";
import { answerAddCheckpoint } from "./tlog-witness.ts";
import type { WitnessKey } from "./witness.ts";

const CHUNK_LIMIT_BYTES = 5 * 1024 * 1024;
const ENTRIES_LIMIT_BYTES = 32 * 1024 * 1024;
const REQUEST_LIMIT_MS = 60_000;
const Name = Type.String({ pattern: "^[a-z0-9][a-z0-9.-]{0,63}$" });
const Origin = Type.Object({
  unit: Name,
  gateway: Name,
  logId: Type.String({ pattern: "^[0-9]{4}(\\.[1-9][0-9]{0,3})?$" }),
});
const Whole = Type.Integer({ minimum: 0 });

export interface ServerOptions {
  readonly archive: Archive;
  readonly authority: ArchiveAuthority;
  readonly registry: Registry;
  readonly witness: WitnessKey;
  readonly wallMs: () => number;
  readonly onDefect: (error: unknown) => void;
}

interface OriginParams {
  readonly unit: string;
  readonly gateway: string;
  readonly logId: string;
}

/** Common name of the verified client certificate; undefined without one. */
function peerName(request: FastifyRequest): string | undefined {
  const socket = request.raw.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const name = socket.getPeerCertificate().subject?.CN;
  return typeof name === "string" ? name : undefined;
}

/** The origin named in the address. Throws `sync.forbiddenPeer` when the caller may not touch it. */
function originFor(request: FastifyRequest, { unit, gateway, logId }: OriginParams): string {
  const peer = peerName(request);
  if (peer !== "archive" && peer !== `${unit}/${gateway}`) throw new CodedError("sync.forbiddenPeer");
  return `${unit}/${gateway}/${logId}`;
}

function answerErrors(app: FastifyInstance, onDefect: (error: unknown) => void): void {
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    const code =
      error instanceof CodedError
        ? error.code
        : status === 413
          ? "http.bodyTooLarge"
          : status === 415
            ? "http.wrongMediaType"
            : status < 500
              ? "http.badRequest"
              : "http.internal";
    if (code === "http.internal") onDefect(error);
    const row = errorTable[code];
    const details = error instanceof CodedError ? error.details : {};
    return reply
      .status(row.status)
      .send({ ...details, code, status: row.status, message: { zh: row.zh, en: row.en } });
  });
  app.setNotFoundHandler((_request, reply) => {
    const row = errorTable["http.notFound"];
    return reply
      .status(404)
      .send({ code: "http.notFound", status: 404, message: { zh: row.zh, en: row.en } });
  });
}

/** Builds the app; the caller listens and closes. */
export function buildArchiveServer(options: ServerOptions): FastifyInstance {
  const { archive, authority, registry, witness, wallMs } = options;
  const app = Fastify({
    bodyLimit: 256 * 1024,
    requestTimeout: REQUEST_LIMIT_MS,
    connectionTimeout: REQUEST_LIMIT_MS,
    // A gateway keeps its connections open between passes; they must not hold up the end.
    forceCloseConnections: true,
    https: {
      key: authority.server.key,
      cert: `${authority.server.certificate}${authority.caCertificate}`,
      ca: authority.caCertificate,
      requestCert: true,
      // Enrolment has no certificate yet; every other route asks for one itself.
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  answerErrors(app, options.onDefect);
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );

  app.get("/healthz", async () => ({ ok: true }));
  app.post(
    "/sync/v1/enrol",
    { schema: { body: EnrolRequest, response: { 200: EnrolAnswer } } },
    async ({ body }) => {
      const gateway = await registry.enrol(body, wallMs());
      let certificate: string;
      try {
        certificate = await authority.issueClient(
          body.certificateRequest,
          `${gateway.unit}/${gateway.gateway}`,
        );
      } catch (cause) {
        throw new CodedError("sync.enrolRefused", {}, { cause });
      }
      return { certificate, archiveCa: authority.caCertificate, witnessKey: formatVerifierKey(witness.key) };
    },
  );

  const log = "/sync/v1/logs/:unit/:gateway/:logId";
  app.get(log, { schema: { params: Origin, response: { 200: LogHead } } }, async (request) =>
    archive.head(originFor(request, request.params)),
  );
  app.put(
    `${log}/entries`,
    {
      bodyLimit: ENTRIES_LIMIT_BYTES,
      schema: { params: Origin, querystring: Type.Object({ from: Whole }), response: { 200: LogHead } },
    },
    async (request) =>
      archive.appendEntries(originFor(request, request.params), request.query.from, request.body as Buffer),
  );
  app.post(
    `${log}/add-checkpoint`,
    { schema: { params: Origin, body: AddCheckpoint, response: { 200: Cosignature } } },
    async (request) => ({
      cosignature: await archive.addCheckpoint(originFor(request, request.params), request.body),
    }),
  );
  app.post("/add-checkpoint", { schema: { body: Type.String() } }, async (request, reply) => {
    const { status, contentType, body } = await answerAddCheckpoint(archive, request.body, (origin) => {
      const [unit = "", gateway = "", logId = ""] = origin.split("/");
      originFor(request, { unit, gateway, logId });
    });
    return reply.status(status).type(contentType).send(body);
  });
  app.post(
    `${log}/offers`,
    { schema: { params: Origin, body: Offers, response: { 200: OfferAnswers } } },
    async (request) => ({
      packs: await archive.offer(originFor(request, request.params), request.body.packs, request.body.sender),
    }),
  );
  app.patch(
    `${log}/packs/:sha256`,
    {
      bodyLimit: CHUNK_LIMIT_BYTES,
      schema: {
        params: Type.Object({ ...Origin.properties, sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }) }),
        headers: Type.Object({
          "upload-offset": Type.String({ pattern: "^[0-9]{1,12}$" }),
          "upload-lease": Type.String({ maxLength: 64 }),
        }),
        response: { 200: PackOffset },
      },
    },
    async (request) => {
      const { "upload-offset": offset, "upload-lease": lease } = request.headers;
      const origin = originFor(request, request.params);
      return archive.chunk(origin, request.params.sha256, lease, Number(offset), request.body as Buffer);
    },
  );
  app.post(
    `${log}/ack`,
    { schema: { params: Origin, body: AckRequest, response: { 200: Ack } } },
    async (request) => ({
      ack: (await archive.acknowledge(originFor(request, request.params), request.body.packs)) ?? null,
    }),
  );
  return app;
}
