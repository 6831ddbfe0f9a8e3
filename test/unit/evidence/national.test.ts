/** SM2 and SM3 against the standard's own sample, the openssl command and sm-crypto; the checkpoint's national line. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, nat, property } from "fast-check";
import { sm2, sm3 } from "sm-crypto";
import { afterAll, describe, expect, it } from "vitest";
import { fromHex, toBase64, toHex } from "../../../gateway/evidence/bytes.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { checkNational, nationalLine } from "../../../gateway/evidence/national.ts";
import { addSignature, formatNote, parseNote } from "../../../gateway/evidence/note.ts";
import { parseTrust } from "../../../gateway/evidence/trust.ts";
import {
  NOTE_SM2,
  checkNote,
  formatVerifierKey,
  parseVerifierKey,
  verifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import {
  loadSm2Key,
  newSm2Key,
  nodeSm3,
  nodeVerifySm2,
  sm2PublicKey,
  sm2Signer,
  sm2Z,
} from "../../../gateway/signer/sm2.ts";
import { ORIGIN, SampleLog } from "./sample-log.ts";

const folder = mkdtempSync(join(tmpdir(), "national-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const message = new TextEncoder().encode("受理通知书 2026-0001\n");

/** The sample of GB/T 32918.5-2017, A.2. */
const SAMPLE = {
  privateKey: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
  publicKey:
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
  z: "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3",
  message: new TextEncoder().encode("message digest"),
  r: "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3",
  s: "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
};

