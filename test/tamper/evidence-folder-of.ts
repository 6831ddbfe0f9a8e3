/**
 * Writes one log of a stopped gateway as an evidence folder, as it lies: entries, tiles, checkpoint, kept notes and
 * bodies. Invariant: nothing is judged or mended on the way.
 */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LogId, sha256Hex } from "../../gateway/domain/ids.ts";
import { concatBytes } from "../../gateway/evidence/bytes.ts";
import { parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { CHECKPOINT_PATH, TRUST_PATH, packPath, treeFiles } from "../../gateway/evidence/folder.ts";
import { parseNote } from "../../gateway/evidence/note.ts";
import { encodeFrame, encodePackHeader } from "../../gateway/evidence/pack.ts";
import type { LogEvidence } from "../../gateway/evidence/verify/source.ts";
import { openDataFolder } from "../../gateway/commands/verify/data-folder.ts";

export async function put(folder: string, path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Throws RangeError when the log has no checkpoint. */
export async function writeEvidenceFolder(dataFolder: string, logId: LogId, folder: string): Promise<void> {
  const source = await openDataFolder(dataFolder);
  try {
    const log = (await source.logs()).find(({ label }) => label === logId);
    const note = await log?.checkpoint();
    if (log === undefined || note === undefined) throw new RangeError("no signed log");
    await writeLog(log, note, folder);
    const trust = await source.trust();
    if (trust !== undefined) await put(folder, TRUST_PATH, trust);
  } finally {
    await source.close();
  }
}

async function writeLog(log: LogEvidence, note: string, folder: string): Promise<void> {
  const { origin, size } = parseCheckpoint(parseNote(note).text);
  const entries: Uint8Array[] = [];
  for await (const { index, bytes } of log.leaves(0)) {
    if (index >= size) break;
    entries.push(bytes ?? new Uint8Array());
  }
  const tileHashes = async (level: number, start: number, count: number): Promise<readonly Uint8Array[]> =>
    (await log.tileHashes(level, start, count)).map((hash) => hash ?? new Uint8Array(32));
  const reads = {
    tileHashes,
    entries: async (start: number, count: number) => entries.slice(start, start + count),
  };
  for await (const { path, bytes } of treeFiles(reads, 0, size)) await put(folder, path, bytes);
  const frames: Uint8Array[] = [encodePackHeader({ origin, ranges: [[0, size]] })];
  for (const [seq, entryBytes] of entries.entries()) {
    const found = await log.body(seq);
    frames.push(...encodeFrame(found.state === "found" ? found : { entryBytes, body: undefined }));
  }
  const pack = concatBytes(frames);
  await put(folder, packPath(sha256Hex(createHash("sha256").update(pack).digest("hex"))), pack);
  for await (const kept of log.otherNotes())
    await put(folder, `cosigned/${parseCheckpoint(parseNote(kept).text).size}`, kept);
  await put(folder, CHECKPOINT_PATH, note);
}
