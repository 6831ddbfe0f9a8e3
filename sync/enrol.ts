/**
 * Enrols a gateway at the archive as a program: one JSON line in on stdin, one JSON line out on stdout:
 * the enrolment, or `refused` with a code.
 * Invariant: the archive is recognised by the fingerprint in the enrolment line before anything is said to it.
 */
import "reflect-metadata";
import { X509Certificate, createHash, webcrypto } from "node:crypto";
import { connect } from "node:tls";
import { text } from "node:stream/consumers";
import * as x509 from "@peculiar/x509";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { Agent, request } from "undici";
import { EnrolAnswer } from "./archive/contract.ts";
import { parseEnrolmentLine } from "./enrolment-line.ts";

const CONNECT_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 10_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const Input = Type.Object({
  line: Type.String({ maxLength: 400 }),
  unit: Type.String(),
  gateway: Type.String(),
  logKey: Type.String(),
  pullUrl: Type.String(),
  gatewayCa: Type.String(),
});

class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The CA certificate that the archive shows, PEM, if its fingerprint is the one expected. */
async function pinnedCa(url: URL, fingerprint: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Nothing is sent on this connection: it only fetches the chain, which the fingerprint then decides on.
    const socket = connect({
      host: url.hostname,
      port: Number(url.port),
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
    });
    socket.setTimeout(CONNECT_LIMIT_MS, () => socket.destroy(new Error("the archive does not answer")));
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      let certificate = socket.getPeerCertificate(true);
      while (certificate.issuerCertificate !== undefined && certificate.issuerCertificate !== certificate)
        certificate = certificate.issuerCertificate;
      const ca = new X509Certificate(certificate.raw);
      socket.destroy();
      if (createHash("sha256").update(ca.raw).digest("hex") !== fingerprint)
        reject(new Refusal("sync.archiveNotRecognised"));
      else resolve(ca.toString());
    });
  });
}

function pem(der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

/** Throws Refusal, and the transport's own errors when nobody answers. */
async function enrol(input: Static<typeof Input>): Promise<EnrolAnswer & { url: string; key: string }> {
  const { line, ...identity } = input;
  const { url, fingerprint, code } = parseEnrolmentLine(line);
  const ca = await pinnedCa(url, fingerprint);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificateRequest = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [`${input.unit}/${input.gateway}`] }],
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const dispatcher = new Agent({ connect: { ca, timeout: CONNECT_LIMIT_MS } });
  try {
    const answer = await request(`${url.origin}/sync/v1/enrol`, {
      method: "POST",
      dispatcher,
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...identity, code, certificateRequest: certificateRequest.toString("pem") }),
    });
    const body: unknown = await answer.body.json();
    if (answer.statusCode !== 200)
      throw new Refusal(answer.statusCode === 403 ? "sync.enrolRefused" : "sync.archiveNotReached");
    const key = pem(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    return { url: url.origin, key, ...Value.Parse(EnrolAnswer, body) };
  } finally {
    await dispatcher.destroy();
  }
}

x509.cryptoProvider.set(webcrypto);
const input = Value.Parse(Input, JSON.parse(await text(process.stdin)));
try {
  process.stdout.write(`${JSON.stringify(await enrol(input))}\n`);
} catch (error) {
  const refused = error instanceof Refusal ? error.code : "sync.archiveNotReached";
  process.stdout.write(`${JSON.stringify({ refused })}\n`);
  process.stderr.write(`enrolment: ${error instanceof Error ? error.message : "failed"}\n`);
  process.exitCode = 1;
}