/** DER of the pair. */
function der(r: string, s: string): Uint8Array {
  const integer = (hex: string): string => {
    const short = hex.replace(/^(00)+(?=..)/, "");
    const positive = Number.parseInt(short.slice(0, 2), 16) >= 0x80 ? `00${short}` : short;
    return `02${(positive.length / 2).toString(16).padStart(2, "0")}${positive}`;
  };
  const body = `${integer(r)}${integer(s)}`;
  return fromHex(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`);
}

function openssl(...args: readonly string[]): string {
  return execFileSync("openssl", args, { cwd: folder, stdio: "pipe" }).toString();
}

function hasOpenssl(): boolean {
  try {
    return openssl("version").startsWith("OpenSSL 3");
  } catch {
    console.warn("SKIPPED: SM2 against the openssl command needs apt-get install openssl (3.x)");
    return false;
  }
}

describe("SM3 and SM2", () => {
  it("are those of GB/T 32905 A.1 and GB/T 32918.5 A.2", () => {
    expect(toHex(nodeSm3(new TextEncoder().encode("abc")))).toBe(
      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    );
    const publicKey = fromHex(SAMPLE.publicKey);
    expect(toHex(sm2Z(publicKey))).toBe(SAMPLE.z);
    const signature = der(SAMPLE.r, SAMPLE.s);
    expect(nodeVerifySm2({ publicKey, message: SAMPLE.message, signature })).toBe(true);
    expect(nodeVerifySm2({ publicKey, message, signature })).toBe(false);
  });

  it("agree with sm-crypto in both directions", () => {
    const key = loadSm2Key(newSm2Key());
    const publicKey = sm2PublicKey(key);
    const signature = sm2Signer(key)(message);
    const options = { hash: true, der: true };
    expect(sm2.doVerifySignature([...message], toHex(signature), toHex(publicKey), options)).toBe(true);
    const pair = sm2.generateKeyPairHex();
    const theirs = fromHex(sm2.doSignature([...message], pair.privateKey, options));
    const from = fromHex(pair.publicKey);
    expect(nodeVerifySm2({ publicKey: from, message, signature: theirs })).toBe(true);
    theirs[20] = (theirs[20] ?? 0) ^ 1;
    expect(nodeVerifySm2({ publicKey: from, message, signature: theirs })).toBe(false);
    expect(sm3([...message])).toBe(toHex(nodeSm3(message)));
  });

  it.skipIf(!hasOpenssl())("agree with the openssl command and the standard's ID in both directions", () => {
    writeFileSync(join(folder, "message"), message);
    const pem = newSm2Key();
    writeFileSync(join(folder, "ours.pem"), pem);
    openssl("pkey", "-in", "ours.pem", "-pubout", "-out", "ours.pub");
    writeFileSync(join(folder, "ours.sig"), sm2Signer(loadSm2Key(pem))(message));
    const id = ["-sigopt", "distid:1234567812345678"];
    const verify = ["dgst", "-sm3", "-verify", "ours.pub", "-signature", "ours.sig"];
    expect(openssl(...verify, ...id, "message")).toContain("Verified OK");
    expect(() => openssl(...verify, "message"), "without the standard's ID").toThrow();
    openssl("genpkey", "-algorithm", "SM2", "-out", "theirs.pem");
    openssl("dgst", "-sm3", "-sign", "theirs.pem", ...id, "-out", "theirs.sig", "message");
    const publicKey = sm2PublicKey(loadSm2Key(readFileSync(join(folder, "theirs.pem"))));
    const signature = readFileSync(join(folder, "theirs.sig"));
    expect(nodeVerifySm2({ publicKey, message, signature })).toBe(true);
    expect(openssl("dgst", "-sm3", "-r", "message").split(" ")[0]).toBe(toHex(nodeSm3(message)));
  });

  it("refuse keys that would sign something else, and malformed signatures", () => {
    const fresh = generateKeyPairSync("ec", { namedCurve: "SM2" }).privateKey;
    expect(fresh.asymmetricKeyType).toBe("ec");
    expect(() => sm2Signer(fresh)).toThrow(RangeError);
    const others = [generateKeyPairSync("ec", { namedCurve: "P-256" }), generateKeyPairSync("ed25519")];
    for (const { privateKey } of others)
      expect(() => loadSm2Key(privateKey.export({ format: "pem", type: "pkcs8" }).toString())).toThrow(
        RangeError,
      );
    const key = loadSm2Key(newSm2Key());
    const publicKey = sm2PublicKey(key);
    const signature = sm2Signer(key)(message);
    for (const bad of [
      new Uint8Array(),
      signature.subarray(0, -1),
      Uint8Array.of(...signature, 0),
      fromHex("3006020100020100"),
    ])
      expect(nodeVerifySm2({ publicKey, message, signature: bad })).toBe(false);
    const offCurve = Uint8Array.from(publicKey, (byte, i) => (i === 64 ? byte ^ 1 : byte));
    expect(nodeVerifySm2({ publicKey: offCurve, message, signature })).toBe(false);
    expect(nodeVerifySm2({ publicKey: publicKey.subarray(1), message, signature })).toBe(false);
  });
});

describe("the national line of a checkpoint", () => {
  const privateKey = loadSm2Key(newSm2Key());
  const key = verifierKey(nodeSha256, { name: ORIGIN, type: NOTE_SM2, publicKey: sm2PublicKey(privateKey) });
  const sign = sm2Signer(privateKey);

  async function signed(log: SampleLog): Promise<{ readonly text: string; readonly root: Uint8Array }> {
    const tree = new Frontier(nodeSm3);
    for (const { bytes } of log.items) tree.append(leafHash(nodeSm3, bytes));
    const note = parseNote(await log.note());
    const line = nationalLine({ checkpointText: note.text, sm3Root: tree.root(), key, sign });
    return { text: formatNote(addSignature(note, line)), root: new Uint8Array(tree.root()) };
  }

  it("has a verifier key of type 0xff with a long identifier (signed-note, Signature types)", () => {
    const text = formatVerifierKey(key);
    expect(parseVerifierKey(text, nodeSha256)).toEqual(key);
    const encoded = Buffer.from(text.split("+").slice(2).join("+"), "base64");
    expect(encoded[0]).toBe(0xff);
    expect(encoded.subarray(1, 27).toString()).toBe("counter-gateway/sm2-sm3/v1");
    expect(encoded.length).toBe(1 + 26 + 65);
    const other = Buffer.from(encoded);
    other[5] = 0x21;
    expect(() => parseVerifierKey(`${ORIGIN}+00000000+${toBase64(other)}`)).toThrow(RangeError);
    const trust = parseTrust(`log ${text}\nquorum none\n`, nodeSha256);
    expect(trust.logs).toEqual([key]);
  });

  it("signs checkpoint and SM3 root, and leaves the Ed25519 line to those who know nothing of it", async () => {
    const log = new SampleLog().fill(300);
    const { text, root } = await signed(log);
    const note = parseNote(text);
    expect(parseCheckpoint(note.text).size).toBe(300);
    expect(checkNational(note, key, nodeVerifySm2)).toEqual({ state: "good", sm3Root: root });
    expect(await checkNote(note, log.key, nodeVerify)).toBe("good");
    expect(checkNational(note, log.key, nodeVerifySm2)).toEqual({ state: "absent" });
    expect(checkNational(parseNote(await log.note()), key, nodeVerifySm2)).toEqual({ state: "absent" });
  });

  it("is wrong after any bit of it or of the text changed", async () => {
    const note = parseNote((await signed(new SampleLog().fill(7))).text);
    const [ed25519, national] = note.signatures;
    if (ed25519 === undefined || national === undefined) throw new Error("two lines were signed");
    assert(
      property(nat(national.bytes.length * 8 - 1), (bit) => {
        const bytes = national.bytes.slice();
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = { ...note, signatures: [ed25519, { ...national, bytes }] };
        return checkNational(changed, key, nodeVerifySm2).state === "wrong";
      }),
      { numRuns: 60 },
    );
    const longer = { ...note, text: note.text.replace("\n7\n", "\n8\n") };
    expect(checkNational(longer, key, nodeVerifySm2).state).toBe("wrong");
  });

  it.skipIf(!hasOpenssl())("is checked by the openssl command alone", async () => {
    const { text, root } = await signed(new SampleLog().fill(20));
    const note = parseNote(text);
    const blob = note.signatures[1]?.bytes ?? new Uint8Array();
    const spki = Buffer.from(
      `3059301306072a8648ce3d020106082a811ccf5501822d034200${toHex(key.publicKey)}`,
      "hex",
    );
    writeFileSync(join(folder, "note"), `counter-gateway/sm2-sm3/v1\nroot ${toBase64(root)}\n${note.text}`);
    writeFileSync(join(folder, "note.sig"), blob.subarray(32));
    writeFileSync(
      join(folder, "note.pub"),
      `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64")}\n-----END PUBLIC KEY-----\n`,
    );
    const verify = ["dgst", "-sm3", "-verify", "note.pub", "-signature", "note.sig"];
    expect(openssl(...verify, "-sigopt", "distid:1234567812345678", "note")).toContain("Verified OK");
  });
});
