/**
 * Opens evidence folders for the judge: one folder, or every one below a folder, such as an archive's. Invariant:
 * nothing is written, so evidence can be checked from read-only media.
 */
import { access, readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { CHECKPOINT_PATH, TRUST_PATH } from "../evidence/folder.ts";
import type { Sha256 } from "../evidence/suite.ts";
import { type Trust, formatTrust, mergeTrusts, parseTrust } from "../evidence/trust.ts";
import type { EvidenceSource, LogEvidence, SourceFault } from "../evidence/verify/source.ts";
import { createHashPool } from "./verify/hash-pool.ts";
import { FolderLog, readText } from "./evidence-folder/folder-log.ts";

/** An archive keeps `<root>/logs/<unit>/<gateway>/<logId>`. */
const MAX_DEPTH = 5;

/** The evidence folders at or below `root`; none when it holds no evidence. */
export async function findEvidenceFolders(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    if ((await isThere(join(folder, CHECKPOINT_PATH))) || (await isThere(join(folder, "tile")))) {
      found.push(folder);
      return;
    }
    if (depth === MAX_DEPTH) return;
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isDirectory()) await walk(join(folder, entry.name), depth + 1);
  };
  await walk(root, 0);
  return found.sort();
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** `folders` as `findEvidenceFolders` gives them; `jobs`: cores that hash bodies. To be closed by the caller. */
export async function openFolderSource(
  root: string,
  folders: readonly string[],
  sha256: Sha256,
  jobs: number = 1,
): Promise<EvidenceSource> {
  const pool = createHashPool(jobs);
  /** By place: what is read twice is wrong once. */
  const faults = new Map<string, SourceFault>();
  const logs: FolderLog[] = [];
  for (const folder of folders) {
    const label = relative(root, folder) || basename(folder);
    const onFault = (fault: SourceFault): void => {
      const place = folder === root ? fault.place : join(label, fault.place);
      faults.set(place, { ...fault, place });
    };
    logs.push(await FolderLog.open(label, folder, pool, onFault));
  }
  return {
    trust: () => readTrusts([root, ...folders], sha256),
    logs: async (): Promise<readonly LogEvidence[]> => logs,
    faults: () => [...faults.values()],
    close: async () => {
      for (const log of logs) log.close();
      await pool.close();
    },
  };
}

/** The root's trust file, or all of the folders' in one; a malformed one as it is, for the judge to say so. */
async function readTrusts(places: readonly string[], sha256: Sha256): Promise<string | undefined> {
  const [own, ...others] = places;
  const first = own === undefined ? undefined : await readText(join(own, TRUST_PATH));
  if (first !== undefined) return first;
  const trusts: Trust[] = [];
  for (const place of others) {
    const text = await readText(join(place, TRUST_PATH));
    if (text === undefined) continue;
    try {
      trusts.push(parseTrust(text, sha256));
    } catch (error) {
      if (error instanceof RangeError) return text;
      throw error;
    }
  }
  return trusts.length === 0 ? undefined : formatTrust(mergeTrusts(trusts, sha256), sha256);
}
