/** The RTSP server: one encoder, many clients, digest on every request but OPTIONS, RTP over the connection. */
import { type Server, type Socket, createServer } from "node:net";
import type { DigestGate } from "./digest.ts";
import type { Encoder } from "./encoder.ts";
import { serveConnection } from "./rtsp-connection.ts";

export interface RtspServerOptions {
  readonly host: string;
  readonly port: number;
  readonly encoder: Encoder;
  readonly gate: DigestGate;
  /** Silence after which a session is dropped. */
  readonly sessionTimeoutS: number;
  readonly mostClients: number;
}

export interface RtspServer {
  readonly port: number;
  /** Cuts every connection without a goodbye, as a pulled plug does. */
  dropAll(): void;
  close(): Promise<void>;
}

export async function listenRtsp(options: RtspServerOptions): Promise<RtspServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    if (sockets.size >= options.mostClients) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(socket, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address();
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    dropAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropAll();
      }),
  };
}
