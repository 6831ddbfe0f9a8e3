/**
 * The real RTSP server in every form that a camera has: codec, sound, way of logging in, in clear and over TLS. The
 * own client plays each, every numbered picture once; ffmpeg takes what has another codec.
 */
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import { createCameraSource } from "../../../gateway/wiring/camera-source.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { clock, consecutive, numbersOf, selfSigned, watchSource } from "./watched-source.ts";

const CREDENTIALS = { user: "viewer", password: "p%a:5'5 @w0/rd$1" };
const CLIP = { width: 320, height: 240, kbit: 300, gop: 12, clipS: 1 } as const;
const STREAMS = [
  { path: "/h264-alaw", codec: "h264", audio: "alaw", sound: "pcma" },
  { path: "/h264-ulaw", codec: "h264", audio: "ulaw", sound: "pcmu" },
  { path: "/h264-aac", codec: "h264", audio: "aac", sound: "aac" },
  { path: "/h264", codec: "h264" },
  { path: "/h265-alaw", codec: "h265", audio: "alaw", sound: "pcma" },
  { path: "/h265-aac", codec: "h265", audio: "aac", sound: "aac" },
] as const;
const LOGINS = ["none", "basic", "digest"] as const;
const HAS_PEER = hasGstRtspServer();
const tls = selfSigned();
const pinnedSha256 = new X509Certificate(tls.certificate).fingerprint256;

describe
  .skipIf(!HAS_PEER)
  .each(LOGINS.flatMap((login) => [false, true].map((secure) => ({ login, secure }))))(
  `a camera with login $login, TLS $secure (else: ${GST_INSTALL})`,
  ({ login, secure }) => {
    let camera: GstCamera;
    beforeAll(async () => {
      camera = await startGstCamera({
        ...(login === "none" ? {} : { ...CREDENTIALS, auth: login }),
        ...(secure ? { tls } : {}),
        mounts: [
          ...STREAMS.map(({ sound: _sound, ...mount }: (typeof STREAMS)[number] & { sound?: string }) => ({
            ...CLIP,
            ...mount,
          })),
          { path: "/mjpeg", codec: "mjpeg", width: 320, height: 240 },
        ],
      });
    });
    afterAll(() => camera?.stop());

    const access = (path: string) => ({
      url: camera.url(path),
      clock,
      ...(login === "none" ? {} : { credentials: CREDENTIALS }),
      ...(secure ? { tls: { pinnedSha256 } } : {}),
    });

    it.each(STREAMS)("plays $path, every picture once", async (stream) => {
      const source = watchSource((signal) => openRtsp({ ...access(stream.path), withAudio: true }, signal));
      await source.untilPictures(16);
      await source.stop();
      const [first] = source.events;
      expect(first?.kind === "tracks" && first.tracks).toMatchObject([
        { media: "video", codec: stream.codec },
        ...("sound" in stream ? [{ media: "audio", codec: stream.sound }] : []),
      ]);
      const numbers = numbersOf(source.pictures(), stream.codec);
      expect(numbers).toEqual(consecutive(numbers));
      if ("sound" in stream)
        expect(source.events.some((event) => event.kind === "unit" && event.track === 1)).toBe(true);
      expect(source.end()).toMatchObject({ cause: "closed" });
    });

    // Over TLS ffmpeg is not used, since it would not hold the certificate against the pin.
    if (!secure)
      it("is read through ffmpeg where its codec is another", async () => {
        const source = createCameraSource({
          ...access("/mjpeg"),
          credentials: CREDENTIALS,
          clock: { ...clock, boot: "b", ntp: () => "unknown" },
        });
        const watched = watchSource((signal) => source.open(signal));
        await watched.untilPictures(5, 25_000);
        await watched.stop();
        expect(watched.events[0]).toMatchObject({ kind: "tracks", tracks: [{ codec: "h264" }] });
      });

    if (login !== "none")
      it("turns a wrong password away, without showing it", async () => {
        const wrong = { user: CREDENTIALS.user, password: "wr0ng" };
        const end = await watchSource((signal) =>
          openRtsp({ ...access("/h264"), credentials: wrong }, signal),
        ).untilEnd();
        expect(end).toMatchObject({ cause: "unauthorized", detail: expect.not.stringContaining("wr0ng") });
      });
  },
);
