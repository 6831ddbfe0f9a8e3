/** The own client over UDP, TLS and redirects, against GStreamer's server and a server in the test's hand. */
import { X509Certificate } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RtspSourceOptions, openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import { createCameraSource } from "../../../gateway/wiring/camera-source.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { type ScriptedServer, startScriptedServer, usual } from "../../unit/rtsp/scripted-server.ts";
import { clock, consecutive, numbersOf, selfSigned, watchSource } from "./watched-source.ts";

const watch = (url: string, options: Partial<RtspSourceOptions> = {}) =>
  watchSource((signal) => openRtsp({ url, clock, ...options }, signal));

const CREDENTIALS = { user: "viewer", password: "pa55%w0rd" };

describe.skipIf(!hasGstRtspServer())(`transports against GStreamer (else: ${GST_INSTALL})`, () => {
  const cameras: GstCamera[] = [];
  const tls = selfSigned();
  let plain: GstCamera;
  let secure: GstCamera;
  beforeAll(async () => {
    const clip = { clipS: 2, gop: 25, kbit: 2000 } as const;
    plain = await startGstCamera({
      mounts: [
        { ...clip, path: "/udp", transport: "udp", audio: "alaw" },
        { ...clip, path: "/both", audio: "alaw" },
      ],
    });
    cameras.push(plain);
    secure = await startGstCamera({ ...CREDENTIALS, tls, mounts: [{ ...clip, path: "/a" }] });
    cameras.push(secure);
  });
  afterAll(async () => {
    await Promise.all(cameras.map((camera) => camera.stop()));
  });

  it("takes UDP where the camera refuses TCP, every picture in order, with the camera's own time", async () => {
    const source = watch(plain.url("/udp"), { withAudio: true });
    await source.untilPictures(90);
    await source.stop();
    expect(source.end()).toMatchObject({ cause: "closed" });
    const numbers = numbersOf(source.pictures(), "h264");
    // A busy machine may drop a datagram; then the loss is told and the order kept.
    if (source.events.some(({ kind }) => kind === "loss"))
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    else expect(numbers).toEqual(consecutive(numbers));
    expect(numbers).not.toContain(Number.NaN);
    expect(source.events.some((event) => event.kind === "unit" && event.track === 1)).toBe(true);
    const report = source.events.find(({ kind }) => kind === "report");
    expect(report?.kind === "report" && Math.abs(report.senderWallMs - Date.now())).toBeLessThan(60_000);
  });

  it("takes UDP where it is told to, though the camera would take TCP", async () => {
    const source = watch(plain.url("/both"), { transport: "udp" });
    await source.untilPictures(30);
    await source.stop();
    expect(numbersOf(source.pictures(), "h264")).not.toContain(Number.NaN);
  });

  it("does not turn to UDP where TCP is demanded", async () => {
    const end = await watch(plain.url("/udp"), { transport: "tcp" }).untilEnd();
    expect(end).toMatchObject({ cause: "unsupported" });
  });

  it("plays over TLS with the pinned certificate, or with an authority that signed it", async () => {
    const pinnedSha256 = new X509Certificate(tls.certificate).fingerprint256;
    for (const trust of [{ pinnedSha256 }, { authorities: [tls.certificate] }]) {
      const source = watch(secure.url("/a"), { credentials: CREDENTIALS, tls: trust });
      await source.untilPictures(30);
      await source.stop();
      const numbers = numbersOf(source.pictures(), "h264");
      expect(numbers).toEqual(consecutive(numbers));
    }
  });

  it("plays as a bound camera does: its pin in the form that the binding keeps", async () => {
    const pinnedSha256 = new X509Certificate(tls.certificate).fingerprint256
      .replaceAll(":", "")
      .toLowerCase();
    const bound = createCameraSource({
      url: secure.url("/a"),
      credentials: CREDENTIALS,
      clock: { ...clock, boot: "1", ntp: () => "unknown" },
      tls: { pinnedSha256 },
    });
    const source = watchSource((signal) => bound.open(signal));
    await source.untilPictures(5);
    await source.stop();
  });

  it("says nothing to a camera with another certificate", async () => {
    const trusts = [{ pinnedSha256: "00".repeat(32) }, { pinnedSha256: "" }, { authorities: [] }, {}];
    for (const trust of trusts) {
      const end = await watch(secure.url("/a"), { credentials: CREDENTIALS, tls: trust }).untilEnd();
      expect(end).toMatchObject({ cause: "refused" });
    }
  });
});

