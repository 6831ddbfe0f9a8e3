/**
 * Stands in for the gateway before the screens: serves the built pages under its content policy and answers the
 * contract's addresses with what a test says. Invariant: an address without an answer is a 404 and is remembered.
 */
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import websocket, { type WebSocket } from "@fastify/websocket";
import fastify from "fastify";
import type { Address, Api } from "../../gateway/http/contract/api.ts";
import type { ErrorAnswer } from "../../gateway/http/contract/errors.ts";
import type { KioskState } from "../../gateway/http/contract/kiosk.ts";

const CONTENT_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");
const PAGES = {
  "/": "index.html",
  "/clerk": "clerk.html",
  "/technician": "technician.html",
  "/supervisor": "supervisor.html",
  "/verify": "verify.html",
};

export interface Asked {
  readonly address: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly csrf: string | undefined;
}

type Answer<A extends Address> = Api[A]["answer"] | Buffer | Refusal;
type Answers = { [A in Address]?: Answer<A> | ((asked: Asked) => Answer<A> | Promise<Answer<A>>) };

/** An answer that is not a success. */
export class Refusal {
  readonly body: ErrorAnswer;
  constructor(
    status: number,
    code: string,
    zh: string,
    extra: Partial<Pick<ErrorAnswer, "article" | "details">> = {},
  ) {
    this.body = {
      code: code as ErrorAnswer["code"],
      status,
      message: { zh, en: `${code} in English` },
      details: {},
      requestId: "test",
      ...extra,
    };
  }
}

export interface FakeGateway {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Adds or replaces answers. */
  answer(answers: Answers): void;
  /** Sets what the kiosk has to show and tells every kiosk that listens. */
  show(state: Partial<KioskState>): void;
  state(): KioskState;
  /** Stops answering, as after a pulled cable, or answers again. */
  setAway(away: boolean): void;
  askedFor(address: Address): readonly Asked[];
  close(): Promise<void>;
}

const IDLE: KioskState = {
  counterId: "w1" as KioskState["counterId"],
  counterName: "综合受理 1 号窗口",
  authority: { zh: "昌黎县市场监督管理局", en: "Changli County Market Regulation Bureau" },
  revision: 1,
  screen: { kind: "idle" },
  claim: null,
  recording: true,
  idleWipeMs: 90_000,
};

export async function fakeGateway(pagesFolder: string): Promise<FakeGateway> {
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  const answers: Answers = {};
  const asked: Asked[] = [];
  const sockets = new Set<WebSocket>();
  let kiosk = IDLE;
  let away = false;

  app.addHook("onRequest", async (request, reply) => {
    if (away && request.url.startsWith("/api")) request.raw.destroy();
    void reply.header("content-security-policy", CONTENT_POLICY);
  });
  await app.register(websocket);
  await app.register(fastifyStatic, { root: join(pagesFolder, "assets"), prefix: "/assets/" });
  for (const [url, file] of Object.entries(PAGES))
    app.get(url, (_request, reply) => reply.sendFile(file, pagesFolder));
  app.get("/api/kiosk/stream", { websocket: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.send(JSON.stringify(kiosk));
  });
  app.all("/*", async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    for (const [address, answer] of Object.entries(answers)) {
      const [method, url = ""] = address.split(" ");
      const match = new RegExp(`^${url.replace(/:([A-Za-z]+)/g, "(?<$1>[^/]+)")}$`).exec(path);
      if (method !== request.method || match === null) continue;
      const csrf = request.headers["x-csrf-token"];
      const one: Asked = {
        address,
        params: { ...match.groups },
        body: request.body,
        csrf: typeof csrf === "string" ? csrf : undefined,
      };
      asked.push(one);
      const given: unknown = typeof answer === "function" ? await answer(one) : answer;
      if (given instanceof Refusal) return reply.status(given.body.status).send(given.body);
      if (Buffer.isBuffer(given)) return reply.type("image/png").send(given);
      return reply.send(given);
    }
    asked.push({ address: `${request.method} ${path}`, params: {}, body: request.body, csrf: undefined });
    return reply.status(404).send(new Refusal(404, "http.notFound", "没有找到请求的内容。").body);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const bound = app.server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  answers["GET /api/kiosk/state"] = () => kiosk;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (more) => void Object.assign(answers, more),
    show(state) {
      kiosk = { ...kiosk, revision: kiosk.revision + 1, ...state };
      for (const socket of sockets) socket.send(JSON.stringify(kiosk));
    },
    state: () => kiosk,
    setAway(now) {
      away = now;
      if (away) for (const socket of sockets) socket.terminate();
    },
    askedFor: (address) => asked.filter((one) => one.address === address),
    async close() {
      for (const socket of sockets) socket.terminate();
      await app.close();
    },
  };
}
