/**
 * Scans, photos and stand-alone audio: uploaded in pieces like body-camera files, checked when whole, then linked to
 * what they belong to. Invariant: a scan is recorded only when its bytes, as the disk gave them back, are what was
 * announced and really are of the announced kind.
 */
import { CodedError } from "../../domain/errors.ts";
import type { CommandId, EntryRef, Sha256Hex, UserId } from "../../domain/ids.ts";
import type { ScanContent, ScanGroup, ScanLink, ScanMedia, ScanPurpose } from "../../domain/scan.ts";
import { SCAN_MEDIA } from "../../domain/scan.ts";
import { stateOf, takeChunk, uploadRow } from "../chunk-upload.ts";
import type { UploadState } from "../docks.ts";
import { Row } from "../facts.ts";
import { chunkBytes, chunkEntries, wholeOf } from "../file-bytes.ts";
import { InTurn } from "../in-turn.ts";
import { appendAndApply } from "../inside.ts";
import { keys, under } from "../keys.ts";
import { finishScan } from "./finish-scan.ts";
import type { ScansPorts } from "./ports.ts";
import { SCANS, linkRow, scanChunkStream, scanKey, scansProjection, uploadIdOf } from "./projection.ts";

export interface Scan {
  readonly scanId: string;
  readonly ref: EntryRef;
  readonly mediaType: ScanMedia;
  readonly group: ScanGroup;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly storedMs: number;
  readonly by: string;
  readonly content: ScanContent;
  readonly links: readonly {
    readonly purpose: ScanPurpose;
    readonly link: ScanLink;
    readonly by: string;
    readonly atMs: number;
    /** When the paper or sound was made, where it was said. */
    readonly madeOn: string | null;
  }[];
}

