/**
 * Cameras that send nonsense beside one that works, in the whole gateway: each bad one has a clear state, memory stays
 * within bounds, and the good one does not notice.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CameraView } from "../../../gateway/http/contract/cameras.ts";
import type { CoverageView } from "../../../gateway/http/contract/playback.ts";
import { proves } from "../../law/proves.ts";
import {
  type ScriptedServer,
  type SeenRequest,
  startScriptedServer,
  usual,
} from "../../unit/rtsp/scripted-server.ts";
import { until } from "../children.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const LIMIT_MS = 30_000;
const MIB = 2 ** 20;
/** What six bad cameras may cost together, however much they send: each has a queue and a spool of 24 MiB at most. */
const MEMORY_MIB = 160;
const BAD_FOR_MS = 8000;
const PIECE = Buffer.alloc(MIB, "a");

/** What a camera does at a request: undefined is the usual answer, "" none at all, anything else stands instead. */
type Nonsense = (request: SeenRequest, server: ScriptedServer) => string | undefined;

/** Sends megabytes after these first words. */
function flood(server: ScriptedServer, start: string): "" {
  setImmediate(() => {
    server.raw(Buffer.from(start));
    for (let i = 0; i < 8; i++) server.raw(PIECE);
  });
  return "";
}

function endlessPicture(server: ScriptedServer): void {
  const middle = [0x7c, 0x05, ...Array.from({ length: 60_000 }, () => 1)];
  for (let i = 0; i < 160; i++)
    server.rtp({ sequence: i, timestamp: 1, payload: i === 0 ? [0x7c, 0x85, 1] : middle, marker: false });
}

/** Every picture at another time, all over 32 bits; the sets and the pictures themselves are sound. */
function impossibleTimes(server: ScriptedServer): void {
  for (let i = 0; i < 400; i++)
    server.rtp({ sequence: i, timestamp: (i * 2_654_435_761) % 2 ** 32, payload: [0x65, 0x88, i % 256] });
}

const BAD: Readonly<Record<string, readonly [nonsense: Nonsense, causes: readonly string[]]>> = {
  "no-rtsp": [(_request, server) => flood(server, "\u0001\u0002\u0003"), ["badAnswer"]],
  "endless-header": [
    ({ method }, server) =>
      method === "DESCRIBE" ? flood(server, "RTSP/1.0 200 OK\r\nCSeq: 2\r\nX: ") : undefined,
    ["badAnswer"],
  ],
  "huge-sdp": [
    ({ method }, server) =>
      method === "DESCRIBE"
        ? flood(server, "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 200000000\r\n\r\n")
        : undefined,
    ["badAnswer"],
  ],
  "half-an-answer": [
    ({ method }) => (method === "DESCRIBE" ? "Content-Length: 500\r\n\r\nv=0\r\n" : undefined),
    ["timeout", "disconnected"],
  ],
  "endless-picture": [
    ({ method }, server) => {
      if (method === "PLAY") setImmediate(() => endlessPicture(server));
      return undefined;
    },
    ["badAnswer"],
  ],
  "impossible-times": [
    ({ method }, server) => {
      if (method === "PLAY") setImmediate(() => impossibleTimes(server));
      return undefined;
    },
    ["stalled"],
  ],
};

describe("cameras that send nonsense", () => {
  let dataFolder: string;
  let gateway: RunningGateway;
  let supervisor: Caller;
  let technician: Caller;
  const servers: ScriptedServer[] = [];
  let beganMs: number;
  let beforeMiB: number;

  const memoryMiB = async (): Promise<number> => {
    const status = await readFile(`/proc/${gateway.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  };
  const cameras = async (): Promise<readonly CameraView[]> =>
    (await technician.json("GET", "/api/cameras")) as readonly CameraView[];

  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), "bad-neighbours-"));
    gateway = await startGatewayProcess({ dataFolder });
    const enter = async (user: string): Promise<Caller> =>
      Caller.signIn(gateway.url, user, await gateway.password(user));
    [supervisor, technician] = await Promise.all([enter("supervisor"), enter("technician")]);
    await until("the good camera", LIMIT_MS, async () => {
      const [good] = await cameras();
      return good?.state === "recording" && good.lastFragmentAgeMs !== null;
    });
    beforeMiB = await memoryMiB();
    beganMs = Date.now();
    const [good] = await cameras();
    for (const [id, [nonsense]] of Object.entries(BAD)) {
      const server: ScriptedServer = await startScriptedServer((request) => {
        const answer = nonsense(request, server);
        return answer === "" ? undefined : (answer ?? usual(request));
      });
      servers.push(server);
      await technician.json("PUT", `/api/cameras/${id}`, {
        commandId: crypto.randomUUID(),
        name: id,
        counterId: good?.counterId,
        xaddr: null,
        rtspUrl: server.url,
        profileToken: null,
        codec: "unknown",
        credentials: { username: "", password: "" },
      });
    }
  }, 90_000);
  afterAll(async () => {
    await gateway?.close();
    await Promise.all(servers.map((server) => server.close()));
    if (dataFolder !== undefined) await rm(dataFolder, { recursive: true, force: true });
  }, 60_000);

  it.each(Object.entries(BAD))("%s has a state that says why", async (id, [, causes]) => {
    const view = await until("its state", LIMIT_MS, async () => {
      const one = (await cameras()).find((camera) => camera.id === id);
      return one !== undefined && causes.includes(one.cause ?? "") ? one : undefined;
    });
    expect(["offline", "stalled"]).toContain(view.state);
  });

  it(proves(["S3-A-10"], "leave the good camera complete, and memory within its bounds"), async () => {
    let mostMiB = 0;
    await until("some time with them", LIMIT_MS, async () => {
      mostMiB = Math.max(mostMiB, await memoryMiB());
      return Date.now() - beganMs > BAD_FOR_MS;
    });
    const asked = servers.map(({ seen }) => seen.filter(({ method }) => method === "OPTIONS").length);
    for (const attempts of asked.slice(0, 3)) expect(attempts).toBeGreaterThan(2);
    expect(mostMiB - beforeMiB).toBeLessThan(MEMORY_MIB);
    const toMs = Date.now() - 3000;
    const coverage = (await supervisor.json(
      "GET",
      `/api/cameras/cam-1/coverage?fromMs=${beganMs}&toMs=${toMs}`,
    )) as CoverageView;
    expect(coverage).toMatchObject({ complete: true, gaps: [] });
  });
});
