/** Finds out what kind of evidence lies in a folder: evidence folders, an archive's, or a stopped gateway's data. */
import { CodedError } from "../../domain/errors.ts";
import type { EvidenceSource } from "../../evidence/verify/source.ts";
import { nodeSha256 } from "../../signer/ed25519.ts";
import { findEvidenceFolders, openFolderSource } from "../evidence-folder-source.ts";
import { isDataFolder, openDataFolder } from "./data-folder.ts";

/** Throws Error with a plain message when it is no evidence, and `store.unreadable` while a gateway runs on it. */
export async function openEvidence(folder: string): Promise<EvidenceSource> {
  const folders = await findEvidenceFolders(folder);
  if (folders.length > 0) return openFolderSource(folder, folders, nodeSha256);
  if (await isDataFolder(folder)) return openDataFolder(folder);
  throw new Error(`这里没有证据 · no evidence here: ${folder}`);
}

/** What to tell a person about a fault of the command itself. */
export function faultLines(error: unknown): readonly string[] {
  const isHeld = error instanceof CodedError && error.code === "store.unreadable";
  return [
    ...(isHeld
      ? [
          "网关是否正在运行？请先停止，或核验档案副本 · Is the gateway running? Stop it, or verify the archive's copy.",
        ]
      : []),
    error instanceof Error ? error.message : "failed",
  ];
}
