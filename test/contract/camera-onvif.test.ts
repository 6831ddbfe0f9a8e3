/** The ONVIF driver against the virtual camera over real sockets: what it finds, and what it says when it can't. */
import { createServer as createHttpServer } from "node:http";
import { type Server, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describe as describeCamera, testConnection } from "../../device-drivers/camera-onvif/describe.ts";
import { CAMERA_REASONS } from "../../device-drivers/camera-onvif/camera.ts";
import { type RunningProgram, startProgram } from "../peers/start-program.ts";

const SECRET = "s3cr&t<>\"'密";
const credentials = { username: "recorder<1>", password: SECRET };
const env = { VIRTUAL_CAMERA_USER: credentials.username, VIRTUAL_CAMERA_PASSWORD: SECRET };
const cameras: RunningProgram[] = [];
const servers: Server[] = [];

async function camera(...args: string[]): Promise<string> {
  const running = await startProgram("device-drivers/virtual/camera.ts", { args, env });
  cameras.push(running);
  return String(running.ready["xaddr"]);
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => Promise.all(cameras.map((running) => running.stop())));

describe("a camera that behaves", () => {
  let xaddr = "";
  beforeAll(async () => {
    xaddr = await camera();
  });

  it("is described with its profile, its addresses and no credential in them", async () => {
    const found = await describeCamera({ xaddr, credentials });
    expect(found).toMatchObject({ manufacturer: "Virtual", model: "VC-1", serialNumber: "VC000001", xaddr });
    expect(found.profiles).toEqual([
      {
        token: "profile_main",
        name: "main",
        codec: "h264",
        width: 1280,
        height: 720,
        fps: 15,
        streamUri: cameras[0]?.ready["rtspUrl"],
        snapshotUri: xaddr.replace("/onvif/device_service", "/snapshot.jpg"),
      },
    ]);
    expect(found.recommendedProfileToken).toBe("profile_main");
    expect(found.recommendedSubProfileToken).toBeNull();
    expect(Math.abs(found.clockOffsetMs ?? Infinity)).toBeLessThan(2000);
    expect(JSON.stringify(found)).not.toContain("recorder");
  });

  it("refuses a wrong password with that reason, and says nothing of it", async () => {
    expect(await testConnection({ xaddr, credentials: { ...credentials, password: "wrong" } })).toEqual({
      ok: false,
      reason: "wrongCredentials",
    });
    const error: unknown = await describeCamera({
      xaddr,
      credentials: { username: "x", password: SECRET },
    }).catch((caught: unknown) => caught);
    expect(
      `${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ""}`,
    ).not.toContain("s3cr");
    expect(cameras[0]?.output()).not.toContain("s3cr");
  });

  it("can be called by many at once without mixing them up", async () => {
    const other = await camera("--serial", "VC000002");
    const [one, two] = await Promise.all(
      [xaddr, other].map((each) => describeCamera({ xaddr: each, credentials })),
    );
    expect([one?.serialNumber, two?.serialNumber]).toEqual(["VC000001", "VC000002"]);
  });
});

