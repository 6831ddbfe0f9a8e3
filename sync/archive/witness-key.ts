/** The archive's Ed25519 key for cosignatures and acknowledgements; the file is 0600 and made at first start. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Sha256, VerifyEd25519 } from "../../gateway/evidence/suite.ts";
import { COSIGNATURE_V1, verifierKey } from "../../gateway/evidence/verifier-key.ts";
import { writeDurably } from "../durable-file.ts";
import type { WitnessKey } from "./witness.ts";

const RAW_KEY_BYTES = 32;
/** DER head of an Ed25519 SubjectPublicKeyInfo (RFC 8410); the 32 raw bytes follow it. */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

export async function openWitnessKey(path: string, name: string, sha256: Sha256): Promise<WitnessKey> {
  let pem: string;
  try {
    pem = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await writeDurably(path, pem);
  }
  const privateKey = createPrivateKey(pem);
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const publicKey = new Uint8Array(spki.subarray(-RAW_KEY_BYTES));
  return {
    key: verifierKey(sha256, { name, type: COSIGNATURE_V1, publicKey }),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/** False for a wrong signature and for a malformed key alike. */
export const verifyEd25519: VerifyEd25519 = ({ publicKey, message, signature }) => {
  if (publicKey.length !== RAW_KEY_BYTES) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: "der", type: "spki" });
  return verify(null, message, key, signature);
};
