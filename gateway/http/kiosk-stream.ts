/**
 * The state of one kiosk over its WebSocket: at once, after every change, and a ping in between. Invariant: a slow
 * or dead browser costs one state, never a queue, and its socket is ended.
 */
import type { WebSocket } from "@fastify/websocket";
import type { KioskState } from "./contract/kiosk.ts";
import type { HttpLogger } from "./deps.ts";

const PING_MS = 15_000;
const BUFFER_BYTES = 65_536;
/** RFC 6455 close codes. */
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;

export function streamStates(
  socket: WebSocket,
  parts: {
    readonly logger: HttpLogger;
    read(): Promise<KioskState>;
    subscribe(listener: () => void): (() => void) | undefined;
  },
): void {
  let isSending = false;
  let isStale = true;
  let isAlive = true;

  async function send(): Promise<void> {
    isStale = true;
    if (isSending) return;
    isSending = true;
    try {
      while (isStale && socket.readyState === socket.OPEN && socket.bufferedAmount < BUFFER_BYTES) {
        isStale = false;
        socket.send(JSON.stringify(await parts.read()));
      }
    } catch (error) {
      parts.logger.error({ error: error instanceof Error ? error.name : "thrown" }, "kiosk state unreadable");
      socket.close(CLOSE_TRY_LATER);
    } finally {
      isSending = false;
    }
  }
  const changed = (): void => void send();
  const stop = parts.subscribe(changed);
  if (stop === undefined) {
    socket.close(CLOSE_TRY_LATER);
    return;
  }
  const ping = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
    // Time passes without a change too: an idle claim ends, a camera begins or stops to record.
    changed();
  }, PING_MS);
  ping.unref();
  socket.on("pong", () => (isAlive = true));
  // The kiosk has nothing to say here; what it sends is not read.
  socket.on("message", () => socket.close(CLOSE_GOING_AWAY));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearInterval(ping);
    stop();
  });
  changed();
}
