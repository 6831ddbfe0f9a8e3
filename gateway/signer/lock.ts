/**
 * One signer per key: a lock that ends with the process that holds it, however it ends. Invariant: two signers
 * never work from the same state file, so they can't sign two histories.
 */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const RETRY_MS = 50;

/**
 * Binds an abstract Unix socket named by the folder (binding is atomic and the kernel frees the name when the
 * process dies). Waits for an earlier signer to end; rejects after `limitMs`.
 */
export async function lockFolder(folder: string, limitMs: number): Promise<Server> {
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex");
  const deadline = performance.now() + limitMs;
  for (;;) {
    const server = await tryBind(`\0counter-gateway-signer-${name}`);
    if (server !== undefined) return server;
    if (performance.now() > deadline) throw new Error("another signer holds this key");
    await wait(RETRY_MS);
  }
}

function tryBind(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}
