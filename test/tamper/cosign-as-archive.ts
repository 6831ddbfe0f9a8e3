/** What an honest archive does with a log that looks true to it: co-signs its checkpoint with the time of its own clock. */
import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cosign } from "../../gateway/evidence/cosignature.ts";
import { addSignature, formatNote, parseNote } from "../../gateway/evidence/note.ts";
import { parseTrust } from "../../gateway/evidence/trust.ts";
import { nodeSha256, nodeSign } from "../../gateway/signer/ed25519.ts";
import { put } from "./evidence-folder-of.ts";
import type { Made } from "./made.ts";

export async function cosignAsArchive(folder: string, made: Made): Promise<void> {
  const keyPath = join(dirname(made.archive), "archive-root", "keys", "witness.key");
  const [witness] = parseTrust(made.trust, nodeSha256).witnesses;
  if (witness === undefined) throw new RangeError("no witness in the trust file");
  const note = parseNote(await readFile(join(folder, "checkpoint"), "utf8"));
  const line = await cosign({
    checkpointText: note.text,
    timeS: Math.floor(Date.now() / 1000),
    key: witness.key,
    sign: nodeSign(createPrivateKey(await readFile(keyPath))),
  });
  await put(folder, "checkpoint", formatNote(addSignature(note, line)));
}
