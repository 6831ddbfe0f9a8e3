/** Reads the catalogue of papers. Invariant: a file that is wrong stops the start with its name. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DocumentKinds, parseDocumentKinds } from "../../domain/records/document-kinds.ts";

/** Files of `firmware-configs/document-kinds` that list papers. */
const KIND_FILES = ["counter.json", "process.json"] as const;

async function readJson(folder: string, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new RangeError(`${name} is not JSON`, { cause });
  }
}

/** Throws RangeError naming what is wrong. */
export async function loadDocumentKinds(folder: string): Promise<DocumentKinds> {
  return parseDocumentKinds({
    kinds: await Promise.all(KIND_FILES.map((name) => readJson(folder, name))),
    matters: await readJson(folder, "av-matters.json"),
    words: await readJson(folder, "words.json"),
  });
}
