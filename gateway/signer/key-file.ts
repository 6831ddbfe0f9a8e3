/** The log's private key on disk: PKCS #8 in PEM, mode 0400, made at the first start. */
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeDurably } from "./durable-file.ts";

const KEY_MODE = 0o400;
const PUBLIC_MODE = 0o644;

/** Throws when there is a key that can't be read: a new one would silently end every log. */
export function openKey(path: string): { readonly key: KeyObject; readonly created: boolean } {
  const created = !existsSync(path);
  if (created) {
    const pem = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" });
    writeDurably(path, pem.toString(), KEY_MODE);
  }
  const key = createPrivateKey(readFileSync(path));
  if (key.asymmetricKeyType !== "ed25519") throw new RangeError("the signer's key is not an Ed25519 key");
  return { key, created };
}

/** The public key beside it in PEM (SPKI), so that a verifier of the data folder needs no private key. */
export function writePublicKey(path: string, key: KeyObject): void {
  const pem = createPublicKey(key).export({ format: "pem", type: "spki" });
  writeDurably(path, pem.toString(), PUBLIC_MODE);
}
