/** G.711 made audible: ffmpeg, which knows nothing of our code, hears the very samples that the camera sent. */
import { randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { audibleFragment, audibleInit, lawOf } from "../../../gateway/media/audible.ts";
import { readFragment } from "../../../gateway/media/fragment-reader.ts";
import { writeFragment } from "../../../gateway/media/fragment-writer.ts";
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID, writeInitSegment } from "../../../gateway/media/init-segment.ts";

const SPS = Uint8Array.from(Buffer.from("674d400deca0a0fd80880000030008000003019078a14cb0", "hex"));
const PPS = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));
const video = { codec: "h264", clockRate: 90_000, vps: [], sps: [SPS], pps: [PPS] } as const;

function unitOf(bytes: Uint8Array) {
  return { pieces: [bytes], sizeBytes: bytes.length };
}

function heard(mp4: Uint8Array): Buffer {
  const args = "-v error -i pipe:0 -map 0:a -f s16le pipe:1".split(" ");
  const { stdout, stderr } = spawnSync("ffmpeg", args, { input: mp4, maxBuffer: 1e8 });
  // The pictures are noise; what ffmpeg says of them is not asked.
  expect(stderr.toString()).not.toMatch(/flac|alaw|mulaw|mov,mp4/);
  return stdout;
}

describe("sound that browsers do not play", () => {
  it.each([
    ["pcma", 1],
    ["pcmu", 1],
    ["pcma", 2],
  ] as const)("%s with %i channels becomes FLAC, sample for sample", (codec, channels) => {
    const init = writeInitSegment(video, { codec, clockRate: 8000, channels });
    const law = lawOf(init.codec);
    if (law === undefined) throw new Error("no G.711 in the codec");
    let at = 70_000;
    const fragments = [1, 2].map((sequence) =>
      writeFragment(sequence, [
        {
          trackId: VIDEO_TRACK_ID,
          lengthPrefixed: true,
          samples: [0, 3, 1, 2].map((place) => ({
            units: [unitOf(randomBytes(50))],
            presentationTicks: sequence * 14_400 + place * 3600,
            keyFrame: place === 0,
          })),
          lastDurationTicks: 3600,
        },
        {
          trackId: AUDIO_TRACK_ID,
          lengthPrefixed: false,
          samples: [160, 160, 1024, 7].map((count) => {
            const presentationTicks = at;
            at += count;
            return { units: [unitOf(randomBytes(count * channels))], presentationTicks, keyFrame: true };
          }),
          lastDurationTicks: 7,
        },
      ]),
    );
    const stored = Buffer.concat([init.bytes, ...fragments]);
    const made = fragments.map((one) => audibleFragment(one, law));
    const audible = Buffer.concat([audibleInit(init.bytes), ...made]);
    const sound = heard(audible);
    expect(sound.length).toBe(2 * (160 + 160 + 1024 + 7) * channels * 2);
    expect(sound.equals(heard(stored))).toBe(true);
    for (const [i, fragment] of fragments.entries()) {
      const pictures = (bytes: Uint8Array) =>
        readFragment(bytes).filter((sample) => sample.trackId === VIDEO_TRACK_ID);
      expect(pictures(made[i] ?? new Uint8Array())).toEqual(pictures(fragment));
    }
  });

  it("leaves other sound alone", () => {
    const { bytes, codec } = writeInitSegment(video, {
      codec: "aac",
      clockRate: 16_000,
      channels: 1,
      config: Uint8Array.of(0x14, 0x08),
    });
    expect(lawOf(codec)).toBeUndefined();
    expect(Buffer.from(audibleInit(bytes)).equals(Buffer.from(bytes))).toBe(true);
  });
});
