/**
 * Requests with authentication and with statuses turned into coded errors.
 * Invariant: a password that the camera refused is not tried again within the same request.
 */
import { randomBytes } from "node:crypto";
import { Authenticator, type Challenge, chooseChallenge } from "./authentication.ts";
import type { Connection } from "./connection.ts";
import { RtspError, type RtspErrorCode, RtspRedirect, TransportRefused } from "./rtsp-error.ts";
import type { RtspUrl } from "./url.ts";
import { type RtspMessage, header } from "./wire-reader.ts";

type Headers = readonly (readonly [name: string, value: string])[];

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const STATUS_CODES: Readonly<Record<number, RtspErrorCode>> = {
  401: "unauthorized",
  403: "refused",
  404: "notFound",
  454: "disconnected",
};

export class Requester {
  readonly #connection: Connection;
  readonly #url: RtspUrl;
  #authenticator: Authenticator | undefined;

  constructor(connection: Connection, url: RtspUrl) {
    this.#connection = connection;
    this.#url = url;
  }

  /** The answer with status 200. Throws RtspError, for 3xx RtspRedirect, for 461 TransportRefused. */
  async send(method: string, uri: string, headers: Headers = []): Promise<RtspMessage> {
    let answer = await this.#once(method, uri, headers);
    if (answer.status === 401) {
      this.#authenticator = this.#answerTo(answer);
      answer = await this.#once(method, uri, headers);
    }
    // A nonce that went stale between the two is the one case for a third try.
    if (answer.status === 401 && challengeOf(answer)?.parameters.get("stale")?.toLowerCase() === "true") {
      this.#authenticator = this.#answerTo(answer);
      answer = await this.#once(method, uri, headers);
    }
    if (answer.status === 401) throw new RtspError("unauthorized", "the camera refuses user or password");
    const location = header(answer, "location");
    if (REDIRECTS.includes(answer.status) && location !== undefined) throw new RtspRedirect(location);
    if (answer.status === 461) throw new TransportRefused();
    if (answer.status < 200 || answer.status >= 300)
      throw new RtspError(
        STATUS_CODES[answer.status] ?? "refused",
        `the camera answered ${method} with status ${answer.status}`,
      );
    return answer;
  }

  #once(method: string, uri: string, headers: Headers): Promise<RtspMessage> {
    const authorization = this.#authenticator?.authorization(method, uri);
    return this.#connection.request(method, uri, [
      ...headers,
      ...(authorization === undefined ? [] : [["Authorization", authorization] as const]),
      ["User-Agent", "counter-gateway"],
    ]);
  }

  #answerTo(answer: RtspMessage): Authenticator {
    const challenge = challengeOf(answer);
    if (challenge === undefined)
      throw new RtspError("unauthorized", "the camera asks for an authentication that is not known");
    const { credentials } = this.#url;
    if (credentials === undefined)
      throw new RtspError("unauthorized", "the camera asks for user and password");
    return new Authenticator(challenge, credentials, randomBytes(16).toString("hex"));
  }
}

function challengeOf(answer: RtspMessage): Challenge | undefined {
  return chooseChallenge(
    answer.headers.filter(([name]) => name === "www-authenticate").map(([, value]) => value),
  );
}
