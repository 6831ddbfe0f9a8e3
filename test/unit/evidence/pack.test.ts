/** Packs: the same bytes back from any chunking, and nothing a hostile sender can make large or unclear. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { encodeFrameHead, frameBytes } from "../../../gateway/evidence/pack.ts";
import { readPack } from "../../../gateway/evidence/read-pack.ts";
import { ORIGIN, SampleLog } from "./sample-log.ts";

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array, size: number): Promise<string[]> {
  const { header, items } = await readPack(chunksOf(bytes, size));
  const out = [JSON.stringify(header)];
  for await (const { seq, entryBytes, body } of items)
    out.push(`${seq} ${toHex(entryBytes)} ${body === undefined ? "alone" : toHex(body)}`);
  return out;
}

describe("a pack", () => {
  const log = new SampleLog().fill(40);
  const bytes = log.pack(
    [
      [0, 12],
      [20, 40],
    ] as const,
    new Set([3, 21]),
  );

  it("gives every body back, whatever the chunks", async () => {
    const expected = [
      JSON.stringify({
        origin: ORIGIN,
        ranges: [
          [0, 12],
          [20, 40],
        ],
      }),
      ...log.items
        .filter(({ entry }) => entry.seq < 12 || entry.seq >= 20)
        .map(
          ({ entry, bytes, body }) =>
            `${entry.seq} ${toHex(bytes)} ${entry.seq === 3 || entry.seq === 21 ? "alone" : toHex(body)}`,
        ),
    ];
    for (const size of [1, 7, 64, 4096, bytes.length]) expect(await readAll(bytes, size)).toEqual(expected);
  });

  it("has a length that is known without its bodies", () => {
    const frames = log.items
      .filter(({ entry }) => entry.seq < 12 || entry.seq >= 20)
      .reduce(
        (sum, { entry, bytes }) =>
          sum + frameBytes(bytes.length, entry.seq === 3 || entry.seq === 21 ? undefined : entry.len),
        0,
      );
    expect(bytes.length - frames).toBe(`counter-gateway/pack/v1\n${ORIGIN}\n0-12,20-40\n\n`.length);
  });

  it("refuses every cut, anything after its end, and a frame over the limit", async () => {
    for (let length = 0; length < bytes.length; length += 37)
      await expect(readAll(bytes.subarray(0, length), 1024), `${length}`).rejects.toMatchObject({
        code: "evidence.packMalformed",
      });
    const head = bytes.subarray(0, `counter-gateway/pack/v1\n${ORIGIN}\n0-12,20-40\n\n`.length);
    const huge = encodeFrameHead({ valueBytes: 0x7000_0000, entryAlone: false });
    for (const bad of [Buffer.concat([bytes, Buffer.of(0)]), Buffer.concat([head, huge])])
      await expect(readAll(bad, 512)).rejects.toMatchObject({ code: "evidence.packMalformed" });
  });

  it("stops an endless head and stream within its bounds", async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      yield Buffer.from(`counter-gateway/pack/v1\n${ORIGIN}\n`);
      for (;;) {
        sent += 4096;
        yield Buffer.alloc(4096, 0x31);
      }
    }
    await expect(readPack(endless())).rejects.toMatchObject({ code: "evidence.packMalformed" });
    expect(sent).toBeLessThan(200_000);
  });
});
