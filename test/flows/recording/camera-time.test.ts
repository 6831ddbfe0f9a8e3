/** The camera's own time of every fragment, those before its first report included. */
import { describe, expect, it } from "vitest";
import { GST_INSTALL, hasGstRtspServer, startGstCamera } from "../../peers/gst-rtsp-server/gst-camera.ts";
import { startRig, until } from "./recording-rig.ts";

describe.skipIf(!hasGstRtspServer())(`camera time (else: ${GST_INSTALL})`, () => {
  it("the fragments before the camera's first report are timed backwards from it, and say so", async () => {
    const camera = await startGstCamera({
      mounts: [{ path: "/a", width: 320, height: 240, kbit: 300, clipS: 2, gop: 25 }],
    });
    const rig = await startRig({ url: camera.url("/a") });
    try {
      const begin = Date.now();
      const rows = await until("a fragment with the camera's time", 20_000, async () => {
        const { fragments } = await rig.coverage(begin - 5000, Date.now() + 5000);
        const first = fragments.findIndex(({ cam, camIsDerived }) => cam !== undefined && !camIsDerived);
        return first > 0 ? fragments : undefined;
      });
      const derived = rows.filter(({ camIsDerived }) => camIsDerived === true);
      expect(derived.length).toBeGreaterThan(0);
      expect(derived).toEqual(rows.slice(0, derived.length));
      // The peer's clock is this machine's, so what was derived has to agree with it.
      for (const { cam, t } of rows) expect(Math.abs((cam ?? 0) - t)).toBeLessThan(500);
      const spacing = rows.slice(1).map(({ cam }, i) => (cam ?? 0) - (rows[i]?.cam ?? 0));
      for (const ms of spacing) expect(Math.abs(ms - 1000)).toBeLessThan(60);
    } finally {
      await rig.close();
      await camera.stop();
    }
  });
});
