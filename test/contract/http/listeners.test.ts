/** Real sockets: TLS with the box's own certificate, cookies with their flags, slow and broken callers cut off. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpListeners, listenHttp } from "../../../gateway/http/listen.ts";
import { type Certificates, openCertificates } from "../../../gateway/people/certificates.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { PASSWORD, type TestApp, openTestApp } from "./test-app.ts";

let test: TestApp;
let certificates: Certificates;
let listeners: HttpListeners;
beforeAll(async () => {
  test = await openTestApp();
  test.clock.setWallMs(Date.now());
  await test.signIn("clerk");
  certificates = await openCertificates({
    secrets: createSecretFiles(join(test.folder, "secrets")),
    clock: test.clock,
    random: { bytes: randomBytes },
    hosts: [],
  });
  listeners = await listenHttp({
    deps: test.deps,
    httpPort: 0,
    httpsPort: 0,
    httpsHost: "127.0.0.1",
    certificate: () => certificates.server(),
  });
});
afterAll(async () => {
  await listeners.close();
  await test.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

async function https(
  path: string,
  options: { method?: string; body?: string; headers?: Record<string, string>; ca?: string } = {},
): Promise<Answer> {
  const call = request({
    host: "localhost",
    port: listeners.httpsPort,
    path,
    ca: certificates.caCertificate,
    agent: false,
    ...options,
  });
  call.end(options.body);
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += String(part);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}

async function raw(bytes: string, waitMs: number): Promise<string> {
  const socket = connect(listeners.httpPort, "127.0.0.1");
  let text = "";
  socket.on("data", (part: Buffer) => (text += part.toString()));
  socket.write(bytes);
  await once(socket, "close", { signal: AbortSignal.timeout(waitMs) });
  return text;
}

describe("the HTTPS listener", () => {
  it("answers over TLS to who trusts the box's authority, and to nobody who does not", async () => {
    const { status, text } = await https("/healthz");
    expect(status).toBe(200);
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      "version",
      "uptimeS",
      "cameras",
      "log",
      "exposureMs",
      "freeBytes",
    ]);
    await expect(https("/healthz", { ca: "" })).rejects.toThrow();
  });

  it("gives a session cookie that no script reads and only TLS carries", async () => {
    const answer = await https("/api/session", {
      method: "POST",
      body: JSON.stringify({ user: "clerk", password: PASSWORD }),
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(200);
    const [cookie = ""] = [answer.headers["set-cookie"] ?? []].flat();
    expect(cookie).toMatch(/^__Host-session=[A-Za-z0-9_-]{43}; /);
    expect(cookie.split("; ").slice(1).sort()).toEqual(["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]);
    const own = await https("/api/session", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(JSON.parse(own.text)).toMatchObject({ user: { id: "clerk" } });
  });

  it("sends pages with a policy that admits nothing inline and no foreign host", async () => {
    for (const path of ["/", "/clerk", "/technician", "/supervisor"]) {
      const { status, headers } = await https(path);
      expect(status).toBe(200);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cache-control"]).toBe("no-cache");
    }
    const asset = await https("/assets/app-1a2b.js");
    expect(asset.headers["cache-control"]).toContain("immutable");
  });
});

describe("the plain listener", () => {
  it("gives the session cookie without Secure, since the box's own browser has no TLS there", async () => {
    const answer = await fetch(`http://127.0.0.1:${listeners.httpPort}/api/session`, {
      method: "POST",
      body: JSON.stringify({ user: "clerk", password: PASSWORD }),
      headers: { "content-type": "application/json" },
    });
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^session=.*HttpOnly; SameSite=Strict$/);
  });

  it("answers what is no HTTP in the common form", async () => {
    const text = await raw("NONSENSE\r\n\r\n", 5000);
    expect(text).toContain("HTTP/1.1 400");
    expect(text).toContain('"code":"http.badRequest"');
  });

  it("cuts a caller off who never finishes the head of a request", async () => {
    const text = await raw("GET /healthz HTTP/1.1\r\nhost: x\r\n", 20_000);
    expect(text).toContain('"code":"http.timeout"');
  });

  it("refuses a head that is too large", async () => {
    const text = await raw(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 5000);
    expect(text).toMatch(/^HTTP\/1\.1 4/);
  });
});
