/** Docks and body-camera files as people see and label them; the docks' own uploads are another listener's matter. */
import type { FileClaim, StoredFile } from "../docks/docks.ts";
import { type DockFileView, dockRoutes } from "./contract/docks.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

/** Device clocks may claim any time, also one before 1970. */
const timeOf = (ms: number | null): number | null => (ms === null ? null : Math.max(0, Math.round(ms)));

function claimView(claim: FileClaim): DockFileView["claims"][number] {
  const { dock, camera, vendorName, officerClaim, clockOffsetMs, clockSuspect, keyMarked } = claim;
  return {
    dockId: dock,
    camera,
    vendorName,
    officerClaim,
    deviceStartMs: timeOf(claim.deviceStartMs),
    deviceEndMs: timeOf(claim.deviceEndMs),
    clockOffsetMs,
    correctedStartMs: timeOf(claim.correctedStartMs),
    correctedEndMs: timeOf(claim.correctedEndMs),
    clockSuspect,
    keyMarked,
  };
}

function fileView(file: StoredFile): DockFileView {
  const { fileId, ref, sizeBytes, sha256, media, probeProblem, labels, missingLabels, late } = file;
  return {
    fileId,
    ref: { logId: ref.logId, seq: ref.seq },
    sizeBytes,
    sha256,
    storedAt: Math.round(file.storedAtMs),
    media:
      media === null
        ? null
        : {
            durationMs: media.durationMs,
            container: media.container,
            codec: media.codec,
            width: media.width,
            height: media.height,
          },
    probeProblem,
    claims: file.claims.map(claimView),
    labels:
      labels === null
        ? null
        : { matter: labels.matter, party: labels.party, officer: labels.officer, certNo: labels.certNo },
    missingLabels: [...missingLabels],
    late: late === null ? null : { byMs: late.byMs, article: late.article, cause: late.cause },
  };
}

export function mountCustody(mount: Mount, deps: HttpDeps): void {
  const { docks } = deps;
  mount.route(dockRoutes.listDocks, async () =>
    (await docks.docks()).map(({ dock, state, birth, sinceMs, missing, bays }) => ({
      id: dock,
      state,
      vendor: birth?.vendor ?? null,
      model: birth?.model ?? null,
      firmware: birth?.firmware ?? null,
      since: Math.round(sinceMs),
      missing,
      bays: bays.map(({ bay, status }) => ({
        bay,
        state: status.state,
        camera: status.camera ?? null,
        batteryPercent: status.batteryPercent ?? null,
        storageUsedBytes: status.storageUsedBytes ?? null,
        storageTotalBytes: status.storageTotalBytes ?? null,
      })),
    })),
  );
  mount.route(dockRoutes.listDockFiles, async ({ query }) => {
    const { unlabelled = false, ...page } = query;
    return (await (unlabelled ? docks.unlabelled(page) : docks.files(page))).map(fileView);
  });
  mount.route(dockRoutes.labelDockFile, async ({ caller, params, body }) =>
    fileView(await docks.label({ ...body, fileId: params.fileId, by: caller.userId })),
  );
}
