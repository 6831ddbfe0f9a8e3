/** Cameras that send nonsense, and a thousand openings: a clear end, bounded memory, nothing left behind. */
import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createFfmpegSource } from "../../../device-drivers/ffmpeg/open-ffmpeg.ts";
import { type RtspSourceOptions, openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import {
  type Script,
  type ScriptedServer,
  startScriptedServer,
  usual,
} from "../../unit/rtsp/scripted-server.ts";
import { childrenOf, clock, watchSource } from "./watched-source.ts";

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const watch = (url: string, options: Partial<RtspSourceOptions> = {}) =>
  watchSource((signal) => openRtsp({ url, clock, timeoutMs: 1000, ...options }, signal));

const at =
  (method: string, answer: string): Script =>
  (request) =>
    request.method === method ? answer : usual(request);

/** Sends on and on after a request, for as long as the connection takes it. */
const flood =
  (method: string, start: string, piece: Uint8Array, megabytes: number): Script =>
  (request) => {
    if (request.method !== method) return usual(request);
    setImmediate(() => {
      server?.raw(Buffer.from(start));
      for (let sent = 0; sent < megabytes * 2 ** 20; sent += piece.length) server?.raw(piece);
    });
    return undefined;
  };

const MIB = Buffer.alloc(2 ** 20, "a");

describe("a camera that sends nonsense ends with a cause, in bounded memory", () => {
  const cases: readonly (readonly [what: string, script: Script, cause: string])[] = [
    [
      "a description of 200 MB",
      flood("DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 200000000\r\n\r\n", MIB, 8),
      "badAnswer",
    ],
    ["a header without end", flood("DESCRIBE", "RTSP/1.0 200 OK\r\nX: ", MIB, 8), "badAnswer"],
    ["a thousand headers", at("DESCRIBE", `${"X: y\r\n".repeat(1000)}\r\n`), "badAnswer"],
    ["half an answer", at("DESCRIBE", "Content-Length: 500\r\n\r\nv=0\r\n"), "timeout"],
    [
      "a page of another protocol",
      flood("DESCRIBE", "HTTP/1.1 200 OK\r\n\r\n", Buffer.from("<html>"), 0.001),
      "badAnswer",
    ],
    ["no session", at("SETUP", "Transport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n"), "badAnswer"],
    [
      "a transport nobody asked for",
      at("SETUP", "Session: 1\r\nTransport: RTP/AVP;multicast;destination=239.0.0.1\r\n\r\n"),
      "unsupported",
    ],
    [
      "a picture without end",
      (request) => {
        if (request.method === "PLAY") setImmediate(() => endlessPicture());
        return usual(request);
      },
      "badAnswer",
    ],
  ];
  for (const [what, script, cause] of cases)
    it(`${what}: ${cause}`, async () => {
      server = await startScriptedServer(script);
      const before = process.memoryUsage().arrayBuffers;
      expect(await watch(server.url).untilEnd()).toMatchObject({ cause });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 2 ** 20);
    });

  /** Fragments of one NAL unit, without its end. */
  function endlessPicture(): void {
    const middle = [0x7c, 0x05, ...Array.from({ length: 60_000 }, () => 1)];
    for (let i = 0; i < 160; i++)
      server?.rtp({ sequence: i, timestamp: 1, payload: i === 0 ? [0x7c, 0x85, 1] : middle, marker: false });
  }

  it("times from nowhere are handed on as they are, and stop nothing", async () => {
    server = await startScriptedServer();
    const source = watch(server.url);
    while (!server.seen.some(({ method }) => method === "PLAY"))
      await new Promise((resolve) => setTimeout(resolve, 5));
    const times = [0, 0xffff_ffff, 5, 0x8000_0000, 1, 0x7fff_ffff];
    times.forEach((timestamp, i) => server?.rtp({ sequence: i, timestamp, payload: [0x65, 0x88, i] }));
    await source.untilPictures(times.length);
    await source.stop();
    for (const { ticks } of source.pictures()) expect(Number.isSafeInteger(ticks)).toBe(true);
  });
});

describe("opening and closing", () => {
  const left = () => ({
    descriptors: readdirSync("/proc/self/fd").length,
    timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    children: childrenOf(process.pid).length,
  });

  /** Opens, reads until the condition holds or it ends, closes; again and again. */
  async function cycle(
    times: number,
    open: (signal: AbortSignal, i: number) => AsyncIterable<{ readonly kind: string }>,
    leaveAt: string,
  ): Promise<void> {
    for (let i = 0; i < times; i++) {
      const abort = new AbortController();
      for await (const event of open(abort.signal, i)) {
        if (event.kind !== leaveAt) continue;
        // The two ways out: the signal, and leaving the loop.
        if (i % 2 === 0) abort.abort();
        else break;
      }
    }
  }

  it("1,000 times over TCP and 200 over UDP leaves no descriptor, timer or child", async () => {
    const udp: Script = (request) =>
      request.method === "SETUP" ? "Session: 1\r\nTransport: RTP/AVP;unicast\r\n\r\n" : usual(request);
    server = await startScriptedServer((request, seen) =>
      request.text.includes("client_port") ? udp(request, seen) : usual(request),
    );
    const { url } = server;
    await cycle(3, (signal) => openRtsp({ url, clock }, signal), "parameters");
    const before = left();
    await cycle(1000, (signal) => openRtsp({ url, clock }, signal), "parameters");
    await cycle(200, (signal) => openRtsp({ url, clock, transport: "udp" }, signal), "parameters");
    await settled(before);
    expect(server.seen.filter(({ method }) => method === "TEARDOWN")).toHaveLength(1203);
  });

  it("100 processes that never speak and 100 that end at once leave nothing", async () => {
    const source = (program: string) =>
      createFfmpegSource({ url: "rtsp://127.0.0.1/x", clock, program, startMs: 60, stallMs: 160 });
    await cycle(2, (signal) => source("yes").open(signal), "never");
    const before = left();
    await cycle(20, (signal) => source("yes").open(signal), "never");
    await cycle(100, (signal) => source("true").open(signal), "never");
    await cycle(
      80,
      (signal, i) => {
        const abort = new AbortController();
        setTimeout(() => abort.abort(), i % 20);
        return source("yes").open(AbortSignal.any([signal, abort.signal]));
      },
      "never",
    );
    await settled(before);
  });

  async function settled(before: ReturnType<typeof left>): Promise<void> {
    const limit = performance.now() + 3000;
    // The other side's sockets close a little later.
    while (JSON.stringify(left()) !== JSON.stringify(before) && performance.now() < limit)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const after = left();
    expect(after.children).toBe(before.children);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
    expect(after.timers).toBeLessThanOrEqual(before.timers);
  }
});
