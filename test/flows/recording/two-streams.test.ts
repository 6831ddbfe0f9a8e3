/** A camera with two streams, through the whole gateway: the main stream is recorded, the sub-stream is watched. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CameraView } from "../../../gateway/http/contract/cameras.ts";
import type { LiveInitMessage } from "../../../gateway/http/contract/live.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";
import { until } from "./recording-rig.ts";

const LIMIT_MS = 20_000;
const CLIP = { width: 320, height: 240, kbit: 300, gop: 25, clipS: 2 } as const;

describe.skipIf(!hasGstRtspServer())(`a camera with two streams (else: ${GST_INSTALL})`, () => {
  let dataFolder: string;
  let camera: GstCamera;
  let gateway: RunningGateway;
  let technician: Caller;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), "two-streams-"));
    [camera, gateway] = await Promise.all([
      startGstCamera({
        mounts: [
          { ...CLIP, path: "/main", codec: "h265" },
          { ...CLIP, path: "/sub", width: 160, height: 120 },
        ],
      }),
      startGatewayProcess({ dataFolder }),
    ]);
    technician = await Caller.signIn(gateway.url, "technician", await gateway.password("technician"));
  }, 90_000);
  afterAll(async () => {
    await gateway?.close();
    await camera?.stop();
    if (dataFolder !== undefined) await rm(dataFolder, { recursive: true, force: true });
  });

  async function bind(sub: string | undefined): Promise<CameraView> {
    const cameras = (await technician.json("GET", "/api/cameras")) as readonly CameraView[];
    await technician.json("PUT", "/api/cameras/cam-9", {
      commandId: crypto.randomUUID(),
      name: "正面",
      counterId: cameras[0]?.counterId,
      xaddr: null,
      rtspUrl: camera.url("/main"),
      profileToken: null,
      codec: "unknown",
      credentials: { username: "", password: "" },
      ...(sub === undefined ? {} : { sub: { rtspUrl: camera.url(sub), profileToken: null, codec: "h264" } }),
    });
    return until("recording", LIMIT_MS, async () => {
      const all = (await technician.json("GET", "/api/cameras")) as readonly CameraView[];
      const one = all.find(({ id }) => id === "cam-9");
      return one?.state === "recording" && one.lastFragmentAgeMs !== null ? one : undefined;
    });
  }

  /** Watches until so many init messages and a picture after the last came, or so long. */
  async function watch(inits: number): Promise<readonly LiveInitMessage[]> {
    const url = `${gateway.url.replace("http", "ws")}/api/cameras/cam-9/live`;
    const socket = new WebSocket(url, { headers: { cookie: technician.cookie } });
    socket.binaryType = "arraybuffer";
    const seen: LiveInitMessage[] = [];
    let pictures = 0;
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") {
        seen.push(JSON.parse(data) as LiveInitMessage);
        pictures = 0;
      } else pictures += 1;
    });
    try {
      await until("pictures", LIMIT_MS, () => (seen.length >= inits && pictures > 2 ? true : undefined));
    } finally {
      socket.close();
    }
    return seen;
  }

  it("that is H.265 alone is recorded, says so and says what would help", async () => {
    const view = await bind(undefined);
    expect(view).toMatchObject({ streamCodec: "h265", sub: null, hint: "addH264SubStream" });
    expect(await watch(1)).toMatchObject([{ codec: expect.stringMatching(/^hvc1\./), profile: "main" }]);
  });

  it("is recorded in H.265 and watched in H.264, over a connection made for watching", async () => {
    const view = await bind("/sub");
    expect(view).toMatchObject({ streamCodec: "h265", hint: null, sub: { codec: "h264" } });
    expect(await camera.nextNumber("/sub")).toBe(0);
    expect(await watch(1)).toMatchObject([
      { codec: expect.stringMatching(/^avc1\./), width: 160, height: 120, profile: "sub" },
    ]);
    expect(await camera.nextNumber("/sub")).toBeGreaterThan(0);
    const footage = (await technician.json("GET", "/api/cameras")) as readonly CameraView[];
    expect(footage.find(({ id }) => id === "cam-9")).toMatchObject({ state: "recording" });
  });

  it("is watched in its main stream where the sub-stream is not there", async () => {
    await bind("/nothing");
    expect((await watch(1)).map(({ profile }) => profile)).toEqual(["main"]);
  });
});
