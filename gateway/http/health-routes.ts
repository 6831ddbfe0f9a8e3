/** Figures for monitors. */
import { healthRoutes } from "./contract/health.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

export function mountHealth(mount: Mount, deps: HttpDeps): void {
  mount.route(healthRoutes.healthz, () => {
    const { version, uptimeS, cameras, log, exposureMs, freeBytes } = deps.health.figures();
    return { version, uptimeS, cameras: [...cameras], log, exposureMs, freeBytes };
  });
  mount.route(healthRoutes.metrics, async ({ reply }) => {
    reply.type(deps.metrics.contentType);
    return new TextEncoder().encode(await deps.metrics.text());
  });
}
