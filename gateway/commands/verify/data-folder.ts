/**
 * A stopped gateway's data folder as a source of evidence. Invariant: its own trust (trust file, or the public
 * key its signer left) shows consistency only; the report says so.
 */
import { createPublicKey } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint } from "../../evidence/checkpoint.ts";
import { TRUST_PATH } from "../../evidence/folder.ts";
import { parseNote } from "../../evidence/note.ts";
import { formatTrust } from "../../evidence/trust.ts";
import { NOTE_ED25519, type VerifierKey, verifierKey } from "../../evidence/verifier-key.ts";
import type { EvidenceSource } from "../../evidence/verify/source.ts";
import { nodeSha256, publicKeyBytes } from "../../signer/ed25519.ts";
import { openStoreSource } from "../../store/evidence-source.ts";
import { readText } from "../evidence-folder/folder-log.ts";

/** Whether a folder looks like `data/<logId>/log`. */
export async function isDataFolder(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/^[0-9]{4}(\.[0-9]+)?$/.test(entry.name)) continue;
    const inside = await readdir(join(folder, entry.name));
    if (inside.includes("log")) return true;
  }
  return false;
}

/** Rejects with `store.unreadable` while the gateway runs. */
export async function openDataFolder(dataFolder: string): Promise<EvidenceSource> {
  const store = await openStoreSource(dataFolder);
  return {
    holdsAllLogs: true,
    logs: () => store.logs(),
    faults: () => store.faults(),
    close: () => store.close(),
    trust: async () =>
      (await store.trust()) ??
      (await readText(join(dataFolder, TRUST_PATH))) ??
      signerTrust(dataFolder, store),
  };
}

/** A trust file made from the signer's public key, for every log that has a checkpoint. */
async function signerTrust(dataFolder: string, store: EvidenceSource): Promise<string | undefined> {
  const pem = await readText(join(dataFolder, "secrets", "signer.pub"));
  if (pem === undefined) return undefined;
  const publicKey = publicKeyIn(pem);
  if (publicKey === undefined) return undefined;
  const logs: VerifierKey[] = [];
  for (const log of await store.logs()) {
    const note = await log.checkpoint();
    const name = note === undefined ? undefined : originIn(note);
    if (name !== undefined) logs.push(verifierKey(nodeSha256, { name, type: NOTE_ED25519, publicKey }));
  }
  return formatTrust({ logs, witnesses: [], groups: [], quorum: "none" }, nodeSha256);
}

/** Undefined for a file that is no key: then there is no trust here, and the judge says so. */
function publicKeyIn(pem: string): Uint8Array | undefined {
  try {
    return publicKeyBytes(createPublicKey(pem));
  } catch {
    return undefined;
  }
}

function originIn(note: string): string | undefined {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
