/**
 * The upload routes of docks, as a plugin. Invariant: a dock is known by its id and secret on each request, acts
 * on its own uploads only, and is answered after its bytes are durable.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CodedError, type ErrorCode } from "../domain/errors.ts";
import { type DockId, dockId } from "../domain/ids.ts";
import type { Fleet } from "../devices/fleet.ts";
import type { Docks, UploadState } from "../docks/docks.ts";
import {
  AnnounceBody,
  CHUNK_MEDIA_TYPE,
  LARGEST_CHUNK_BYTES,
  LENGTH_HEADER,
  OFFSET_HEADER,
  STATE_HEADER,
  UploadAnswer,
  UploadHeaders,
  UploadParams,
} from "./contract/dock.ts";
import { codesOf, errorAnswer } from "./contract/errors.ts";

export interface DockUploadPorts {
  readonly docks: Pick<Docks, "announce" | "uploadState" | "addChunk">;
  readonly fleet: Pick<Fleet, "checkDockSecret">;
}

const LONGEST_AUTHORIZATION = 512;
const ANNOUNCEMENT_LIMIT_BYTES = 16 * 1024;
const tags = ["docks"];
const REFUSAL = errorAnswer([...codesOf("docks"), ...codesOf("http")]);
const REFUSALS = { "4xx": REFUSAL, "5xx": REFUSAL };
const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([...codesOf("docks"), ...codesOf("http")]);

/** Adds the routes in a scope of their own: chunks are the only bodies of their media type. */
export function mountDockUploads(ports: DockUploadPorts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    await app.register(async (inner) => addRoutes(inner, ports));
  };
}

function addRoutes(app: FastifyInstance, ports: DockUploadPorts): void {
  const docks = new WeakMap<FastifyRequest, DockId>();

  const admit = async (request: FastifyRequest): Promise<void> => {
    const found = credentialsOf(request.headers.authorization);
    if (found === undefined || !(await ports.fleet.checkDockSecret(found.dock, found.secret)))
      throw new CodedError("docks.notAdmitted");
    docks.set(request, dockId(found.dock));
  };
  const dockOf = (request: FastifyRequest): DockId => {
    const dock = docks.get(request);
    if (dock === undefined) throw new CodedError("docks.notAdmitted");
    return dock;
  };
  const tell = (reply: FastifyReply, state: UploadState): FastifyReply =>
    reply
      .header(OFFSET_HEADER, String(state.offset))
      .header(LENGTH_HEADER, String(state.sizeBytes))
      .header(STATE_HEADER, state.state)
      .header("cache-control", "no-store");

  app.addContentTypeParser(
    CHUNK_MEDIA_TYPE,
    { parseAs: "buffer", bodyLimit: LARGEST_CHUNK_BYTES },
    (_request, body, done) => done(null, body),
  );

  app.route<{ Body: AnnounceBody }>({
    method: "POST",
    url: "/dock/v1/uploads",
    schema: {
      tags,
      summary: "A dock announces a file",
      body: AnnounceBody,
      response: { 200: UploadAnswer, ...REFUSALS },
    },
    bodyLimit: ANNOUNCEMENT_LIMIT_BYTES,
    config: { codes: CODES },
    onRequest: admit,
    async handler(request, reply) {
      const state = await ports.docks.announce({ ...request.body, dock: dockOf(request) });
      return tell(reply, state).send({ ...state });
    },
  });

  app.route<{ Params: UploadParams }>({
    method: "HEAD",
    url: "/dock/v1/uploads/:uploadId",
    schema: { tags, summary: "Where an upload goes on", params: UploadParams },
    config: { codes: CODES },
    onRequest: admit,
    async handler(request, reply) {
      return tell(reply, await ports.docks.uploadState(dockOf(request), request.params.uploadId)).send();
    },
  });

  app.route<{ Params: UploadParams; Body: Buffer }>({
    method: "PATCH",
    url: "/dock/v1/uploads/:uploadId",
    schema: {
      tags,
      summary: "A chunk of at most 4 MiB from the durable offset on",
      params: UploadParams,
      headers: UploadHeaders,
      response: { 200: UploadAnswer, ...REFUSALS },
    },
    bodyLimit: LARGEST_CHUNK_BYTES,
    config: { codes: CODES },
    onRequest: admit,
    async handler(request, reply) {
      if (!Buffer.isBuffer(request.body)) throw new CodedError("docks.chunkTooLarge");
      const offset = Number(request.headers[OFFSET_HEADER]);
      const { uploadId } = request.params;
      const state = await ports.docks.addChunk(dockOf(request), uploadId, offset, request.body);
      return tell(reply, state).send({ ...state });
    },
  });
}

/** HTTP Basic (RFC 7617): the dock's id and its secret. */
function credentialsOf(
  header: string | undefined,
): { readonly dock: string; readonly secret: string } | undefined {
  if (header === undefined || header.length > LONGEST_AUTHORIZATION) return undefined;
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  const text = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 1 ? undefined : { dock: text.slice(0, colon), secret: text.slice(colon + 1) };
}
