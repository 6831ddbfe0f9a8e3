/** Watching a camera live. Invariant: the row of the access ledger is durable before the first picture leaves. */
import type { WebSocket } from "@fastify/websocket";
import type { CameraId } from "../domain/ids.ts";
import type { PersonCaller } from "./caller.ts";
import { liveRoutes } from "./contract/live.ts";
import type { HttpDeps } from "./deps.ts";
import { CLOSE_NOT_ALLOWED, streamLive } from "./live-stream.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";

const CLOSE_TRY_LATER = 1013;

export function mountLive(mount: Mount, deps: HttpDeps, views: ViewLog): void {
  const { recorders, people, logger } = deps;

  async function open(socket: WebSocket, caller: PersonCaller, camera: CameraId): Promise<void> {
    const feed = recorders.live(camera);
    if (feed === undefined) {
      // Not bound, or just being bound anew: the page asks again.
      socket.close(CLOSE_TRY_LATER);
      return;
    }
    await views.once({ by: caller.userId, act: "live", subject: `camera/${camera}` });
    const mayWatch = (): boolean => people.sessions.peek(caller.token) !== undefined;
    if (mayWatch()) streamLive(socket, feed, mayWatch);
    else socket.close(CLOSE_NOT_ALLOWED);
  }

  mount.stream(liveRoutes.liveView, (socket, caller, params) => {
    open(socket, caller, params.id).catch((error: unknown) => {
      logger.error({ error: error instanceof Error ? error.name : "thrown" }, "live view not opened");
      socket.close(CLOSE_TRY_LATER);
    });
  });
}
