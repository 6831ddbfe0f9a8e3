/** Footage for records and case files: counter cameras by the catalogue, body cameras by the docks' stored files. */
import type { Docks, StoredFile } from "../docks/docks.ts";
import { cameraId } from "../domain/ids.ts";
import type { Span } from "../domain/records/record.ts";
import type { CaseFootage } from "../intake/case-files/ports.ts";
import type { FootageLookup } from "../intake/records/ports.ts";
import type { Catalogue } from "../recording/catalogue.ts";
import { footageOf } from "./footage.ts";

/** ffprobe's names of formats that hold one picture. */
const PICTURES = /^image2|_pipe$/;

function mediaOf({ media }: StoredFile): "video" | "audio" | "photo" {
  if (media === null || media.width === null) return "audio";
  return PICTURES.test(media.container) ? "photo" : "video";
}

/** By the corrected time where the camera's clock was measured, else by its own. */
function spansOf({ claims }: StoredFile): readonly Span[] {
  return claims.flatMap(({ correctedStartMs, correctedEndMs, deviceStartMs, deviceEndMs }) => {
    const fromMs = correctedStartMs ?? deviceStartMs;
    const toMs = correctedEndMs ?? deviceEndMs ?? fromMs;
    return fromMs === null || toMs === null ? [] : [{ fromMs, toMs }];
  });
}

export function footageLookup(catalogue: Catalogue, docks: Pick<Docks, "file">): FootageLookup {
  const footage = footageOf(catalogue);
  return {
    async camera(id, fromMs, toMs) {
      const [covered] = await footage.coverage([id], fromMs, toMs);
      return (covered?.spans ?? []).map(({ from, to }) => ({
        fromMs: Math.max(from, fromMs),
        toMs: Math.min(to, toMs),
      }));
    },
    async file(id) {
      const file = await docks.file(id);
      return file === undefined ? undefined : { media: mediaOf(file), spans: spansOf(file) };
    },
  };
}

export function caseFootage(catalogue: Catalogue, docks: Pick<Docks, "file" | "bytes">): CaseFootage {
  return {
    ...footageOf(catalogue),
    async fragments(id, fromMs, toMs) {
      const { fragments } = await catalogue.coverage(cameraId(id), fromMs, toMs);
      return fragments.map(({ ref, init }) => ({ ref, init }));
    },
    async file(id) {
      const file = await docks.file(id);
      if (file === undefined) return undefined;
      const { ref, sha256, media } = file;
      return { ref, sha256, probed: media !== null, bytes: () => docks.bytes(id) };
    },
  };
}
