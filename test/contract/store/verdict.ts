/** The judge's verdict on a stopped store, with its signer's own keys as trust. */
import { verify as verifySignature } from "node:crypto";
import { type Verdict, judge } from "../../../gateway/evidence/verify/judge.ts";
import { nodeSm3, nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";
import { openStoreSource } from "../../../gateway/store/evidence-source.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";

const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");

/** `vkeys`: verifier keys of the logs. */
export async function verdictOn(dataFolder: string, vkeys: readonly string[]): Promise<Verdict> {
  const source = await openStoreSource(dataFolder);
  try {
    return await judge({
      source,
      sha256,
      national: { sm3: nodeSm3, verifySm2: nodeVerifySm2 },
      verify: ({ publicKey, message, signature }) =>
        verifySignature(
          null,
          message,
          { key: Buffer.concat([SPKI_ED25519, publicKey]), format: "der", type: "spki" },
          signature,
        ),
      trustText: `${vkeys.map((key) => `log ${key}`).join("\n")}\nquorum none\n`,
      bodies: true,
    });
  } finally {
    await source.close();
  }
}
