/**
 * A network between a camera and who reads it, in a test's hand: it can lose everything in silence, as a pulled cable
 * does, and work again. Invariant: knows nothing of what it carries.
 */
import { once } from "node:events";
import { type Socket, createConnection, createServer } from "node:net";

export interface TcpLine {
  readonly port: number;
  /** Connections that are open now, and how many there ever were. */
  readonly open: () => number;
  readonly opened: () => number;
  /** From now on nothing comes through and nothing is closed. */
  drop(): void;
  /** What was open while it was cut stays lost; new connections work. */
  mend(): void;
  close(): Promise<void>;
}

export async function startTcpLine(toPort: number): Promise<TcpLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let opened = 0;
  const server = createServer((near) => {
    opened += 1;
    const far = createConnection(toPort, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        if (!isCut) to.write(data);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        if (!isCut) to.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    open: () => sockets.size / 2,
    opened: () => opened,
    drop: () => (isCut = true),
    mend() {
      // Whoever comes back after an outage finds the old connections dead.
      for (const socket of sockets) socket.destroy();
      isCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
