/** Runs the judge over a folder on disk, as the command does. */
import { openFolderSource } from "../../../gateway/commands/evidence-folder-source.ts";
import { findEvidenceFolders } from "../../../gateway/commands/evidence-folder-source.ts";
import { type Verdict, judge } from "../../../gateway/evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";

export async function judged(folder: string, trustText?: string): Promise<Verdict> {
  const source = await openFolderSource(folder, await findEvidenceFolders(folder), nodeSha256);
  try {
    return await judge({
      source,
      sha256: nodeSha256,
      verify: nodeVerify,
      national: { sm3: nodeSm3, verifySm2: nodeVerifySm2 },
      bodies: true,
      ...(trustText === undefined ? {} : { trustText }),
    });
  } finally {
    await source.close();
  }
}

/** `code seq` of each finding, in order; the number of a run's last entry where it has more than one. */
export function codes(verdict: Verdict): readonly string[] {
  return verdict.findings.map(({ code, seq, lastSeq }) =>
    [code, ...(seq === undefined ? [] : [lastSeq === seq ? `${seq}` : `${seq}-${lastSeq}`])].join(" "),
  );
}
