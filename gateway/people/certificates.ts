/**
 * The box's own certificate authority: made at first run, it signs the certificate of the box's servers and
 * those of clients that the box admits. Invariant: a key and its certificate are one secret, so neither is ever
 * there without the other.
 */
import { X509Certificate, createHash, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { Clock } from "../domain/time.ts";
import type { Random, Secrets } from "./ports.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const CA_LIFE_MS = 10 * 365 * DAY_MS;
const LEAF_LIFE_MS = 2 * 365 * DAY_MS;
/** A certificate with less than this left is made again. */
const RENEW_BEFORE_MS = 60 * DAY_MS;
/** Certificates begin a day early, so that a machine whose clock is a little behind can talk on the first day. */
const EARLY_MS = DAY_MS;
const CLIENT_NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** PEM texts. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

export interface Certificates {
  /** What a browser or client has to trust, PEM. */
  readonly caCertificate: string;
  /** SHA-256 of the CA certificate, lower-case hex: what people compare on first trust. */
  readonly caFingerprint: string;
  /** The servers' pair, made again when it ends within 60 days or a name is missing. To be asked at start and daily. */
  server(): Promise<KeyPair>;
  /** A client's pair, kept and made again as the server's. Throws RangeError on a bad name. */
  issueClient(name: string): Promise<KeyPair>;
}

export interface CertificatesOptions {
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  /** DNS names and addresses of this box beside localhost, 127.0.0.1 and ::1. */
  readonly hosts: readonly string[];
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** Splits a secret that holds a key and its certificate. */
function pairOf(text: string): KeyPair {
  const parts = text.split(/(?=-----BEGIN CERTIFICATE-----)/);
  return { key: parts[0] ?? "", certificate: parts[1] ?? "" };
}

async function newKeys(): Promise<{ readonly keys: webcrypto.CryptoKeyPair; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  return { keys, key: pem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)) };
}

function signingKey(text: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

/** Opens the authority, making it at first run. */
export async function openCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { secrets, clock, random } = options;
  x509.cryptoProvider.set(webcrypto);
  const serial = (): string => {
    const bytes = Buffer.from(random.bytes(16));
    // A serial number is positive and has no leading zero byte (RFC 5280 4.1.2.2).
    bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
    return bytes.toString("hex");
  };
  const span = (lifeMs: number): { notBefore: Date; notAfter: Date } => ({
    notBefore: new Date(clock.wallMs() - EARLY_MS),
    notAfter: new Date(clock.wallMs() + lifeMs),
  });

  async function makeAuthority(): Promise<string> {
    const { keys, key } = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      // The id tells two boxes' authorities apart in a browser's list.
      name: [{ CN: [`counter gateway CA ${Buffer.from(random.bytes(4)).toString("hex")}`] }],
      ...span(CA_LIFE_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return `${key}${certificate.toString("pem")}\n`;
  }
  const stored = await secrets.get("tls/ca");
  const authorityText = stored ?? (await makeAuthority());
  if (stored === undefined) await secrets.put("tls/ca", authorityText);
  const authority = pairOf(authorityText);
  const caKey = await signingKey(authority.key);
  const ca = new x509.X509Certificate(authority.certificate);
  const caRaw = new X509Certificate(authority.certificate).raw;

  async function makeLeaf(name: string, usage: string, hosts: readonly string[]): Promise<string> {
    const { keys, key } = await newKeys();
    const names = hosts.map((host) => ({
      type: isIP(host) === 0 ? ("dns" as const) : ("ip" as const),
      value: host,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: [{ CN: [name] }],
      issuer: ca.subject,
      ...span(LEAF_LIFE_MS),
      signingKey: caKey,
      publicKey: keys.publicKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
        ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
      ],
    });
    return `${key}${certificate.toString("pem")}\n`;
  }
  function isGood(pair: KeyPair, hosts: readonly string[]): boolean {
    const certificate = new X509Certificate(pair.certificate);
    return (
      certificate.checkIssued(new X509Certificate(caRaw)) &&
      certificate.validToDate.getTime() - clock.wallMs() > RENEW_BEFORE_MS &&
      hosts.every(
        (host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
      )
    );
  }
  async function pair(
    secret: string,
    name: string,
    usage: string,
    hosts: readonly string[],
  ): Promise<KeyPair> {
    const kept = await secrets.get(secret);
    if (kept !== undefined && isGood(pairOf(kept), hosts)) return pairOf(kept);
    const fresh = await makeLeaf(name, usage, hosts);
    await secrets.put(secret, fresh);
    return pairOf(fresh);
  }

  const hosts = [...new Set(["localhost", "127.0.0.1", "::1", ...options.hosts])];
  return {
    caCertificate: authority.certificate,
    caFingerprint: createHash("sha256").update(caRaw).digest("hex"),
    server: () => pair("tls/server", "counter gateway", x509.ExtendedKeyUsage.serverAuth, hosts),
    async issueClient(name) {
      if (!CLIENT_NAME.test(name)) throw new RangeError("a client's name is lower-case letters and digits");
      return pair(`tls/client/${name}`, name, x509.ExtendedKeyUsage.clientAuth, []);
    },
  };
}
