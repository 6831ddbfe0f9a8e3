/** The camera's HTTP port: the device and media services, and a snapshot behind digest authentication. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { DigestGate } from "./digest.ts";
import { type CameraFacts, PRE_AUTH, answerTo } from "./onvif-answers.ts";
import { fault, operationOf } from "./soap.ts";
import type { TokenGate } from "./username-token.ts";

export interface OnvifServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tokens: TokenGate;
  readonly snapshotGate: DigestGate;
  readonly snapshot: () => Promise<Buffer>;
  /** A slow device waits this long before each answer. */
  readonly answerDelayMs: number;
  /** A strict device wants the token on every call, the clock's included. */
  readonly clockNeedsToken: boolean;
}

export interface OnvifServer {
  readonly port: number;
  /** To be called once the ports are known; until then every call is a fault. */
  describe(facts: CameraFacts): void;
  close(): Promise<void>;
}

const LARGEST_REQUEST_BYTES = 64 * 1024;

export async function listenOnvif(options: OnvifServerOptions): Promise<OnvifServer> {
  let facts: CameraFacts | undefined;

  const soap = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const envelope = await readBody(request);
    const operation = operationOf(envelope);
    if (options.answerDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, options.answerDelayMs));
    const answer = (() => {
      if (facts === undefined || operation === undefined) return fault("ter:WellFormed", "Well-formed Error");
      const open =
        PRE_AUTH.has(operation) && !(options.clockNeedsToken && operation === "GetSystemDateAndTime");
      if (!open && options.tokens.check(envelope) !== "ok")
        return fault("ter:NotAuthorized", "Sender not Authorized");
      return answerTo(operation, envelope, facts);
    })();
    response
      .writeHead(answer.status, { "content-type": "application/soap+xml; charset=utf-8" })
      .end(answer.xml);
  };

  const picture = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const admitted = options.snapshotGate.check("GET", request.headers.authorization);
    if (admitted !== "ok") {
      response
        .writeHead(401, { "www-authenticate": options.snapshotGate.challenge(admitted === "stale") })
        .end();
      return;
    }
    response.writeHead(200, { "content-type": "image/jpeg" }).end(await options.snapshot());
  };

  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const work =
      request.method === "POST" && (path === "/onvif/device_service" || path === "/onvif/media_service")
        ? soap(request, response)
        : request.method === "GET" && path === "/snapshot.jpg"
          ? picture(request, response)
          : Promise.resolve(void response.writeHead(404).end());
    work.catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    describe(found) {
      facts = found;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > LARGEST_REQUEST_BYTES) throw new RangeError("the request is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
