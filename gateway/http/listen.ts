/**
 * The two listeners of people: plain HTTP for the box itself, HTTPS for the hall. Invariant: the plain one is bound
 * to loopback, whatever is asked of it.
 */
import { createSecureContext } from "node:tls";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { KeyPair } from "../people/certificates.ts";
import { type BuildOptions, type SharedState, buildHttp, createSharedState } from "./build.ts";
import type { HttpDeps } from "./deps.ts";

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "::";
/** The certificate is looked at this often, and changed without a restart when it was renewed. */
const RENEWAL_MS = 12 * 3_600_000;

export interface ListenOptions {
  readonly deps: HttpDeps;
  /** 0 lets the system choose. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The servers' key and certificate as they are now; asked at start and twice a day. */
  readonly certificate: () => Promise<KeyPair>;
  /** Where HTTPS listens; every address when absent. */
  readonly httpsHost?: string;
  readonly more?: BuildOptions["more"];
}

export interface HttpListeners {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly shared: SharedState;
  /** Ends both with all their connections. Safe to call twice. */
  close(): Promise<void>;
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port;
}

function hasContext(server: object): server is { setSecureContext(options: object): void } {
  return "setSecureContext" in server;
}

/** Rejects when a port is taken; then nothing listens. */
export async function listenHttp(options: ListenOptions): Promise<HttpListeners> {
  const { deps, certificate } = options;
  const shared = createSharedState(deps);
  const more = options.more ?? [];
  let pair = await certificate();
  const plain = await buildHttp(deps, { shared, more });
  const secure = await buildHttp(deps, { shared, more, tls: pair });
  async function renew(): Promise<void> {
    try {
      const next = await certificate();
      if (next.certificate === pair.certificate || !hasContext(secure.server)) return;
      createSecureContext({ key: next.key, cert: next.certificate });
      secure.server.setSecureContext({ key: next.key, cert: next.certificate, minVersion: "TLSv1.2" });
      pair = next;
      deps.logger.info({}, "server certificate renewed");
    } catch (error) {
      // The old one still serves; the next look is in half a day.
      deps.logger.error(
        { error: error instanceof Error ? error.message : "thrown" },
        "no renewed certificate",
      );
    }
  }
  const renewal = setInterval(() => void renew(), RENEWAL_MS);
  renewal.unref();
  const close = async (): Promise<void> => {
    clearInterval(renewal);
    await Promise.all([plain.close(), secure.close()]);
  };
  try {
    await plain.listen({ host: LOOPBACK, port: options.httpPort });
    await secure.listen({ host: options.httpsHost ?? EVERYWHERE, port: options.httpsPort });
  } catch (error) {
    await close();
    throw error;
  }
  return { httpPort: portOf(plain), httpsPort: portOf(secure), shared, close };
}
