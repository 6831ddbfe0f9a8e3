/** A camera that goes away, freezes, refuses or talks nonsense: a clear state, a gap with its cause, and back again. */
import { type Server, type Socket, createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { type Rig, startRig, until } from "./recording-rig.ts";

const SMALL = { path: "/cam1", width: 320, height: 240, kbit: 300, gop: 25, clipS: 2 };
const BACK_WITHIN_MS = 5000;
const STALL_WITHIN_MS = 5000;

const available = hasGstRtspServer();
if (!available) console.warn(`SKIPPED, the GStreamer camera is missing: ${GST_INSTALL}`);

async function recording(rig: Rig): Promise<void> {
  await until("a fragment", 10_000, () => rig.recorder.newest());
}

/** The first closed gap. */
async function closedGap(rig: Rig, from: number, limitMs = 15_000) {
  return until("a closed gap", limitMs, async () => {
    const { gaps } = await rig.coverage(from, Date.now() + 60_000);
    return gaps.find((gap) => gap.ref !== undefined && gap.to !== undefined && gap.to < Date.now());
  });
}

describe.skipIf(!available)("a camera that fails", () => {
  it(
    proves(
      ["S3-A-10", "S0-8"],
      "unplugged and back: a gap with its cause, first picture within 5 s of its return",
    ),
    async () => {
      const begin = Date.now();
      let camera: GstCamera = await startGstCamera({ mounts: [SMALL] });
      const rig = await startRig({ url: camera.url("/cam1") });
      try {
        await recording(rig);
        await camera.kill();
        const open = await until("an open gap", 5000, async () => {
          const { gaps } = await rig.coverage(begin, Date.now() + 1000);
          return gaps.find((gap) => gap.causes.includes("disconnected"));
        });
        expect(open.ref).toBeDefined();
        expect(rig.recorder.status()).toMatchObject({ state: "offline" });
        camera = await startGstCamera({ port: camera.port, firstNumber: 10_000, mounts: [SMALL] });
        const back = Date.now();
        const gap = await closedGap(rig, begin);
        expect(gap.from).toBe(open.from);
        // Whether a try falls into the time away is chance: the first cause is what began the gap.
        expect(gap.causes[0]).toBe("disconnected");
        expect(["disconnected", "unreachable"]).toEqual(expect.arrayContaining([...gap.causes]));
        expect((gap.to ?? Infinity) - back).toBeLessThan(BACK_WITHIN_MS);
        const coverage = await rig.coverage(begin, Date.now());
        expect(coverage.complete).toBe(false);
        expect(new Set(coverage.fragments.map((row) => row.run.seq)).size).toBe(2);
        const playlist = await rig.playback.playlist({ camera: rig.camera, from: begin, to: Date.now() });
        expect(playlist.match(/#EXT-X-DISCONTINUITY/g)).toHaveLength(1);
        expect(playlist.match(/#EXT-X-MAP/g)).toHaveLength(2);
      } finally {
        await rig.close();
        await camera.stop();
      }
    },
  );

  it(
    proves(["S3-A-10"], "frozen: noticed within 5 s as stalled, recorded again after it thaws"),
    async () => {
      const begin = Date.now();
      const camera = await startGstCamera({ mounts: [SMALL] });
      const rig = await startRig({ url: camera.url("/cam1") });
      try {
        await recording(rig);
        camera.freeze();
        const frozen = performance.now();
        await until("the stall", STALL_WITHIN_MS + 3000, () =>
          rig.recorder.status().state === "stalled" ? true : undefined,
        );
        expect(performance.now() - frozen).toBeLessThan(STALL_WITHIN_MS);
        camera.thaw();
        const thawed = Date.now();
        const gap = await closedGap(rig, begin);
        expect(gap.causes[0]).toBe("stalled");
        expect((gap.to ?? Infinity) - thawed).toBeLessThan(BACK_WITHIN_MS);
      } finally {
        await rig.close();
        await camera.stop();
      }
    },
  );

  it("a wrong password is a state of its own, shown without the password", async () => {
    const camera = await startGstCamera({ user: "viewer", password: "right", mounts: [SMALL] });
    const rig = await startRig({ url: camera.url("/cam1"), user: "viewer", password: "wr0ng-secret" });
    try {
      const status = await until("the refusal", 5000, () =>
        rig.recorder.status().cause === undefined ? undefined : rig.recorder.status(),
      );
      expect(status).toMatchObject({ state: "offline", cause: "unauthorized", lastFragmentAgeMs: null });
      expect(JSON.stringify(rig.states)).not.toContain("wr0ng-secret");
      const { gaps } = await until("its gap", 5000, async () => {
        const coverage = await rig.coverage(Date.now() - 10_000, Date.now() + 1000);
        return coverage.gaps.some((gap) => gap.ref !== undefined) ? coverage : undefined;
      });
      expect(gaps.flatMap((gap) => gap.causes)).toContain("unauthorized");
    } finally {
      await rig.close();
      await camera.stop();
    }
  });

  it(
    proves(["S3-A-10"], "a restart of the gateway is a gap from the last fragment to the next"),
    async () => {
      const begin = Date.now();
      const camera = await startGstCamera({ mounts: [SMALL] });
      const rig = await startRig({ url: camera.url("/cam1") });
      try {
        await recording(rig);
        await rig.restart();
        const before = await rig.catalogue.lastEnd(rig.camera);
        await recording(rig);
        const gap = await closedGap(rig, begin);
        expect(gap.from).toBe(before);
        expect(gap.causes).toContain("restart");
      } finally {
        await rig.close();
        await camera.stop();
      }
    },
  );
});

/** A TCP server that answers whatever comes with the given bytes. */
async function nonsense(answer: (socket: Socket) => void): Promise<{ server: Server; url: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume();
    answer(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/x` };
}

describe("a camera that talks nonsense", () => {
  const cases = {
    "random bytes": (socket: Socket) => socket.write(Buffer.alloc(4096, 0x9f)),
    "an endless header": (socket: Socket) => {
      socket.write("RTSP/1.0 200 OK\r\n");
      for (let i = 0; i < 2000; i++) socket.write(`X-${i}: ${"y".repeat(50)}\r\n`);
    },
    "a description of 200 MB": (socket: Socket) =>
      socket.write("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 200000000\r\n\r\n"),
    "another protocol": (socket: Socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
  };
  for (const [name, answer] of Object.entries(cases))
    it(`${name}: state badAnswer, nothing thrown`, async () => {
      const { server, url } = await nonsense(answer);
      const rig = await startRig({ url });
      try {
        const status = await until("the state", 5000, () =>
          rig.recorder.status().cause === undefined ? undefined : rig.recorder.status(),
        );
        expect(status).toMatchObject({ state: "offline", cause: "badAnswer" });
      } finally {
        await rig.close();
        server.close();
        await once(server, "close");
      }
    });
});