export interface ScanAnnouncement {
  readonly by: UserId;
  readonly mediaType: ScanMedia;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

export interface Scans {
  /**
   * Throws `scans.tooLarge`. Announcing stored content answers `stored`: the same content is one scan, unless it was
   * destroyed in the meantime.
   */
  announce(announcement: ScanAnnouncement): Promise<UploadState>;
  /** Throws `docks.noSuchUpload`. */
  uploadState(uploadId: string): Promise<UploadState>;
  /**
   * Durable when it resolves. With the last byte the content is checked: throws `scans.hashMismatch`,
   * `scans.notReadable`, `scans.bomb`, `scans.otherKind`, `scans.activeContent`; the upload then begins again.
   */
  addChunk(uploadId: string, offset: number, bytes: Uint8Array): Promise<UploadState>;
  /** Says what a scan is and belongs to. Throws `scans.noSuchScan`, `scans.noSuchTarget`. */
  link(request: {
    readonly commandId: CommandId;
    readonly by: UserId;
    readonly scanId: string;
    readonly purpose: ScanPurpose;
    readonly link: ScanLink;
    readonly madeOn?: string;
  }): Promise<Scan>;
  find(scanId: string): Promise<Scan | undefined>;
  of(link: ScanLink): Promise<readonly Scan[]>;
  /** The entries whose bodies are the scan: its record, its bytes, also of tries that were refused. */
  entriesOf(scanId: string): Promise<readonly EntryRef[]>;
  bytes(scanId: string): AsyncIterable<Uint8Array>;
  /** A small JPEG. Throws `scans.noSuchScan`, `scans.noPicture`. */
  thumbnail(scanId: string): Promise<Uint8Array>;
  /** Finishes what a crash left between the last byte and its record; call once after the views caught up. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

const THUMBNAIL_PX = 360;
/** Looking into content holds it in memory, so one at a time. */
const LOOK = "look";

/** To be called before the store catches up, since it registers a view. */
export function createScans(ports: ScansPorts): Scans {
  const parts = { ...ports, table: ports.views.register(scansProjection) };
  const turns = new InTurn();

  const finishIfWhole = async (state: UploadState): Promise<UploadState> => {
    if (state.state === "stored" || state.offset < state.sizeBytes) return state;
    await turns.run(LOOK, () => finishScan(parts, state.uploadId));
    return stateOf(parts, state.uploadId);
  };
  const find = async (scanId: string): Promise<Scan | undefined> => {
    const row = await parts.table.get(scanKey(scanId));
    // Rows are what this area's own projection wrote.
    return row === undefined ? undefined : (row as unknown as Scan);
  };
  const existing = async (scanId: string): Promise<Scan> => {
    const scan = await find(scanId);
    if (scan === undefined) throw new CodedError("scans.noSuchScan");
    return scan;
  };
  const entriesOf = async (scanId: string): Promise<readonly EntryRef[]> => {
    const scan = await find(scanId);
    return scan === undefined ? [] : [scan.ref, ...(await chunkEntries(parts, scanId))];
  };
  async function* bytes(scanId: string): AsyncIterable<Uint8Array> {
    await existing(scanId);
    yield* chunkBytes(parts, scanId, (await uploadRow(parts, scanId)).number("attempt"));
  }

  /** Whether its bytes were destroyed: then the same content, brought again, is taken again. */
  const isGone = async (id: string): Promise<boolean> => {
    const [, first] = await entriesOf(id);
    if (first === undefined) return false;
    try {
      await parts.reader.readFootage(first);
      return false;
    } catch (error) {
      if (error instanceof CodedError && error.code === "evidence.bodyMissing")
        return error.details["why"] === "erased";
      throw error;
    }
  };

  return {
    find,
    bytes,
    entriesOf,
    announce: (announcement) => {
      const { mediaType, sizeBytes, sha256, by } = announcement;
      const { mostBytes } = SCAN_MEDIA[mediaType];
      if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > mostBytes)
        return Promise.reject(new CodedError("scans.tooLarge", { mostBytes }));
      const id = uploadIdOf(sha256);
      return turns.run(`upload/${id}`, async () => {
        const before = await parts.table.get(keys.upload(id));
        if (before !== undefined) {
          const known = new Row(before);
          if (known.number("sizeBytes") !== sizeBytes || known.text("mediaType") !== mediaType)
            throw new CodedError("scans.otherKind");
          if (known.text("state") === "stored" && (await isGone(id))) {
            const json = { v: 1, what: "reopened", scanId: id, by };
            await appendAndApply(parts, [{ type: "scan", stream: SCANS, record: { json } }]);
          }
          return stateOf(parts, id);
        }
        const json = { v: 1, what: "announced", upload: id, mediaType, sizeBytes, sha256, by };
        await appendAndApply(parts, [{ type: "scan", stream: SCANS, record: { json } }]);
        return stateOf(parts, id);
      });
    },
    uploadState: (id) => turns.run(`upload/${id}`, async () => finishIfWhole(await stateOf(parts, id))),
    addChunk: (id, offset, piece) =>
      turns.run(`upload/${id}`, async () =>
        finishIfWhole(await takeChunk(parts, { id, offset, bytes: piece }, scanChunkStream)),
      ),
    async link(request) {
      const { commandId, by, scanId, purpose, link, madeOn } = request;
      await existing(scanId);
      const target = parts.targets[link.kind];
      if (target === undefined || !(await target(link.id))) throw new CodedError("scans.noSuchTarget");
      await turns.run(`upload/${scanId}`, async () => {
        if ((await parts.table.get(keys.done(commandId))) !== undefined) return;
        const json = { v: 1, what: "linked", scanId, purpose, link, by, commandId, madeOn: madeOn ?? null };
        await appendAndApply(parts, [{ type: "scan", stream: SCANS, record: { json } }]);
      });
      return existing(scanId);
    },
    async of(link) {
      const rows = await parts.table.range(under(linkRow(link)));
      const scans = await Promise.all(rows.map(([, row]) => find(new Row(row).text("scanId"))));
      return scans.filter((scan) => scan !== undefined);
    },
    async thumbnail(scanId) {
      const scan = await existing(scanId);
      if (scan.group !== "picture") throw new CodedError("scans.noPicture");
      return turns.run(LOOK, async () =>
        parts.pictures.thumbnail(await wholeOf(bytes(scanId)), THUMBNAIL_PX),
      );
    },
    async recover() {
      for (const [key] of await parts.table.range(under("pending"))) {
        const id = key.slice(key.lastIndexOf("/") + 1);
        try {
          await turns.run(`upload/${id}`, async () => finishIfWhole(await stateOf(parts, id)));
        } catch (error) {
          // Whoever sent it hears when they ask for the offset, which is 0 again.
          if (!(error instanceof CodedError && error.code.startsWith("scans."))) throw error;
        }
      }
    },
    close: () => turns.close(),
  };
}
