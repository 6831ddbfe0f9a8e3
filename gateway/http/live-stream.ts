/**
 * One viewer's WebSocket: passes on what the camera's feed gives, and leaves pictures out while the line is
 * behind. Invariant: what waits for a slow browser is bounded, and after a gap it starts at a key frame.
 */
import type { WebSocket } from "@fastify/websocket";
import type { LiveFeed, LiveInit, LivePicture, LiveViewer } from "../recording/live/live-feed.ts";
import type { LiveMessage } from "./contract/live.ts";

const PING_MS = 15_000;
/** Above the first nothing more is queued; below the second the next key frame is let through. */
const BEHIND_BYTES = 1_048_576;
const CAUGHT_UP_BYTES = 131_072;
/** RFC 6455 close codes, and one of ours: the session or the viewing is over. */
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;
export const CLOSE_NOT_ALLOWED = 4403;

/** `mayWatch` is asked again and again: who signs out stops watching. */
export function streamLive(socket: WebSocket, feed: LiveFeed, mayWatch: () => boolean): void {
  let isBehind = false;
  let isAlive = true;
  const say = (message: LiveMessage): void => socket.send(JSON.stringify(message));
  const isOpen = (): boolean => socket.readyState === socket.OPEN;

  const viewer: LiveViewer = {
    init({ bytes, codec, width, height, profile }: LiveInit) {
      if (!isOpen()) return;
      // A browser that does not even take what is queued gets nothing on top of it, but a new line.
      if (socket.bufferedAmount > BEHIND_BYTES) {
        socket.close(CLOSE_TRY_LATER);
        return;
      }
      isBehind = false;
      say({ kind: "init", codec, width, height, profile });
      socket.send(bytes);
    },
    picture({ bytes, keyFrame }: LivePicture) {
      if (!isOpen()) return;
      const waiting = socket.bufferedAmount;
      if (isBehind && (!keyFrame || waiting > CAUGHT_UP_BYTES)) return;
      if (waiting > BEHIND_BYTES) {
        isBehind = true;
        say({ kind: "skip" });
        return;
      }
      isBehind = false;
      socket.send(bytes);
    },
    end: () => socket.close(CLOSE_TRY_LATER),
  };
  const leave = feed.join(viewer);
  if (leave === undefined) {
    socket.close(CLOSE_TRY_LATER);
    return;
  }
  const ping = setInterval(() => {
    if (!mayWatch()) socket.close(CLOSE_NOT_ALLOWED);
    if (!isAlive) socket.terminate();
    isAlive = false;
    if (isOpen()) socket.ping();
  }, PING_MS);
  ping.unref();
  socket.on("pong", () => (isAlive = true));
  // A viewer has nothing to say here; what they send is not read.
  socket.on("message", () => socket.close(CLOSE_GOING_AWAY));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearInterval(ping);
    leave();
  });
}