describe("a difficult camera", () => {
  it("whose clock is two hours off is spoken to by its own time", async () => {
    const xaddr = await camera("--clock-offset=-7200000", "--clock-tolerance", "5000");
    const found = await describeCamera({ xaddr, credentials });
    expect(Math.abs((found.clockOffsetMs ?? 0) + 7_200_000)).toBeLessThan(2000);
  });

  it("that names another host gets no token sent there and is kept on the dialled one", async () => {
    let strangers = 0;
    const port = await listening(
      createServer((socket) => {
        strangers += 1;
        socket.destroy();
      }),
    );
    const xaddr = await camera("--claimed-host", `127.0.0.9:${port}`);
    const found = await describeCamera({ xaddr, credentials });
    expect(found.addressesRewritten).toBe(true);
    expect(new URL(found.profiles[0]?.streamUri ?? "").hostname).toBe("127.0.0.1");
    expect(found.profiles[0]?.snapshotUri).toBe(xaddr.replace("/onvif/device_service", "/snapshot.jpg"));
    expect(strangers).toBe(0);
  });

  it("without rate control is described all the same", async () => {
    const found = await describeCamera({ xaddr: await camera("--no-rate-control"), credentials });
    expect(found.profiles[0]).toMatchObject({ codec: "h264", fps: null });
  });

  it("that wants a token for its time and has a wrong clock is told apart from a wrong password", async () => {
    const xaddr = await camera(
      "--clock-needs-token",
      "--clock-offset",
      "7200000",
      "--clock-tolerance",
      "5000",
    );
    expect(await testConnection({ xaddr, credentials })).toEqual({ ok: false, reason: "clockRejected" });
  });

  it("that is slow ends in a timeout, within the limits given", async () => {
    const xaddr = await camera("--answer-delay", "700");
    const startedMs = performance.now();
    expect(await testConnection({ xaddr, credentials, requestTimeoutMs: 300 })).toEqual({
      ok: false,
      reason: "timeout",
    });
    expect(await testConnection({ xaddr, credentials, totalTimeoutMs: 1000 })).toEqual({
      ok: false,
      reason: "timeout",
    });
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(await testConnection({ xaddr, credentials })).toMatchObject({ ok: true });
  });

  it("can be given up", async () => {
    const xaddr = await camera("--answer-delay", "5000");
    const giveUp = new AbortController();
    const asked = testConnection({ xaddr, credentials, signal: giveUp.signal });
    giveUp.abort();
    expect(await asked).toEqual({ ok: false, reason: "cancelled" });
  });
});

describe("what is no camera", () => {
  const reasonAt = async (port: number): Promise<unknown> =>
    testConnection({
      xaddr: `http://127.0.0.1:${port}/onvif/device_service`,
      credentials,
      requestTimeoutMs: 1000,
    });

  it.each([
    ["a web page", (): string => "<html><body>Log in</body></html>", 200, {}, "notOnvif"],
    ["nothing there", (): string => "no", 404, {}, "notOnvif"],
    ["an answer without end", (): string => "<Envelope>".padEnd(2_000_000, " "), 200, {}, "tooLarge"],
    [
      "digest only",
      (): string => "",
      401,
      { "www-authenticate": 'Digest realm="x", nonce="y"' },
      "digestWanted",
    ],
    ["half an envelope", (): string => "<s:Envelope><s:Body>", 200, {}, "garbled"],
    ["an empty envelope", (): string => "<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>", 200, {}, "garbled"],
    [
      "capabilities without media",
      (): string =>
        "<s:Envelope xmlns:s='x'><s:Body><GetSystemDateAndTimeResponse/><GetCapabilitiesResponse><Capabilities/></GetCapabilitiesResponse></s:Body></s:Envelope>",
      200,
      {},
      "noMedia",
    ],
  ])("%s", async (_, body, status, headers, reason) => {
    const port = await listening(
      createHttpServer((request, response) => {
        request.resume();
        response.writeHead(status, headers).end(body());
      }),
    );
    expect(await reasonAt(port)).toEqual({ ok: false, reason });
  });

  it("a port that speaks something else, or is closed", async () => {
    const port = await listening(createServer((socket) => socket.end("SSH-2.0-x\r\n")));
    expect(await reasonAt(port)).toEqual({ ok: false, reason: "notOnvif" });
    for (const server of servers.splice(0)) server.close();
    expect(await reasonAt(port)).toEqual({ ok: false, reason: "refused" });
  });

  it.each([
    "",
    "ftp://127.0.0.1/",
    "http://user:pw@127.0.0.1/",
    "https://127.0.0.1/",
    "rtsp://127.0.0.1/main",
  ])("the address %j is refused before anything is dialled", async (xaddr) => {
    expect(await testConnection({ xaddr, credentials })).toEqual({ ok: false, reason: "badAddress" });
  });

  it("has a closed list of reasons", () => {
    expect(new Set(CAMERA_REASONS).size).toBe(CAMERA_REASONS.length);
  });
});
