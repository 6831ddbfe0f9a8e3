/**
 * HTTP over mutual TLS for both ends of a replication. Invariant: every request has a limit in time, and a
 * certificate that the pinned authority did not issue ends the connection before a byte is sent.
 */
import { Agent, request } from "undici";

export interface TlsIdentity {
  /** PEM: who may be on the other side, our certificate, our key. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** Name in the peer's certificate, where it differs from the host dialled. */
  readonly serverName?: string;
}

/** Dead links are noticed within this time, so that a cut costs seconds and not a whole pack. */
const CONNECT_LIMIT_MS = 4000;
const SILENCE_LIMIT_MS = 8000;

/** An answer that is not a success, with the code of its body where it has one. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: unknown;
  constructor(method: string, path: string, status: number, body: unknown) {
    const code =
      typeof body === "object" && body !== null && "code" in body && typeof body.code === "string"
        ? body.code
        : undefined;
    super(`${method} ${path}: ${status}${code === undefined ? "" : ` ${code}`}`);
    this.name = "HttpRefusal";
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  readonly path: string;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** One peer; connections are kept alive and closed by `close()`. */
export class Transport {
  readonly #agent: Agent;
  readonly #origin: string;

  constructor(url: string, identity: TlsIdentity, connections = 4) {
    this.#origin = new URL(url).origin;
    this.#agent = new Agent({
      connections,
      headersTimeout: SILENCE_LIMIT_MS,
      bodyTimeout: SILENCE_LIMIT_MS,
      connect: {
        timeout: CONNECT_LIMIT_MS,
        ca: identity.ca,
        cert: identity.certificate,
        key: identity.key,
        ...(identity.serverName === undefined ? {} : { servername: identity.serverName }),
      },
    });
  }

  async #send(call: Call): Promise<Awaited<ReturnType<typeof request>>> {
    const json = call.json === undefined ? undefined : JSON.stringify(call.json);
    const type =
      json === undefined
        ? { "content-type": "application/octet-stream" }
        : { "content-type": "application/json" };
    const body = json ?? call.bytes;
    const answer = await request(`${this.#origin}${call.path}`, {
      method: call.method,
      dispatcher: this.#agent,
      signal: call.signal,
      headers: { ...(body === undefined ? {} : type), ...call.headers },
      body: body ?? null,
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const text = await answer.body.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = text.slice(0, 200);
    }
    throw new HttpRefusal(call.method, call.path, answer.statusCode, parsed);
  }

  /** Throws HttpRefusal on a refusal and undici's errors when the link fails. */
  async json(call: Call): Promise<unknown> {
    return (await this.#send(call)).body.json();
  }

  async bytes(call: Call): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#send(call)).body.arrayBuffer());
  }

  async text(call: Call): Promise<string> {
    return (await this.#send(call)).body.text();
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
