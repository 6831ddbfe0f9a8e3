/** Which of a camera's profiles is recorded and which is watched, whatever mixture it offers. */
import { describe, expect, it } from "vitest";
import type { CameraProfile } from "../../../device-drivers/camera-onvif/camera.ts";
import { recommendedProfile, recommendedSubProfile } from "../../../device-drivers/camera-onvif/models.ts";

const profile = (token: string, codec: CameraProfile["codec"], width: number | null): CameraProfile => ({
  token,
  name: token,
  codec,
  width,
  height: width === null ? null : (width * 9) / 16,
  fps: 25,
  streamUri: `rtsp://192.0.2.1/${token}`,
  snapshotUri: null,
});

/** Tokens of what is recorded and what is watched. */
function chosen(first: CameraProfile, ...more: CameraProfile[]): readonly (string | null)[] {
  const main = recommendedProfile("A maker", "A model", [first, ...more]);
  return [main, recommendedSubProfile(main, [first, ...more])];
}

describe("a camera's profiles", () => {
  it("the largest H.264 is recorded, the smallest watched", () => {
    expect(
      chosen(profile("main", "h264", 1920), profile("third", "h264", 1280), profile("sub", "h264", 640)),
    ).toEqual(["main", "sub"]);
  });

  it("of two that are alike, or of one, none is watched beside it", () => {
    expect(chosen(profile("main", "h264", 1920))).toEqual(["main", null]);
    expect(chosen(profile("main", "h264", 1920), profile("again", "h264", 1920))).toEqual(["main", null]);
    expect(chosen(profile("main", "h264", 1920), profile("odd", "h264", null))).toEqual(["main", null]);
  });

  it("where all is H.265 there is nothing to watch in every browser", () => {
    expect(chosen(profile("main", "h265", 1920), profile("sub", "h265", 640))).toEqual(["main", null]);
  });

  it("beside a recorded H.265 stream any H.264 one is watched, but none without an address", () => {
    const main = profile("main", "h265", 1920);
    const sub = profile("sub", "h264", 1920);
    expect(recommendedSubProfile("main", [main, sub])).toBe("sub");
    expect(recommendedSubProfile("main", [main, { ...sub, streamUri: null }])).toBeNull();
  });
});
