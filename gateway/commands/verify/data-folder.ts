/**
 * A stopped gateway's data folder as a source of evidence. Invariant: its own trust (trust file, or the public
 * key its signer left) shows consistency only; the report says so.
 */
import { type KeyObject, createPublicKey } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TRUST_PATH } from "../../evidence/folder.ts";
import { decodeRecord } from "../../evidence/record.ts";
import { formatTrust } from "../../evidence/trust.ts";
import {
  NOTE_ED25519,
  NOTE_SM2,
  type VerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  verifierKey,
} from "../../evidence/verifier-key.ts";
import { originOf } from "../../evidence/verify/seen.ts";
import type { EvidenceSource, LogEvidence } from "../../evidence/verify/source.ts";
import { nodeSha256, publicKeyBytes } from "../../signer/ed25519.ts";
import { sm2PublicKey } from "../../signer/sm2.ts";
import { openStoreSource } from "../../store/evidence-source.ts";
import { readText } from "../evidence-folder/folder-log.ts";
import { createHashPool } from "./hash-pool.ts";

/** Whether a folder looks like `data/<logId>/log`. */
export async function isDataFolder(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/^[0-9]{4}(\.[0-9]+)?$/.test(entry.name)) continue;
    const inside = await readdir(join(folder, entry.name));
    if (inside.includes("log")) return true;
  }
  return false;
}

/** `jobs`: cores that hash bodies. Rejects with `store.unreadable` while the gateway runs. */
export async function openDataFolder(dataFolder: string, jobs: number = 1): Promise<EvidenceSource> {
  const pool = createHashPool(jobs);
  const store = await openStoreSource(dataFolder, pool.bodies).catch(async (cause: unknown) => {
    await pool.close();
    throw cause;
  });
  return {
    holdsAllLogs: true,
    logs: () => store.logs(),
    faults: () => store.faults(),
    close: async () => {
      await store.close();
      await pool.close();
    },
    trust: async () =>
      (await store.trust()) ??
      (await readText(join(dataFolder, TRUST_PATH))) ??
      signerTrust(dataFolder, store),
  };
}

/** A trust file made from the keys that the signer left and the logs announce, for every log that has a checkpoint. */
async function signerTrust(dataFolder: string, store: EvidenceSource): Promise<string | undefined> {
  const logs = await store.logs();
  const keys = await leftKeys(dataFolder);
  if (keys.length === 0) return undefined;
  for (const log of logs) keys.push(...(await announcedOrReplaced(log)));
  const all = new Map<string, VerifierKey>();
  for (const log of logs) {
    const note = await log.checkpoint();
    const name = note === undefined ? undefined : originOf(note);
    if (name === undefined) continue;
    for (const key of keys) {
      const own = verifierKey(nodeSha256, { ...key, name });
      all.set(formatVerifierKey(own), own);
    }
  }
  return formatTrust({ logs: [...all.values()], witnesses: [], groups: [], quorum: "none" }, nodeSha256);
}

type AnyKey = Pick<VerifierKey, "type" | "publicKey">;

async function leftKeys(dataFolder: string): Promise<AnyKey[]> {
  const keys: AnyKey[] = [];
  const pem = await readText(join(dataFolder, "secrets", "signer.pub"));
  const ed25519 = pem === undefined ? undefined : keyIn(pem, publicKeyBytes);
  if (ed25519 !== undefined) keys.push({ type: NOTE_ED25519, publicKey: ed25519 });
  const national = await readText(join(dataFolder, "secrets", "signer.sm2.pub"));
  const sm2 = national === undefined ? undefined : keyIn(national, sm2PublicKey);
  if (sm2 !== undefined) keys.push({ type: NOTE_SM2, publicKey: sm2 });
  return keys;
}

/** Old and new keys by the `key` entries of a log and their records. */
async function announcedOrReplaced(log: LogEvidence): Promise<AnyKey[]> {
  const keys: AnyKey[] = [];
  for await (const { index, bytes } of log.leaves(0)) {
    if (bytes === undefined || !Buffer.from(bytes).subarray(0, 64).includes('"type":"key"')) continue;
    try {
      const body = await log.body(index);
      const { from, to } = body.state === "found" ? decodeRecord(body.body).json : {};
      for (const vkey of [from, to])
        if (typeof vkey === "string") keys.push(parseVerifierKey(vkey, nodeSha256));
    } catch (error) {
      // The judge names a record that can't be read.
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    }
  }
  return keys;
}

/** Undefined for a file that is no key: then there is no trust here, and the judge says so. */
function keyIn(pem: string, bytesOf: (key: KeyObject) => Uint8Array): Uint8Array | undefined {
  try {
    return bytesOf(createPublicKey(pem));
  } catch {
    return undefined;
  }
}
