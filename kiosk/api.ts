/**
 * The only way from a page to the gateway. Invariant: every call has a time limit and ends either in the
 * contract's answer or in an ApiFailure with a code and a sentence in both languages; nothing is kept but the
 * CSRF token of the session.
 */
import type { Address, Api } from "../gateway/http/contract/api.ts";
import type { ErrorAnswer } from "../gateway/http/contract/errors.ts";
import type { CommandId } from "../gateway/domain/ids.ts";

const CALL_LIMIT_MS = 15_000;

interface FailureFacts {
  readonly code: string;
  readonly status: number;
  readonly texts: { readonly zh: string; readonly en: string };
  readonly article?: string;
  readonly details?: ErrorAnswer["details"];
}

/** What the gateway says when it refuses or fails, or what the page says when it can't reach the gateway. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly status: number;
  readonly texts: { readonly zh: string; readonly en: string };
  readonly article: string | undefined;
  readonly details: ErrorAnswer["details"];
  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(facts.code, options);
    this.name = "ApiFailure";
    this.code = facts.code;
    this.status = facts.status;
    this.texts = facts.texts;
    this.article = facts.article;
    this.details = facts.details ?? {};
  }
}

/** The code of a failure to reach the gateway at all; the only one that is the page's own. */
export const GATEWAY_AWAY = "page.gatewayAway";

type Given<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [K in Name]?: undefined }
  : { readonly [K in Name]: Value };

/** What a call at this address takes, as the contract says. */
export type CallInput<A extends Address> = Given<"params", Api[A]["params"]> &
  Given<"query", Api[A]["query"]> &
  Given<"body", Api[A]["body"]> & { readonly signal?: AbortSignal };

let csrfToken: string | undefined;

/** Sets what proves that later calls come from this page; undefined after signing out. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** A new id for a command, so that sending it twice does it once. */
export function newCommandId(): CommandId {
  return crypto.randomUUID() as string as CommandId;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A path of the contract with its parameters and query filled in. */
export function pathOf(
  url: string,
  params: Readonly<Record<string, unknown>> = {},
  query: Query = {},
): string {
  const path = url.replace(/:([A-Za-z0-9]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${value}`]],
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

/** Calls a route of the contract by its address, such as `call("POST /api/session", { body })`. Throws ApiFailure. */
export async function call<A extends Address>(address: A, input: CallInput<A>): Promise<Api[A]["answer"]> {
  const [method = "GET", url = ""] = address.split(" ");
  const { params, query, body, signal } = input as {
    readonly params?: Record<string, unknown>;
    readonly query?: Query;
    readonly body?: unknown;
    readonly signal?: AbortSignal;
  };
  let response: Response;
  let answer: unknown;
  const headers = new Headers({ accept: "application/json" });
  if (method !== "GET" && csrfToken !== undefined) headers.set("x-csrf-token", csrfToken);
  if (body !== undefined) headers.set("content-type", "application/json");
  try {
    response = await fetch(pathOf(url, params, query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      ...ALWAYS,
      signal: limited(signal),
    });
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiFailure({ code: GATEWAY_AWAY, status: 0, texts: AWAY_TEXTS }, { cause: error });
  }
  if (!response.ok) throw failureOf(answer, response.status);
  return answer as Api[A]["answer"];
}

/** Sends bytes to a route whose body is a piece of a file. Throws ApiFailure. */
export async function sendPiece<A extends Address>(
  address: A,
  input: Omit<CallInput<A>, "body"> & { readonly piece: Blob; readonly signal: AbortSignal },
): Promise<Api[A]["answer"]> {
  const [method = "PUT", url = ""] = address.split(" ");
  const { params, query, piece, signal } = input as {
    readonly params?: Record<string, unknown>;
    readonly query?: Query;
    readonly piece: Blob;
    readonly signal: AbortSignal;
  };
  const headers = new Headers({ accept: "application/json", "content-type": "application/octet-stream" });
  if (csrfToken !== undefined) headers.set("x-csrf-token", csrfToken);
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(pathOf(url, params, query), {
      method,
      headers,
      body: piece,
      ...ALWAYS,
      signal: limited(signal),
    });
    answer = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure({ code: GATEWAY_AWAY, status: 0, texts: AWAY_TEXTS }, { cause: error });
  }
  if (!response.ok) throw failureOf(answer, response.status);
  return answer as Api[A]["answer"];
}

/** Fetches an answer that is not JSON, such as a picture. Throws ApiFailure. */
export async function fetchBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  return blobOf(path, {}, signal);
}

/** Fetches a file by a body, for what must not stand in an address. Throws ApiFailure. */
export async function postBlob(path: string, body: object, signal?: AbortSignal): Promise<Blob> {
  const headers = { "content-type": "application/json" };
  return blobOf(path, { method: "POST", headers, body: JSON.stringify(body) }, signal);
}

async function blobOf(path: string, request: RequestInit, signal: AbortSignal | undefined): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(path, { ...request, ...ALWAYS, signal: limited(signal) });
    if (response.ok) return await response.blob();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiFailure({ code: GATEWAY_AWAY, status: 0, texts: AWAY_TEXTS }, { cause: error });
  }
  throw failureOf(await response.json().catch(() => undefined), response.status);
}

/** Sends a piece of an upload. Throws ApiFailure. */
export async function sendBytes(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal?: AbortSignal,
): Promise<void> {
  let response: Response;
  const headers = new Headers({ "content-type": "application/octet-stream" });
  if (csrfToken !== undefined) headers.set("x-csrf-token", csrfToken);
  try {
    response = await fetch(path, { method: "PUT", headers, body: bytes, ...ALWAYS, signal: limited(signal) });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiFailure({ code: GATEWAY_AWAY, status: 0, texts: AWAY_TEXTS }, { cause: error });
  }
  if (!response.ok) throw failureOf(await response.json().catch(() => undefined), response.status);
}

const ALWAYS = { credentials: "same-origin", cache: "no-store" } as const;

function limited(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(CALL_LIMIT_MS);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

const AWAY_TEXTS = {
  zh: "暂时连接不上系统，请稍候重试。",
  en: "The system cannot be reached just now. Please try again shortly.",
};

function failureOf(answer: unknown, status: number): ApiFailure {
  const { code, message, article, details } = (answer ?? {}) as Partial<ErrorAnswer>;
  if (code === undefined || message === undefined)
    return new ApiFailure({ code: GATEWAY_AWAY, status, texts: AWAY_TEXTS });
  return new ApiFailure({
    code,
    status,
    texts: message,
    ...(article === undefined ? {} : { article }),
    ...(details === undefined ? {} : { details }),
  });
}
