/**
 * What a route promises: address, who may call it, what goes in and out, which codes it refuses with.
 * Invariant: the server registers, checks and documents a route from this object alone.
 */
import type { Static, TSchema } from "typebox";
import type { ErrorCode } from "../../domain/errors.ts";
import type { Role } from "../../domain/roles.ts";

export type { Role };

/**
 * Who may call: anybody; callers on the box itself; any signed-in person; people with one of these roles; a
 * bound kiosk; an applicant at a bound kiosk who proved a claim; the bureau's own program with its token.
 */
export type Audience =
  | "anyone"
  | "loopback"
  | "signedIn"
  | readonly Role[]
  | "kiosk"
  | "applicant"
  | "bureau";

export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
}

/** The body of an answer that is not JSON. */
export interface BinaryAnswer {
  readonly mediaType: string;
  readonly description: string;
}

export interface RouteContract {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly audience: Audience;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** JSON answer, or what kind of bytes come back. */
  readonly answer: TSchema | BinaryAnswer;
  /** Status of success; 200 when absent. */
  readonly status?: number;
  /** Codes of the use case behind it; those of the edge itself follow from the other fields. */
  readonly errors: readonly ErrorCode[];
  /** Largest body in bytes; 64 KiB when absent. */
  readonly bodyLimitBytes?: number;
  readonly rateLimit?: RateLimit;
  /** This call is a WebSocket; `answer` is one message from the server. */
  readonly webSocket?: true;
}

/** Keeps the literal types of a contract. */
export function route<const R extends RouteContract>(contract: R): R {
  return contract;
}

export function isBinary(answer: TSchema | BinaryAnswer): answer is BinaryAnswer {
  return "mediaType" in answer;
}

type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends TSchema }
  ? Static<S>
  : undefined;

export type ParamsOf<R> = Part<R, "params">;
export type QueryOf<R> = Part<R, "query">;
export type BodyOf<R> = Part<R, "body">;
/** `Uint8Array` stands for an answer that is not JSON. */
export type AnswerOf<R> = R extends { readonly answer: BinaryAnswer } ? Uint8Array : Part<R, "answer">;
