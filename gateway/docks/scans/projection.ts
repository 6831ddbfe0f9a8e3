/** Entries of scans and their view, which shares the key map of uploads with the dock path. */
import { type StreamId, streamId } from "../../domain/ids.ts";
import { SCAN_MEDIA, type ScanLink, type ScanMedia } from "../../domain/scan.ts";
import { applyChunkOf, applyOpened, applySetBack, applyStored } from "../chunk-upload.ts";
import { Row } from "../facts.ts";
import { keys, under } from "../keys.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";

export const SCANS: StreamId = streamId("scans");
export const scanChunkStream = (upload: string, attempt: number): StreamId =>
  streamId(`scan-upload/${upload}/${attempt}`);

/** The same content is the same scan, whoever brings it. */
export function uploadIdOf(sha256: string): string {
  return `s${sha256.slice(0, 40)}`;
}

export const scanKey = (id: string): string => `scan/${id}`;
/** Where the scans of one thing are listed. */
export const linkRow = ({ kind, id }: ScanLink): string => `link/${kind}/${encodeURIComponent(id)}`;

function ofChunk(stream: StreamId): { readonly upload: string; readonly attempt: number } | undefined {
  const parts = /^scan-upload\/(s[0-9a-f]{40})\/(\d{1,6})$/.exec(stream);
  return parts === null ? undefined : { upload: parts[1] ?? "", attempt: Number(parts[2]) };
}

function stored(fact: Row, { entry, logId, seq }: ProjectedEntry): JsonObject {
  const mediaType = fact.text("mediaType") as ScanMedia;
  return {
    scanId: fact.text("scanId"),
    ref: { logId, seq },
    mediaType,
    group: SCAN_MEDIA[mediaType].group,
    sizeBytes: fact.number("sizeBytes"),
    sha256: fact.text("sha256"),
    storedMs: entry.t,
    by: fact.text("by"),
    content: fact.row("content")?.json ?? {},
    links: [],
  };
}

async function applyLinked(fact: Row, { entry }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const scanId = fact.text("scanId");
  const scan = await table.get(scanKey(scanId));
  const link = fact.row("link");
  if (scan === undefined || link === undefined) return;
  const row = {
    purpose: fact.text("purpose"),
    link: link.json,
    by: fact.text("by"),
    atMs: entry.t,
    madeOn: fact.textOrNull("madeOn"),
  };
  table.put(scanKey(scanId), {
    ...scan,
    links: [...new Row(scan).rows("links").map(({ json }) => json), row],
  });
  // Its kind is one of a closed list, checked before it was written.
  const to = link.json as unknown as ScanLink;
  table.put(`${linkRow(to)}/${scanId}`, { scanId });
  table.put(keys.done(fact.text("commandId")), { scanId });
}

/** What was destroyed is brought again: a scan of its own, of nothing that the destroyed one belonged to. */
async function applyReopened(id: string, table: ViewTransaction): Promise<void> {
  const scan = await table.get(scanKey(id));
  for (const row of scan === undefined ? [] : new Row(scan).rows("links")) {
    const link = row.row("link")?.json;
    if (link !== undefined) table.del(`${linkRow(link as unknown as ScanLink)}/${id}`);
  }
  table.del(scanKey(id));
  const upload = await table.get(keys.upload(id));
  if (upload === undefined) return;
  const attempt = new Row(upload).number("attempt") + 1;
  for (const [key] of await table.range(under(`chunk/${id}`))) table.del(key);
  table.put(keys.upload(id), { ...upload, attempt, offset: 0, state: "open" });
  table.put(keys.pending(id), {});
}

export const scansProjection: Projection = {
  name: "scans",
  version: 1,
  types: ["scan", "chunk"],
  async apply(projected, table) {
    if (projected.entry.type === "chunk")
      return applyChunkOf(ofChunk(projected.entry.stream), projected, table);
    if (projected.record === undefined || projected.entry.stream !== SCANS) return undefined;
    const fact = new Row(projected.record.json);
    switch (fact.text("what")) {
      case "announced": {
        const id = fact.text("upload");
        const size = { id, sizeBytes: fact.number("sizeBytes"), sha256: fact.text("sha256") };
        await applyOpened(size, projected, table);
        const { mediaType, by } = fact.json;
        table.put(keys.upload(id), { ...(await table.get(keys.upload(id))), mediaType, by });
        return undefined;
      }
      case "rejected":
        return applySetBack(fact.text("upload"), fact.number("attempt"), table);
      case "stored":
        table.put(scanKey(fact.text("scanId")), stored(fact, projected));
        return applyStored(fact.text("scanId"), table);
      case "reopened":
        return applyReopened(fact.text("scanId"), table);
      case "linked":
        return applyLinked(fact, projected, table);
      default:
        return undefined;
    }
  },
};