describe("what a camera answers", () => {
  const servers: ScriptedServer[] = [];
  async function serve(script: Parameters<typeof startScriptedServer>[0]): Promise<ScriptedServer> {
    const server = await startScriptedServer(script);
    servers.push(server);
    return server;
  }
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it("a redirect to the dialled host is followed, the old connection closed", async () => {
    const target = await serve(usual);
    const first = await serve((request) =>
      request.method === "DESCRIBE" ? `302\r\nLocation: ${target.url}/moved\r\n\r\n` : usual(request),
    );
    const end = await watch(first.url, { stallMs: 300 }).untilEnd();
    expect(end).toMatchObject({ cause: "stalled" });
    expect(target.seen.map(({ method, uri }) => [method, uri]).slice(0, 2)).toEqual([
      ["OPTIONS", `${target.url}/moved`],
      ["DESCRIBE", `${target.url}/moved`],
    ]);
    expect(first.connections()).toBe(0);
  });

  it("a redirect to another host, or without end, is refused", async () => {
    const other = await serve(usual);
    const elsewhere = await serve((request) =>
      request.method === "DESCRIBE"
        ? `301\r\nLocation: rtsp://localhost:${other.port}/live\r\n\r\n`
        : usual(request),
    );
    expect(await watch(elsewhere.url).untilEnd()).toMatchObject({ cause: "refused" });
    expect(other.seen).toEqual([]);
    const circle: ScriptedServer = await serve((request) =>
      request.method === "DESCRIBE" ? `302\r\nLocation: ${circle.url}\r\n\r\n` : usual(request),
    );
    expect(await watch(circle.url).untilEnd()).toMatchObject({ cause: "refused" });
    expect(circle.seen.filter(({ method }) => method === "DESCRIBE")).toHaveLength(4);
  });

  it("datagrams out of order are mended, missing ones told, foreign ones left out; reports go back", async () => {
    const [rtp, rtcp] = [createSocket("udp4"), createSocket("udp4")];
    const foreign = createSocket("udp4");
    for (const socket of [rtp, rtcp, foreign]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    const heard = once(rtcp, "message");
    const ports = `${rtp.address().port}-${rtcp.address().port}`;
    const server = await serve((request) => {
      if (request.method !== "SETUP") return usual(request);
      const asked = /client_port=(\d+-\d+)/.exec(request.text)?.[1];
      if (asked === undefined) return "461\r\n\r\n";
      return `Session: 1\r\nTransport: RTP/AVP;unicast;client_port=${asked};server_port=${ports}\r\n\r\n`;
    });
    const source = watch(server.url, { stallMs: 20_000 });
    while (!server.seen.some(({ method }) => method === "PLAY"))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const setUp = server.seen.findLast(({ method }) => method === "SETUP")?.text ?? "";
    const port = Number(/client_port=(\d+)/.exec(setUp)?.[1]);
    const send = (from: typeof rtp, sequence: number): void => {
      const packet = Buffer.from([0x80, 0xe0, 0, sequence, 0, 0, sequence, 0, 0, 0, 0, 7, 0x65, 0x88, 1]);
      from.send(packet, port, "127.0.0.1");
    };
    for (const sequence of [10, 12, 11, 14, 13, 13, 17, 16]) send(rtp, sequence);
    send(foreign, 15);
    await source.untilPictures(7);
    await heard;
    await source.stop();
    const seen = source.events.flatMap((event): (string | number)[] =>
      event.kind === "unit" ? [event.ticks >> 8] : event.kind === "loss" ? [`lost ${event.packets}`] : [],
    );
    expect(seen).toEqual([10, 11, 12, 13, 14, "lost 1", 16, 17]);
    for (const socket of [rtp, rtcp, foreign]) socket.close();
  });
});
