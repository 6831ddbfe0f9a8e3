/**
 * The archive's own certificate authority: its server certificate, one client certificate for each enrolled
 * gateway, one for itself when it pulls. Invariant: keys are made here, stored 0600 and never leave the folder.
 */
import "reflect-metadata";
import { X509Certificate, createHash, randomBytes, webcrypto } from "node:crypto";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { writeDurably } from "../durable-file.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const CA_YEARS = 20;
const LEAF_YEARS = 5;
/** Certificates begin a day early, so that a box whose clock is a little behind can talk on its first day. */
const EARLY_MS = 86_400_000;
const YEAR_MS = 365 * 86_400_000;

export interface KeyPair {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

export interface ArchiveAuthority {
  readonly caCertificate: string;
  /** SHA-256 of the CA certificate in lower-case hex: what an enrolment line carries. */
  readonly caFingerprint: string;
  readonly server: KeyPair;
  /** The archive's own client certificate, common name `archive`. */
  readonly self: KeyPair;
  /** Signs a PKCS #10 request for the client named; the request's own subject is not used. Throws on a bad proof of possession. */
  issueClient(request: string, name: string): Promise<string>;
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

async function newKey(): Promise<{ readonly keys: webcrypto.CryptoKeyPair; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  return { keys, key: pem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)) };
}

async function importKey(text: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
}

const serial = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString("hex");
};

interface LeafRequest {
  readonly publicKey: x509.PublicKeyType;
  readonly name: string;
  readonly usage: string;
  readonly addresses: readonly string[];
}

async function leaf(
  ca: x509.X509Certificate,
  caKey: webcrypto.CryptoKey,
  request: LeafRequest,
  nowMs: number,
): Promise<string> {
  const names = request.addresses.map((address) => ({
    type: /^[0-9.:]+$/.test(address) ? ("ip" as const) : ("dns" as const),
    value: address,
  }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [request.name] }],
    issuer: ca.subject,
    notBefore: new Date(nowMs - EARLY_MS),
    notAfter: new Date(nowMs + LEAF_YEARS * YEAR_MS),
    signingKey: caKey,
    publicKey: request.publicKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([request.usage]),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

async function readOr(path: string, make: () => Promise<string>): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  const text = await make();
  await writeDurably(path, text);
  return text;
}

/** Opens the authority in `folder`, making what is not there yet. `addresses` go into the server certificate. */
export async function openAuthority(
  folder: string,
  addresses: readonly string[],
  nowMs: number,
): Promise<ArchiveAuthority> {
  x509.cryptoProvider.set(webcrypto);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const caKeyText = await readOr(join(folder, "ca.key"), async () => (await newKey()).key);
  const caKey = await importKey(caKeyText);
  const caCertificate = await readOr(join(folder, "ca.crt"), async () => {
    const { d: _secret, key_ops: _ops, ...publicJwk } = await webcrypto.subtle.exportKey("jwk", caKey);
    const publicKey = await webcrypto.subtle.importKey("jwk", publicJwk, ALGORITHM, true, ["verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: [{ CN: ["central archive CA"] }],
      notBefore: new Date(nowMs - EARLY_MS),
      notAfter: new Date(nowMs + CA_YEARS * YEAR_MS),
      signingAlgorithm: ALGORITHM,
      keys: { privateKey: caKey, publicKey },
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    });
    return `${certificate.toString("pem")}\n`;
  });
  const ca = new x509.X509Certificate(caCertificate);
  const pair = async (
    file: string,
    name: string,
    usage: string,
    names: readonly string[],
  ): Promise<KeyPair> => {
    const key = await readOr(join(folder, `${file}.key`), async () => {
      const made = await newKey();
      await writeDurably(
        join(folder, `${file}.crt`),
        await leaf(ca, caKey, { publicKey: made.keys.publicKey, name, usage, addresses: names }, nowMs),
      );
      return made.key;
    });
    return { key, certificate: await readFile(join(folder, `${file}.crt`), "utf8") };
  };
  return {
    caCertificate,
    caFingerprint: createHash("sha256").update(new X509Certificate(caCertificate).raw).digest("hex"),
    server: await pair("server", "central archive", x509.ExtendedKeyUsage.serverAuth, addresses),
    self: await pair("self", "archive", x509.ExtendedKeyUsage.clientAuth, []),
    async issueClient(request, name) {
      const parsed = new x509.Pkcs10CertificateRequest(request);
      if (!(await parsed.verify()))
        throw new RangeError("the certificate request is not signed by its own key");
      return leaf(
        ca,
        caKey,
        { publicKey: parsed.publicKey, name, usage: x509.ExtendedKeyUsage.clientAuth, addresses: [] },
        nowMs,
      );
    },
  };
}
