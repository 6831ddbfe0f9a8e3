/** A session's life: authentication, keep-alive, losses, goodbye, and ends with a cause each. */
import { afterEach, describe, expect, it } from "vitest";
import { type RtspSourceOptions, openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import { copyOf } from "../../../gateway/recording/live/group-memory.ts";
import type { SourceEvent } from "../../../device-drivers/rtsp/source-event.ts";
import { type Script, type ScriptedServer, startScriptedServer, usual } from "./scripted-server.ts";

const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
const IDR = [0x65, 0x88, 1];
const SLICE = [0x41, 0x9a, 1];
const PASSWORD = "pa55-w0rd";

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Watched {
  readonly events: SourceEvent[];
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

function watch(url: string, options: Partial<RtspSourceOptions> = {}): Watched {
  const events: SourceEvent[] = [];
  const stop = new AbortController();
  const read = async (): Promise<void> => {
    for await (const event of openRtsp({ url, clock, ...options }, stop.signal))
      events.push(event.kind === "unit" ? copyOf(event) : event);
  };
  return { events, stop, done: read() };
}

async function until(what: string, holds: () => boolean, limitMs = 5000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const methods = (): string[] => server?.seen.map(({ method }) => method) ?? [];

describe("an RTSP session", () => {
  it("plays, keeps alive by the announced timeout, and says goodbye before it closes", async () => {
    server = await startScriptedServer();
    const { events, stop, done } = watch(server.url, { stallMs: 60_000 });
    await until("keep-alive", () => methods().includes("GET_PARAMETER"));
    stop.abort();
    await done;
    expect(methods().slice(0, 4)).toEqual(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]);
    expect(methods().at(-1)).toBe("TEARDOWN");
    expect(server.seen.find(({ method }) => method === "SETUP")?.uri).toBe(`${server.url}/track1`);
    expect(events.map(({ kind }) => kind)).toEqual(["tracks", "parameters", "end"]);
    expect(events.at(-1)).toMatchObject({ cause: "closed" });
    await until("no connection left", () => server?.connections() === 0);
  });

  it("tells a loss before the next picture and hides a repeated packet", async () => {
    server = await startScriptedServer();
    const { events, stop, done } = watch(server.url);
    await until("play", () => methods().includes("PLAY"));
    server.rtp({ sequence: 10, timestamp: 0, payload: IDR });
    server.rtp({ sequence: 11, timestamp: 3600, payload: SLICE });
    server.rtp({ sequence: 11, timestamp: 3600, payload: SLICE });
    server.rtp({ sequence: 14, timestamp: 7200, payload: SLICE });
    await until("pictures", () => events.filter(({ kind }) => kind === "unit").length === 3);
    stop.abort();
    await done;
    const seen = events.flatMap((event) =>
      event.kind === "unit" ? [String(event.ticks)] : event.kind === "loss" ? [`lost ${event.packets}`] : [],
    );
    expect(seen).toEqual(["0", "3600", "lost 2", "7200"]);
  });

  const digest = (nonce: string, stale = false): string =>
    `401\r\nWWW-Authenticate: Basic realm="cam"\r\nWWW-Authenticate: Digest realm="cam", nonce="${nonce}"${stale ? ", stale=true" : ""}\r\n\r\n`;

  it("answers digest rather than basic, renews a stale nonce, and never shows the password", async () => {
    const script: Script = (request) => {
      if (request.method === "OPTIONS") return usual(request);
      if (!request.text.includes("Digest ")) return digest("first");
      if (request.method !== "DESCRIBE" && request.text.includes('nonce="first"'))
        return digest("second", true);
      return usual(request);
    };
    server = await startScriptedServer(script);
    const { events, stop, done } = watch(`rtsp://viewer:${PASSWORD}@127.0.0.1:${server.port}/live`);
    await until(
      "play",
      () => server?.seen.some(({ method, text }) => method === "PLAY" && text.includes("second")) === true,
    );
    stop.abort();
    await done;
    expect(JSON.stringify(server.seen)).not.toMatch(new RegExp(`${PASSWORD}|Basic`));
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });

  it("tries a refused password once, not again and again", async () => {
    server = await startScriptedServer((request) =>
      request.method === "OPTIONS" ? usual(request) : digest("n"),
    );
    const { events, done } = watch(server.url, { credentials: { user: "viewer", password: PASSWORD } });
    await done;
    expect(events).toEqual([
      { kind: "end", cause: "unauthorized", detail: expect.not.stringContaining(PASSWORD) },
    ]);
    expect(methods()).toEqual(["OPTIONS", "DESCRIBE", "DESCRIBE"]);
  });

  const ends: readonly (readonly [string, Script, Partial<RtspSourceOptions>, string])[] = [
    ["silence is a timeout", () => undefined, { timeoutMs: 200 }, "timeout"],
    ["a missing stream", (r) => (r.method === "DESCRIBE" ? "404\r\n\r\n" : usual(r)), {}, "notFound"],
    [
      "a camera with too many clients",
      (r) => (r.method === "SETUP" ? "453\r\n\r\n" : usual(r)),
      {},
      "refused",
    ],
    [
      "a description without pictures",
      (r) => (r.method === "DESCRIBE" ? "Content-Length: 22\r\n\r\nm=audio 0 RTP/AVP 8\r\n\r\n" : usual(r)),
      {},
      "unsupported",
    ],
    ["no picture after play", usual, { stallMs: 200 }, "stalled"],
  ];
  for (const [name, script, options, cause] of ends)
    it(`${name}: ${cause}`, async () => {
      server = await startScriptedServer(script);
      const { events, done } = watch(server.url, options);
      await done;
      expect(events.at(-1)).toMatchObject({ kind: "end", cause });
      await until("no connection left", () => server?.connections() === 0);
    });

  it("nobody listening is unreachable; an address that is none is unsupported", async () => {
    server = await startScriptedServer();
    const { url } = server;
    await server.close();
    server = undefined;
    for (const [address, cause] of [
      [url, "unreachable"],
      ["http://127.0.0.1/", "unsupported"],
    ] as const) {
      const { events, done } = watch(address);
      await done;
      expect(events).toMatchObject([{ kind: "end", cause }]);
    }
  });

  it("a slow reader makes the camera wait instead of filling memory", async () => {
    server = await startScriptedServer();
    const stop = new AbortController();
    const source = openRtsp({ url: server.url, clock, queueBytesMax: 100_000, stallMs: 1000 }, stop.signal);
    await source.next();
    await source.next();
    await until("play", () => methods().includes("PLAY"));
    const before = process.memoryUsage().arrayBuffers;
    const payload = [...IDR, ...Array.from({ length: 10_000 }, () => 7)];
    for (let i = 0; i < 2000; i++) server.rtp({ sequence: i, timestamp: i * 3600, payload });
    // Longer than the stall limit: waiting for the reader is not the camera's fault.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 2 ** 20);
    let pictures = 0;
    while (pictures < 2000) {
      const { value } = await source.next();
      if (value?.kind === "unit") pictures += 1;
      if (value === undefined || value.kind === "end") break;
    }
    expect(pictures).toBe(2000);
    await source.return();
  });
});
