/** The box's own authority: what it signs holds in a real TLS connection, and is made again in time. */
import { X509Certificate, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TLSSocket, connect, createServer } from "node:tls";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCertificates } from "../../../gateway/people/certificates.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { type SteeredClock, steeredClock } from "./steered-clock.ts";

const DAY_MS = 86_400_000;
let folder: string;
let clock: SteeredClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "certificates-"));
  clock = steeredClock();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (hosts: readonly string[] = ["gateway.test"]) =>
  openCertificates({
    secrets: createSecretFiles(folder),
    clock,
    random: { bytes: randomBytes },
    hosts,
  });

describe("certificates", () => {
  it("are made once and found again", async () => {
    const first = await open();
    const pair = await first.server();
    const second = await open();
    expect(second.caFingerprint).toBe(first.caFingerprint);
    expect(await second.server()).toEqual(pair);
  });

  it("name this box and were signed by its authority", async () => {
    const certificates = await open();
    const server = new X509Certificate((await certificates.server()).certificate);
    const authority = new X509Certificate(certificates.caCertificate);
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkHost("localhost")).toBeDefined();
    expect(server.checkHost("gateway.test")).toBeDefined();
    expect(server.checkIP("127.0.0.1")).toBeDefined();
    expect(server.checkHost("elsewhere.test")).toBeUndefined();
  });

  it("are made again before they end, and when the box gets another name", async () => {
    const before = await (await open()).server();
    clock.pass(2 * 365 * DAY_MS - 61 * DAY_MS);
    expect(await (await open()).server()).toEqual(before);
    clock.pass(2 * DAY_MS);
    const renewed = await (await open()).server();
    expect(renewed.certificate).not.toBe(before.certificate);
    const renamed = await (await open(["other.test"])).server();
    expect(new X509Certificate(renamed.certificate).checkHost("other.test")).toBeDefined();
  });

  it("let a client with a certificate in and keep one without out", async () => {
    const certificates = await open();
    clock.setWall(Date.now());
    const [server, client] = await Promise.all([certificates.server(), certificates.issueClient("archive")]);
    const ca = certificates.caCertificate;
    const listener = createServer(
      { key: server.key, cert: server.certificate, ca, requestCert: true, rejectUnauthorized: true },
      (socket: TLSSocket) => socket.end(String(socket.getPeerCertificate().subject.CN)),
    );
    listener.on("tlsClientError", () => {});
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const says = async (credentials: object): Promise<string> => {
      const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...credentials });
      let text = "";
      socket.on("data", (bytes: Buffer) => (text += bytes.toString()));
      await once(socket, "close");
      return text;
    };
    try {
      expect(await says({ key: client.key, cert: client.certificate })).toBe("archive");
      await expect(says({})).rejects.toThrow();
    } finally {
      listener.close();
    }
  });

  it("refuses a client name that could be anything else than a name", async () => {
    await expect((await open()).issueClient("../x")).rejects.toThrow(RangeError);
  });
});
