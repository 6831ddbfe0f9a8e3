/**
 * Where things lie under the data folder, and folders that survive a power cut: a new folder is real only
 * after its parent is synced.
 */
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LogId, compareLogIds, logId } from "../domain/ids.ts";

/** A log's folder carries this ending until its first entry is durable. */
const UNFINISHED = ".new";

export const logFolder = (dataFolder: string, id: LogId): string => join(dataFolder, id);
export const unfinishedLogFolder = (dataFolder: string, id: LogId): string =>
  join(dataFolder, `${id}${UNFINISHED}`);
export const entriesFolder = (folder: string): string => join(folder, "log");
export const recordsFolder = (folder: string): string => join(folder, "records");
export const footageFolder = (folder: string): string => join(folder, "footage");
export const asideFolder = (folder: string): string => join(folder, "aside");
export const viewsFolder = (dataFolder: string): string => join(dataFolder, "views");
export const reserveFile = (dataFolder: string): string => join(dataFolder, "reserve");
/** How far the scrub has come; nothing of value. */
export const scrubFile = (dataFolder: string): string => join(dataFolder, "scrub");

const SEQ_DIGITS = 12;
export const volumeFolder = (folder: string, firstSeq: number): string =>
  join(footageFolder(folder), String(firstSeq).padStart(SEQ_DIGITS, "0"));

/** The survivors of a volume that was dropped; whole as soon as it has this name. */
export const keptFolder = (folder: string, firstSeq: number): string =>
  `${volumeFolder(folder, firstSeq)}.kept`;
/** Survivors that are still being copied; a start removes them. */
export const copyingFolder = (folder: string, firstSeq: number): string =>
  `${keptFolder(folder, firstSeq)}.new`;
/** A volume on its way out: no reader sees it any more, and a start removes what is left of it. */
export const droppedFolder = (path: string): string => `${path}.dropped`;

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and those above it, and syncs its parent. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await syncFolder(dirname(path));
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await syncFolder(dirname(path));
}

export async function renameFolder(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

async function names(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw cause;
  }
}

/** Every finished log of the data folder, oldest first. */
export async function listLogs(dataFolder: string): Promise<readonly LogId[]> {
  return (await names(dataFolder))
    .filter((name) => /^[0-9]{4}(\.[1-9][0-9]{0,3})?$/.test(name))
    .map(logId)
    .sort(compareLogIds);
}

/** Removes logs whose first entry never became durable; nobody had a confirmation from them. */
export async function removeUnfinished(dataFolder: string): Promise<void> {
  for (const name of await names(dataFolder))
    if (name.endsWith(UNFINISHED)) await removeFolder(join(dataFolder, name));
}

export interface VolumePlace {
  readonly firstSeq: number;
  /** True when only the survivors are left. Beside a whole volume they are an unfinished copy and count for nothing. */
  readonly kept: boolean;
}

/** The volumes by their folders' names, ascending; nothing is opened. */
export async function listVolumePlaces(folder: string): Promise<readonly VolumePlace[]> {
  const kept = new Map<number, boolean>();
  for (const name of await names(footageFolder(folder))) {
    const [, digits, ending] = /^([0-9]+)(\.kept)?$/.exec(name) ?? [];
    if (digits === undefined) continue;
    kept.set(Number(digits), ending !== undefined && kept.get(Number(digits)) !== false);
  }
  return [...kept]
    .map(([firstSeq, only]) => ({ firstSeq, kept: only }))
    .sort((a, b) => a.firstSeq - b.firstSeq);
}

/** First sequence numbers of the volumes, ascending. */
export async function listVolumes(folder: string): Promise<readonly number[]> {
  return (await listVolumePlaces(folder)).map(({ firstSeq }) => firstSeq);
}

/** Where the volume lies. */
export const placePath = (folder: string, { firstSeq, kept }: VolumePlace): string =>
  kept ? keptFolder(folder, firstSeq) : volumeFolder(folder, firstSeq);

/** Removes copies that were not finished and volumes that were already given up. */
export async function removeLeftVolumes(folder: string): Promise<void> {
  for (const name of await names(footageFolder(folder)))
    if (/^[0-9]+(\.kept\.new|(\.kept)?\.dropped)$/.test(name))
      await removeFolder(join(footageFolder(folder), name));
}

export const listAside = async (folder: string): Promise<readonly string[]> =>
  (await names(asideFolder(folder)))
    .filter((name) => name.endsWith(".body"))
    .sort()
    .map((name) => join(asideFolder(folder), name));

/** Bytes of the files directly in the folder; 0 when it is gone. */
export async function folderBytes(path: string): Promise<number> {
  let sum = 0;
  for (const name of await names(path)) {
    try {
      sum += (await stat(join(path, name))).size;
    } catch (cause) {
      // LevelDB removes files while this counts; a file that is gone has no size.
      if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    }
  }
  return sum;
}
