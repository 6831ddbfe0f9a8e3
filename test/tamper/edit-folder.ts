/** Changes to the files of an evidence folder, as a hex editor or a few lines of script make them. */
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { concatBytes } from "../../gateway/evidence/bytes.ts";
import { type PackItem, encodeFrame, encodePackHeader } from "../../gateway/evidence/pack.ts";
import { readPack } from "../../gateway/evidence/read-pack.ts";
import { type Tile, decodeBundle, encodeBundle, parseTilePath } from "../../gateway/evidence/tiles.ts";

export async function editFile(path: string, edit: (bytes: Buffer) => Uint8Array | void): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, edit(bytes) ?? bytes);
}

export async function editText(path: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  const other = edit(text);
  if (other === text) throw new RangeError(`nothing changed in ${path}`);
  await writeFile(path, other);
}

/** Path of the tile that is here, whatever its width. Throws RangeError without one. */
export async function tileIn(folder: string, level: Tile["level"], index: number): Promise<string> {
  for (const name of await readdir(join(folder, "tile"), { recursive: true })) {
    const tile = parseTilePath(`tile/${name}`);
    if (tile?.level === level && tile.index === index) return join(folder, "tile", name);
  }
  throw new RangeError(`no tile ${level}/${index}`);
}

export async function editEntries(
  folder: string,
  index: number,
  edit: (entries: Uint8Array[]) => void,
): Promise<void> {
  await editFile(await tileIn(folder, "entries", index), (bytes) => {
    const entries = decodeBundle(bytes).map((entry) => entry.slice());
    edit(entries);
    return encodeBundle(entries);
  });
}

export interface HeldPack {
  readonly path: string;
  readonly items: readonly (PackItem & { readonly seq: number })[];
}

/** The pack that holds the body of this entry. Throws RangeError without one. */
export async function packOf(folder: string, seq: number): Promise<HeldPack & { readonly origin: string }> {
  for (const name of await readdir(join(folder, "packs"))) {
    const path = join(folder, "packs", name);
    const reading = await readPack(chunks(await readFile(path)));
    const items: (PackItem & { readonly seq: number })[] = [];
    for await (const item of reading.items) items.push(item);
    if (items.some((item) => item.seq === seq && item.body !== undefined))
      return { path, items, origin: reading.header.origin };
  }
  throw new RangeError(`no pack has ${seq}`);
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Changes the frames of the pack with this body, each as it will be written; undefined leaves the number out. */
export async function editPack(
  folder: string,
  seq: number,
  edit: (item: PackItem & { readonly seq: number }) => PackItem | undefined,
): Promise<void> {
  const { path, items, origin } = await packOf(folder, seq);
  const kept = items
    .map((item) => ({ seq: item.seq, item: edit(item) }))
    .filter(({ item }) => item !== undefined);
  const ranges: [number, number][] = [];
  for (const one of kept) {
    const last = ranges.at(-1);
    if (last?.[1] === one.seq) last[1]++;
    else ranges.push([one.seq, one.seq + 1]);
  }
  const frames = kept.flatMap(({ item }) => (item === undefined ? [] : [...encodeFrame(item)]));
  await writeFile(path, concatBytes([encodePackHeader({ origin, ranges }), ...frames]));
}

/** Flips a bit of this body in its pack, `at` bytes from its start. */
export async function flipBody(
  folder: string,
  seq: number,
  at: number | ((body: Buffer) => number),
): Promise<void> {
  await editPack(folder, seq, (item) => {
    if (item.seq !== seq || item.body === undefined) return item;
    const body = Buffer.from(item.body);
    const place = typeof at === "number" ? at : at(body);
    body[place] = (body[place] ?? 0) ^ 1;
    return { ...item, body };
  });
}

export async function dropBody(folder: string, seq: number): Promise<void> {
  await editPack(folder, seq, (item) => (item.seq === seq ? { ...item, body: undefined } : item));
}

export async function renameTile(path: string, width: number): Promise<string> {
  const other = path.replace(/[0-9]+$/, String(width));
  await rename(path, other);
  return other;
}

export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true });
}

export const flip =
  (at: number) =>
  (bytes: Buffer): void => {
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
  };
