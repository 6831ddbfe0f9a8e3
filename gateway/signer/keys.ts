/**
 * The keys that sign, and the ones that are to take over. Invariant: the state file alone decides which keys are
 * in force; a change that a crash interrupted is finished at the next start, and a replaced key is destroyed.
 */
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { equalBytes } from "../evidence/bytes.ts";
import type { NoteSignature, SignedNote } from "../evidence/note.ts";
import { nationalLine } from "../evidence/national.ts";
import type { Suite } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import { NOTE_ED25519, NOTE_SM2, signNote, verifierKey } from "../evidence/verifier-key.ts";
import { syncFolder, writeDurably } from "./durable-file.ts";
import { nodeSha256, nodeSign, publicKeyBytes } from "./ed25519.ts";
import type { SignerKey, SignerKeyType } from "./protocol.ts";
import { loadSm2Key, newSm2Key, sm2PublicKey, sm2Signer } from "./sm2.ts";

const KEY_MODE = 0o400;
const PUBLIC_MODE = 0o644;
const OLD_FILES = ["signer.old.key", "signer.old.sm2.key"];

const FILES: Readonly<
  Record<SignerKeyType, { readonly now: string; readonly next: string; readonly old: string }>
> = {
  [NOTE_ED25519]: { now: "signer.key", next: "signer.next.key", old: "signer.old.key" },
  [NOTE_SM2]: { now: "signer.sm2.key", next: "signer.next.sm2.key", old: "signer.old.sm2.key" },
};

const ONE: readonly SignerKeyType[] = [NOTE_ED25519];
const BOTH: readonly SignerKeyType[] = [NOTE_ED25519, NOTE_SM2];

interface HeldKey extends SignerKey {
  readonly privateKey: KeyObject;
}

function load(type: SignerKeyType, path: string): HeldKey {
  const pem = readFileSync(path);
  if (type === NOTE_SM2) {
    const privateKey = loadSm2Key(pem);
    return { type, privateKey, publicKey: sm2PublicKey(privateKey) };
  }
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new RangeError("the signer's key is not an Ed25519 key");
  return { type, privateKey, publicKey: publicKeyBytes(privateKey) };
}

function make(type: SignerKeyType, path: string): void {
  const pem =
    type === NOTE_SM2
      ? newSm2Key()
      : generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  writeDurably(path, pem, KEY_MODE);
}

const isSame = (a: SignerKey, b: SignerKey): boolean =>
  a.type === b.type && equalBytes(a.publicKey, b.publicKey);

/** Works in the current folder, the signer's own. */
export class SignerKeys {
  #held: readonly HeldKey[];
  /** True when a key had to be made: what another one signed must not be signed on. */
  readonly created: boolean;

  /**
   * Opens the keys, or makes them; `inForce` is what the state file says, undefined where it says nothing. Throws
   * when there is a key that can't be read: a new one would silently end every log.
   */
  constructor(suite: Suite, inForce: readonly SignerKey[] | undefined) {
    for (const type of BOTH) this.#finishTurn(type, inForce);
    for (const file of OLD_FILES) destroy(file);
    // A log of the other suite that ended may still have a last tree to be signed.
    const types = suite === "sm2-sm3" || existsSync(FILES[NOTE_SM2].now) ? BOTH : ONE;
    const missing = types.filter((type) => !existsSync(FILES[type].now));
    for (const type of missing) make(type, FILES[type].now);
    this.#held = types.map((type) => load(type, FILES[type].now));
    const others =
      inForce !== undefined &&
      inForce.some((key) => types.includes(key.type) && !this.#held.some((held) => isSame(held, key)));
    // A kind of key that nothing was signed with yet is not a new key of a log that exists.
    this.created = others || (inForce === undefined && missing.includes(NOTE_ED25519));
    this.#writePublicKeys();
  }

  /** Public halves of the keys in force, Ed25519 first. */
  get inForce(): readonly SignerKey[] {
    return this.#held.map(({ type, publicKey }) => ({ type, publicKey }));
  }

  /** Makes the keys of these types that are to take over, unless they are there; durable when it returns. */
  next(types: readonly SignerKeyType[]): readonly SignerKey[] {
    for (const type of types) if (!existsSync(FILES[type].next)) make(type, FILES[type].next);
    return types.map((type) => {
      const { publicKey } = load(type, FILES[type].next);
      return { type, publicKey };
    });
  }

  /** Whether each of these waits to take over, and no two of them from the same key. */
  areNext(keys: readonly SignerKey[]): boolean {
    const types = new Set(keys.map(({ type }) => type));
    const waits = (key: SignerKey): boolean =>
      existsSync(FILES[key.type].next) && isSame(load(key.type, FILES[key.type].next), key);
    return keys.length > 0 && types.size === keys.length && keys.every(waits);
  }

  /** A note with one line of each key in force that the tree's suite has, and of each key that takes over. */
  async note(text: string, tree: TreeToSign, next: readonly SignerKey[]): Promise<SignedNote> {
    const signatures: NoteSignature[] = [];
    const takingOver = next.map(({ type }) => load(type, FILES[type].next));
    for (const held of [...this.#held, ...takingOver]) {
      const { type, publicKey, privateKey } = held;
      const key = verifierKey(nodeSha256, { name: tree.origin, type, publicKey });
      if (type === NOTE_ED25519)
        signatures.push(...(await signNote(text, key, nodeSign(privateKey))).signatures);
      else if (tree.national !== undefined)
        signatures.push(
          nationalLine({
            checkpointText: text,
            sm3Root: tree.national.root,
            key,
            sign: sm2Signer(privateKey),
          }),
        );
    }
    return { text, signatures };
  }

  /** To be called once the state says that these are in force; the replaced ones are gone afterwards. */
  turn(inForce: readonly SignerKey[]): void {
    for (const { type } of inForce) this.#finishTurn(type, inForce);
    for (const file of OLD_FILES) destroy(file);
    this.#held = this.#held.map(({ type }) => load(type, FILES[type].now));
    this.#writePublicKeys();
  }

  #finishTurn(type: SignerKeyType, inForce: readonly SignerKey[] | undefined): void {
    const { now, next, old } = FILES[type];
    if (!existsSync(next)) return;
    const waiting = load(type, next);
    if (inForce?.some((key) => isSame(key, waiting)) !== true) return;
    // The old key keeps a name until the new one has its place, so that its bytes can be overwritten.
    if (existsSync(now) && !existsSync(old)) linkSync(now, old);
    renameSync(next, now);
    syncFolder(now);
  }

  /** In PEM (SPKI) beside the keys, so that a verifier of the data folder needs no private key. */
  #writePublicKeys(): void {
    for (const { type, privateKey } of this.#held) {
      const pem = createPublicKey(privateKey).export({ format: "pem", type: "spki" });
      writeDurably(FILES[type].now.replace(/key$/, "pub"), pem.toString(), PUBLIC_MODE);
    }
  }
}

/** Overwrites a replaced key before it loses its name; what a disk keeps of a block is out of our hands. */
function destroy(path: string): void {
  if (!existsSync(path)) return;
  const { size } = statSync(path);
  chmodSync(path, 0o600);
  const file = openSync(path, "r+");
  try {
    writeSync(file, Buffer.alloc(size));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
  syncFolder(path);
}
