/** An address never shows its credentials, and a camera can't lead requests to another host. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { RtspUrl } from "../../../device-drivers/rtsp/url.ts";

describe("an RTSP address", () => {
  const url = new RtspUrl("rtsp://admin:S3cret%40x@10.0.0.9:8554/cam/realmonitor?channel=1&token=t0ken");

  it("gives its credentials only when asked for them", () => {
    expect(url.credentials).toEqual({ user: "admin", password: "S3cret@x" });
    for (const text of [
      String(url),
      JSON.stringify({ url }),
      inspect({ url }),
      inspect(url, { showHidden: true }),
    ])
      expect(text).not.toMatch(/S3cret|admin|t0ken/);
    expect(url.requestUri).toBe("rtsp://10.0.0.9:8554/cam/realmonitor?channel=1&token=t0ken");
  });

  it("says nothing of what it could not read", () => {
    for (const text of ["http://a:hunter2@b/", "rtsp://a:hunter2@", "rtsp://a:hunter2@b:99999/"])
      expect(() => new RtspUrl(text)).toThrow(/^not an/);
    try {
      expect(new RtspUrl("rtsp://a:hunter2@b:99999/")).toBeUndefined();
    } catch (error) {
      expect(inspect(error)).not.toContain("hunter2");
    }
  });

  it("resolves control attributes on the dialled host only", () => {
    expect(url.control("rtsp://10.0.0.9:8554/cam/?a=1", "trackID=1")).toBe(
      "rtsp://10.0.0.9:8554/cam/?a=1/trackID=1",
    );
    expect(url.control("rtsp://evil.example/x/", "rtsp://evil.example/x/track1")).toBe(
      "rtsp://10.0.0.9:8554/x/track1",
    );
    expect(url.control("rtsp://10.0.0.9/base/", "*")).toBe("rtsp://10.0.0.9:8554/base/");
    expect(url.control("rtsp://h/x\r\nEvil: 1", undefined)).toBe(url.requestUri);
  });

  it("knows ports and IPv6 hosts", () => {
    expect(new RtspUrl("rtsp://cam:80/x").port).toBe(80);
    expect(new RtspUrl("rtsp://cam/x").port).toBe(554);
    expect(new RtspUrl("rtsp://[::1]:8554/x")).toMatchObject({ host: "::1", port: 8554 });
    expect(new RtspUrl("rtsp://[::1]:8554/x").requestUri).toBe("rtsp://[::1]:8554/x");
  });
});
