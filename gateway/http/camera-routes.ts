/** The technician's cameras. Credentials go in, and no answer has a place for them. */
import type { BoundCamera } from "../devices/fleet.ts";
import type { CameraId } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { type CameraView, cameraRoutes } from "./contract/cameras.ts";
import { DONE } from "./contract/fields.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";

const DISCOVERY_LIMIT_MS = 20_000;
const DESCRIPTION_LIMIT_MS = 20_000;

export function mountCameras(mount: Mount, deps: HttpDeps, views: ViewLog): void {
  const { fleet, recorders } = deps;

  function cameraView(camera: BoundCamera): CameraView {
    const status = recorders.status(camera.id);
    const ageMs = status?.lastFragmentAgeMs ?? null;
    const streamCodec = status?.codec ?? null;
    const sub = camera.sub ?? null;
    const onlyH265 = (streamCodec ?? camera.codec) === "h265" && (sub === null || sub.codec === "h265");
    const { id, name, counterId, xaddr, rtspUrl, profileToken, codec, manufacturer, model, serialNumber } =
      camera;
    return {
      id,
      name,
      counterId,
      xaddr,
      rtspUrl,
      profileToken,
      codec,
      streamCodec,
      sub,
      hint: onlyH265 ? "addH264SubStream" : null,
      manufacturer,
      model,
      serialNumber,
      ...(camera.certificateSha256 === undefined ? {} : { certificateSha256: camera.certificateSha256 }),
      boundBy: camera.boundBy,
      boundAt: camera.boundAtMs,
      state: status?.state ?? "stopped",
      cause: status?.cause ?? null,
      detail: status?.detail ?? null,
      lastFragmentAgeMs: ageMs === null ? null : Math.max(0, Math.round(ageMs)),
    };
  }
  async function bound(id: CameraId): Promise<BoundCamera> {
    const camera = await fleet.camera(id);
    if (camera === undefined) throw new CodedError("devices.notBound");
    return camera;
  }

  mount.route(cameraRoutes.discoverCameras, async () => {
    const [found, { cameras }] = await Promise.all([
      fleet.discoverCameras(AbortSignal.timeout(DISCOVERY_LIMIT_MS)),
      fleet.wanted(),
    ]);
    return found.map(({ endpoint, name, hardware, location, xaddrs }) => ({
      endpoint,
      name,
      hardware,
      location,
      xaddrs: [...xaddrs],
      boundAs: cameras.find(({ xaddr }) => xaddr !== null && xaddrs.includes(xaddr))?.id ?? null,
    }));
  });
  mount.route(cameraRoutes.describeCamera, async ({ body }) => {
    const description = await fleet.describeCamera({
      ...body,
      signal: AbortSignal.timeout(DESCRIPTION_LIMIT_MS),
    });
    const { xaddr, manufacturer, model, firmware, serialNumber, clockOffsetMs, recommendedProfileToken } =
      description;
    const { recommendedSubProfileToken } = description;
    return {
      xaddr,
      manufacturer,
      model,
      firmware,
      serialNumber,
      clockOffsetMs,
      recommendedProfileToken,
      recommendedSubProfileToken,
      profiles: description.profiles.map(({ token, name, codec, width, height, fps, streamUri }) => ({
        token,
        name,
        codec,
        width,
        height,
        fps,
        streamUri,
      })),
    };
  });
  mount.route(cameraRoutes.listCameras, async () => (await fleet.wanted()).cameras.map(cameraView));
  mount.route(cameraRoutes.bindCamera, async ({ caller, params, body }) => {
    const { counters } = await fleet.wanted();
    if (!counters.some(({ id }) => id === body.counterId)) throw new CodedError("people.noSuchCounter");
    return cameraView(await fleet.bindCamera({ ...body, id: params.id, by: caller.userId }));
  });
  mount.route(cameraRoutes.unbindCamera, async ({ caller, params, query }) => {
    await fleet.unbindCamera({ id: params.id, commandId: query.commandId, by: caller.userId });
    return DONE;
  });
  mount.route(cameraRoutes.cameraSnapshot, async ({ caller, params }) => {
    await bound(params.id);
    await views.once({ by: caller.userId, act: "snapshot", subject: `camera/${params.id}` });
    return recorders.snapshot(params.id);
  });
}
