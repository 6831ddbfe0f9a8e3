/** All gaps of all cameras, newest first, from `gap` entries. Invariant: the entry that closes a gap replaces the open one. */
import { type CameraId, cameraId } from "../domain/ids.ts";
import type { JsonObject, Projection, Views } from "./ports.ts";

const MOST = 500;

export interface Gap {
  readonly cameraId: CameraId;
  /** UTC ms. */
  readonly fromMs: number;
  /** Null while it goes on. */
  readonly toMs: number | null;
  /** In the order they came up; the first is why it began. */
  readonly causes: readonly string[];
}

export interface GapLedger {
  /** `before` is `next` of the page before. */
  page(options: {
    readonly limit?: number;
    readonly before?: string;
  }): Promise<{ readonly rows: readonly Gap[]; readonly next?: string }>;
}

const CAMERA_STREAM = /^camera\/([^/]+)\/main$/;

export const gapProjection: Projection = {
  name: "gap-ledger",
  version: 1,
  types: ["gap"],
  apply({ entry, record }, table) {
    const camera = CAMERA_STREAM.exec(entry.stream)?.[1];
    const { from, to, causes } = (record?.json ?? {}) as Record<string, unknown>;
    if (camera === undefined || typeof from !== "number") return;
    table.put(`g/${String(Math.max(0, Math.round(from))).padStart(15, "0")}/${camera}`, {
      cameraId: camera,
      fromMs: from,
      toMs: typeof to === "number" ? to : null,
      causes: Array.isArray(causes) ? causes.map(String) : [],
    });
  },
};

function gapOf(json: JsonObject): Gap | undefined {
  const { cameraId: camera, fromMs, toMs, causes } = json as Record<string, unknown>;
  if (typeof camera !== "string" || typeof fromMs !== "number") return undefined;
  return {
    cameraId: cameraId(camera),
    fromMs,
    toMs: typeof toMs === "number" ? toMs : null,
    causes: Array.isArray(causes) ? causes.map(String) : [],
  };
}

/** To be called before the store catches up, since it registers a view. */
export function createGapLedger(views: Views): GapLedger {
  const table = views.register(gapProjection);
  return {
    async page({ limit = 100, before }) {
      const size = Math.min(limit, MOST);
      const to = before !== undefined && /^[0-9]{15}\/[a-z0-9.-]{1,64}$/.test(before) ? `g/${before}` : "g0";
      const rows = await table.range({ from: "g/", to, limit: size + 1, reverse: true });
      const last = rows[size - 1];
      return {
        rows: rows
          .slice(0, size)
          .map(([, json]) => gapOf(json))
          .filter((gap) => gap !== undefined),
        ...(rows.length > size && last !== undefined ? { next: last[0].slice(2) } : {}),
      };
    },
  };
}
