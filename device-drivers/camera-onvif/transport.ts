/**
 * Carries node-onvif's SOAP calls, put in place of its own sender: with limits, an abort signal and fault codes.
 * Invariant: a request goes to the host that was dialled or nowhere, so a token never reaches another machine.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import onvif from "node-onvif";
import { Client, errors } from "undici";
import { CameraProblem, type CameraReason } from "./camera.ts";

/** Answers of real cameras stay far below; a larger one is not read to its end. */
const LARGEST_ANSWER_BYTES = 512 * 1024;

export interface Dial {
  /** Host name without port: every request has to go there. */
  readonly hostname: string;
  readonly signal: AbortSignal;
  readonly requestTimeoutMs: number;
  /** From the Date header of the latest answer: their clock minus ours in ms, good to a second. */
  httpClockOffsetMs: number | null;
}

const dialled = new AsyncLocalStorage<Dial>();

/** Runs `work` with node-onvif bound to this camera. */
export function withDial<Result>(dial: Dial, work: () => Promise<Result>): Promise<Result> {
  return dialled.run(dial, work);
}

// oxlint-disable-next-line no-underscore-dangle -- the only seam the library has: without it no limit, no pinning
onvif._OnvifSoap._request = async (address, envelope) => {
  const dial = dialled.getStore();
  if (dial === undefined) throw new CameraProblem("cancelled");
  const url = new URL(address.href);
  if (url.hostname !== dial.hostname) throw new CameraProblem("badAddress");
  const client = new Client(url.origin, {
    connect: { timeout: dial.requestTimeoutMs },
    headersTimeout: dial.requestTimeoutMs,
    bodyTimeout: dial.requestTimeoutMs,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    pipelining: 1,
  });
  try {
    const response = await client.request({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers: { "content-type": "application/soap+xml; charset=utf-8" },
      body: envelope,
      signal: AbortSignal.any([dial.signal, AbortSignal.timeout(dial.requestTimeoutMs)]),
    });
    const xml = await response.body.text();
    const date = response.headers["date"];
    const dateMs = Date.parse(typeof date === "string" ? date : "");
    if (!Number.isNaN(dateMs)) dial.httpClockOffsetMs = dateMs - Date.now();
    const reason = reasonOfAnswer(response.statusCode, response.headers["www-authenticate"], xml);
    if (reason !== undefined) throw new CameraProblem(reason);
    return xml;
  } catch (cause) {
    throw problemOf(cause, dial.signal);
  } finally {
    await client.destroy();
  }
};

/** ONVIF Core 5.8.2: the fault's subcode says why; its text is for people and differs by maker. */
function reasonOfAnswer(
  status: number,
  challenge: string | string[] | undefined,
  xml: string,
): CameraReason | undefined {
  if (/<(?:[\w-]+:)?Fault[\s>]/.test(xml)) {
    const codes = [...xml.matchAll(/<(?:[\w-]+:)?Value[^>]*>\s*([^<]{1,80}?)\s*</g)].map(
      (match) => match[1] ?? "",
    );
    if (codes.some((code) => /NotAuthorized|FailedAuthentication|InvalidSecurity/i.test(code)))
      return "wrongCredentials";
    return "fault";
  }
  if (status === 401) return /digest|basic/i.test(String(challenge)) ? "digestWanted" : "wrongCredentials";
  if (status === 403) return "wrongCredentials";
  if (status !== 200) return "notOnvif";
  if (!/<(?:[\w-]+:)?Envelope[\s>]/.test(xml)) return "notOnvif";
  return undefined;
}

const REASON_BY_SYSTEM_CODE: Readonly<Record<string, CameraReason>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "notOnvif",
  EPIPE: "notOnvif",
  UND_ERR_SOCKET: "notOnvif",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "tooLarge",
};

/** Maps anything thrown on the way to a reason; nothing of the camera's answer or of a request is kept. */
export function problemOf(cause: unknown, signal: AbortSignal): CameraProblem {
  if (cause instanceof CameraProblem) return cause;
  if (signal.aborted) return new CameraProblem(isTimeout(signal.reason) ? "timeout" : "cancelled");
  if (isTimeout(cause)) return new CameraProblem("timeout");
  if (cause instanceof errors.HTTPParserError) return new CameraProblem("notOnvif");
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return new CameraProblem(REASON_BY_SYSTEM_CODE[code] ?? "garbled");
}

function isTimeout(value: unknown): boolean {
  return value instanceof DOMException && value.name === "TimeoutError";
}
