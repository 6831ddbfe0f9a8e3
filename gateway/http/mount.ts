/**
 * Puts a route of the contract on the server: guard, limits, validation, answer, documentation, all from the one
 * object. Invariant: a route without a contract can't be mounted, and no answer holds a property the contract lacks.
 */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import type { TSchema } from "typebox";
import type { ErrorCode } from "../domain/errors.ts";
import { type CallerOf, callerOf } from "./caller.ts";
import {
  type AnswerOf,
  type Audience,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type RouteContract,
  isBinary,
} from "./contract/route.ts";
import type { Guard } from "./guard.ts";
import { documentedAnswers, edgeCodes, securityOf } from "./openapi.ts";

export const BODY_LIMIT_BYTES = 65_536;
/** Of a download, made before it is taken. */
const AHEAD_BYTES = 65_536;

export interface Call<R extends RouteContract> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  readonly caller: CallerOf<R["audience"]>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type Handler<R extends RouteContract> = (call: Call<R>) => AnswerOf<R> | Promise<AnswerOf<R>>;

declare module "fastify" {
  interface FastifyContextConfig {
    readonly codes?: ReadonlySet<ErrorCode>;
    readonly audience?: Audience;
  }
}

export interface Download {
  /** ASCII. */
  readonly fileName: string;
  /** Ended by `return` when the reader goes away. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

export interface Mount {
  route<R extends RouteContract>(contract: R, handler: Handler<R>): void;
  /** A file that is made while it is taken; its first piece is made before anything is answered. */
  download<R extends RouteContract>(contract: R, open: (call: Call<R>) => Download | Promise<Download>): void;
  /** A route whose answers are messages on a WebSocket. */
  stream<R extends RouteContract>(
    contract: R,
    open: (socket: WebSocket, caller: CallerOf<R["audience"]>, params: ParamsOf<R>) => void,
  ): void;
}

function schemaOf(contract: RouteContract): Record<string, unknown> {
  const { params, query, body, tag, summary } = contract;
  const security = securityOf(contract);
  const part = (key: string, schema: TSchema | undefined): Record<string, TSchema> =>
    schema === undefined ? {} : { [key]: schema };
  return {
    tags: [tag],
    summary,
    ...part("params", params),
    ...part("querystring", query),
    ...part("body", body),
    ...(security.length === 0 ? {} : { security }),
    response: documentedAnswers(contract),
  };
}

function optionsOf(contract: RouteContract, guard: Guard) {
  const { method, url, audience, rateLimit, bodyLimitBytes } = contract;
  return {
    method,
    url,
    schema: schemaOf(contract),
    bodyLimit: bodyLimitBytes ?? BODY_LIMIT_BYTES,
    config: {
      audience,
      codes: new Set([...contract.errors, ...edgeCodes(contract)]),
      ...(rateLimit === undefined
        ? {}
        : { rateLimit: { max: rateLimit.max, timeWindow: rateLimit.windowMs } }),
    },
    // After the rate limit, so that guesses are counted too, and before a byte of the body is read.
    preParsing: async (request: FastifyRequest) => guard(request, audience),
  };
}

async function* chain(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

export function createMount(app: FastifyInstance, guard: Guard): Mount {
  return {
    route(contract, handler) {
      type R = typeof contract;
      const { answer, status = 200 } = contract;
      app.route({
        ...optionsOf(contract, guard),
        async handler(request, reply) {
          // Validated against the contract's own schemas just before this.
          const result = await handler({
            params: request.params as ParamsOf<R>,
            query: request.query as QueryOf<R>,
            body: request.body as BodyOf<R>,
            caller: callerOf<R["audience"]>(request),
            request,
            reply,
          });
          reply.code(status);
          if (!isBinary(answer)) return reply.header("cache-control", "no-store").send(result);
          if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-store");
          if (!reply.hasHeader("content-type")) reply.type(answer.mediaType);
          return reply.send(Buffer.from(result as Uint8Array));
        },
      });
    },
    download(contract, open) {
      type R = typeof contract;
      const { answer } = contract;
      app.route({
        ...optionsOf(contract, guard),
        async handler(request, reply) {
          const { fileName, chunks } = await open({
            params: request.params as ParamsOf<R>,
            query: request.query as QueryOf<R>,
            body: request.body as BodyOf<R>,
            caller: callerOf<R["audience"]>(request),
            request,
            reply,
          });
          // A refusal can only be told as long as no byte of the answer has left.
          const first = await chunks.next();
          reply.header("cache-control", "private, no-store");
          reply.header("content-disposition", `attachment; filename="${fileName}"`);
          if (isBinary(answer)) reply.type(answer.mediaType);
          const body = Readable.from(chain(first, chunks), {
            objectMode: false,
            highWaterMark: AHEAD_BYTES,
          });
          // Also where the reader went away before the body was begun.
          body.once("close", () => {
            chunks.return().catch(() => undefined);
          });
          return reply.send(body);
        },
      });
    },
    stream(contract, open) {
      type R = typeof contract;
      app.route({
        ...optionsOf(contract, guard),
        method: "GET",
        handler: (_request, reply) => reply.code(426).header("upgrade", "websocket").send(),
        wsHandler: (socket, request) =>
          open(socket, callerOf<R["audience"]>(request), request.params as ParamsOf<R>),
      });
    },
  };
}
