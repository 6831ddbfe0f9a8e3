/** A part of a log proves itself: what is there is in the signed tree, what was promised is there, nothing else is said. */
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Hex } from "../../../gateway/domain/ids.ts";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import {
  EXCERPT_PATH,
  excerptTiles,
  formatExcerpt,
  parseExcerpt,
} from "../../../gateway/evidence/excerpt.ts";
import { CHECKPOINT_PATH, TRUST_PATH, packPath } from "../../../gateway/evidence/folder.ts";
import type { SeqRange } from "../../../gateway/evidence/ranges.ts";
import { encodeBundle, tilePath } from "../../../gateway/evidence/tiles.ts";
import { concatBytes } from "../../../gateway/evidence/bytes.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { codes, judged } from "./judged.ts";
import { ORIGIN, SampleLog, put } from "./sample-log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excerpt-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeExcerpt(log: SampleLog, ranges: readonly SeqRange[]): Promise<void> {
  const bundles = new Set(
    ranges.flatMap(([from, to]) => [Math.floor(from / 256), Math.floor((to - 1) / 256)]),
  );
  for (const tile of excerptTiles(bundles, log.items.length)) {
    const start = tile.index * 256;
    const bytes =
      tile.level === "entries"
        ? encodeBundle(log.items.slice(start, start + tile.width).map((item) => item.bytes))
        : concatBytes(await log.readHashes(tile.level, start, tile.width));
    await put(folder, tilePath(tile), bytes);
  }
  const pack = log.pack(ranges);
  await put(folder, packPath(sha256Hex(toHex(nodeSha256(pack)))), pack);
  await put(folder, EXCERPT_PATH, formatExcerpt({ origin: ORIGIN, ranges }));
  await put(folder, TRUST_PATH, log.trust());
  await put(folder, CHECKPOINT_PATH, await log.note());
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(join(folder, path));
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(join(folder, path), bytes);
}

describe("an excerpt", () => {
  it.each([1, 2, 255, 256, 257, 600, 1025])("of a log of %i entries is whole by itself", async (size) => {
    await writeExcerpt(new SampleLog().fill(size), [[size - 1, size]]);
    const verdict = await judged(folder);
    expect(verdict.findings).toEqual([]);
    expect(verdict.result).toBe("ok");
    expect(verdict.logs).toMatchObject([{ excerpt: true, bodies: 1, signedSize: size }]);
  });

  it("of a large tree needs a few tiles only", async () => {
    const log = new SampleLog().fill(66_000);
    await writeExcerpt(log, [
      [300, 302],
      [65_900, 65_910],
    ]);
    expect((await judged(folder)).logs).toMatchObject([{ bodies: 12, entries: 464 }]);
    expect(excerptTiles([1, 257], log.items.length).length).toBeLessThan(10);
  });

  it(proves(["S3-A-4"], "names an altered body, a lost one and an altered entry"), async () => {
    const log = new SampleLog().fill(700);
    await writeExcerpt(log, [[300, 310]]);
    const [pack = ""] = await readdir(join(folder, "packs"));
    await flip(`packs/${pack}`, -1);
    expect(codes(await judged(folder))).toEqual(["body.altered 309"]);
    await flip(`packs/${pack}`, -1);
    await flip("tile/entries/001", 40);
    const verdict = await judged(folder);
    expect(verdict.result).toBe("invalid");
    expect(codes(verdict)).toContain("entry.altered 256");
    await flip("tile/entries/001", 40);
    await rm(join(folder, "packs", pack));
    const lost = await judged(folder);
    expect(lost.result).toBe("missing");
    expect(lost.counts.missing).toBe(10);
  });

  it("does not hold when entry and tile were altered together, or the checkpoint is another's", async () => {
    const log = new SampleLog().fill(700);
    await writeExcerpt(log, [[300, 310]]);
    await flip("tile/entries/001", 40);
    await flip("tile/0/001", 3);
    expect(codes(await judged(folder))).toContain("block.altered 256");
    await writeExcerpt(log, [[300, 310]]);
    await put(folder, CHECKPOINT_PATH, await new SampleLog().fill(700).note());
    expect((await judged(folder)).result).toBe("invalid");
  });

  it("says when a promised entry is not here, and refuses a malformed description", async () => {
    const log = new SampleLog().fill(700);
    await writeExcerpt(log, [[300, 310]]);
    await put(
      folder,
      EXCERPT_PATH,
      formatExcerpt({
        origin: ORIGIN,
        ranges: [
          [10, 20],
          [300, 310],
        ],
      }),
    );
    const verdict = await judged(folder);
    expect(verdict.result).toBe("missing");
    expect(verdict.findings).toMatchObject([{ code: "entry.removed" }]);
    await put(folder, EXCERPT_PATH, "nonsense");
    expect(codes(await judged(folder))).toEqual(["excerpt.malformed"]);
    expect(() => parseExcerpt("counter-gateway/excerpt/v1\nx/y/2026\n5-3\n")).toThrow(RangeError);
  });
});
