/**
 * Every refusal and failure becomes one form of answer here. Invariant: what is not a coded error leaves as
 * `http.internal` with a request id alone; its cause goes to the log, without what the caller sent.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { CodedError, type ErrorCode, errorTable } from "../domain/errors.ts";
import type { ErrorRow } from "../domain/errors/row.ts";
import type { ErrorAnswer } from "./contract/errors.ts";
import type { HttpLogger } from "./deps.ts";

const SERVER_FAULT = 500;

/** Fastify's own refusals, by its code. */
const EDGE_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_VALIDATION: "http.badRequest",
  FST_ERR_CTP_INVALID_JSON_BODY: "http.badRequest",
  FST_ERR_CTP_EMPTY_JSON_BODY: "http.badRequest",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "http.badRequest",
  FST_ERR_BAD_URL: "http.badRequest",
  FST_ERR_ASYNC_CONSTRAINT: "http.badRequest",
  FST_ERR_CTP_BODY_TOO_LARGE: "http.bodyTooLarge",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "http.wrongMediaType",
  FST_ERR_CTP_INVALID_TYPE: "http.wrongMediaType",
  FST_ERR_MAX_LIMIT: "http.badRequest",
};

/** Where in the request the form was not kept; what stood there is never repeated. */
function placesOf(error: Partial<FastifyError>): CodedError["details"] {
  const places = (error.validation ?? [])
    .slice(0, 8)
    .map(({ instancePath, message }) =>
      `${error.validationContext ?? ""}${instancePath} ${message ?? ""}`.trim(),
    );
  return places.length === 0 ? {} : { places };
}

/** The coded error behind anything that was thrown; undefined for a defect. */
export function codedErrorOf(error: unknown): CodedError | undefined {
  if (error instanceof CodedError) return error;
  if (!(error instanceof Error)) return undefined;
  const known = EDGE_CODES[(error as Partial<FastifyError>).code ?? ""];
  if (known !== undefined) return new CodedError(known, placesOf(error), { cause: error });
  return error instanceof URIError ? new CodedError("http.badRequest", {}, { cause: error }) : undefined;
}

export function errorAnswerOf(error: CodedError, requestId: string): ErrorAnswer {
  const row: ErrorRow = errorTable[error.code];
  // A refusal's own article, by profile, is in its details and wins over the table's.
  const { article: stated, ...rest } = error.details;
  const article = typeof stated === "string" ? stated : row.article;
  const details: ErrorAnswer["details"] = {};
  for (const [key, value] of Object.entries(rest))
    details[key] = Array.isArray(value)
      ? [...(value as readonly string[])]
      : (value as string | number | boolean);
  return {
    code: error.code,
    status: row.status,
    message: { zh: row.zh, en: row.en },
    ...(article === undefined ? {} : { article }),
    details,
    requestId,
  };
}

/** Which codes a route has promised; what comes beyond them is a defect of the contract and is logged. */
export type DeclaredCodes = (request: FastifyRequest) => ReadonlySet<ErrorCode> | undefined;

export function createErrorHandler(parts: {
  readonly logger: HttpLogger;
  readonly declared: DeclaredCodes;
}): (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const { logger, declared } = parts;
  return (error, request, reply) => {
    const known = codedErrorOf(error);
    const coded = known ?? new CodedError("http.internal", {}, { cause: error });
    const route = `${request.method} ${request.routeOptions.url ?? "-"}`;
    const fields = { requestId: request.id, route, code: coded.code };
    if (errorTable[coded.code].status >= SERVER_FAULT)
      logger.error({ ...fields, error: faultOf(error) }, "request failed");
    if (declared(request)?.has(coded.code) === false) logger.warn(fields, "undeclared error code");
    return answerError(reply, coded, request.id);
  };
}

/** Name, code, message and stack of a fault with its causes, for the log alone. */
function faultOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { thrown: typeof error };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: faultOf(error.cause) }),
  };
}

export function answerError(reply: FastifyReply, error: CodedError, requestId: string): FastifyReply {
  const answer = errorAnswerOf(error, requestId);
  if (typeof error.details["retryAfterS"] === "number")
    reply.header("retry-after", error.details["retryAfterS"]);
  return reply
    .code(answer.status)
    .header("cache-control", "no-store")
    .header("x-request-id", requestId)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(answer));
}
