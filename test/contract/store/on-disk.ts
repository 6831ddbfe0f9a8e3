/** Looks for bytes in the raw files of a folder, as somebody does who takes the disk out. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { RECORD_SALT_BYTES, decodeRecord } from "../../../gateway/evidence/record.ts";

const WINDOW_BYTES = 32;
const WINDOW_EVERY_BYTES = 1024;

const TRIES = 50;

/** Files under the folder that hold any of these bytes; a needle is text or bytes. */
export async function filesWith(
  folder: string,
  needles: readonly (string | Uint8Array)[],
): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++)
    try {
      return await lookThrough(folder, needles);
    } catch (error) {
      // A table that a compaction replaced meanwhile: what it held may be in one that was not listed yet.
      const vanished = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!vanished || attempt === TRIES) throw error;
    }
}

async function lookThrough(
  folder: string,
  needles: readonly (string | Uint8Array)[],
): Promise<readonly string[]> {
  const wanted = needles.map((needle) => Buffer.from(needle as Uint8Array));
  const found: string[] = [];
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    if (wanted.some((needle) => bytes.includes(needle))) found.push(path);
  }
  return found;
}

/** Pieces of a record's body that chance puts nowhere else: its random bytes, and windows of its attachment. */
export function piecesOf(body: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [body.subarray(0, RECORD_SALT_BYTES)];
  const { attachment = new Uint8Array() } = decodeRecord(body);
  for (let at = 0; at + WINDOW_BYTES <= attachment.length; at += WINDOW_EVERY_BYTES)
    pieces.push(attachment.subarray(at, at + WINDOW_BYTES));
  return pieces;
}
