/** Any one-bit flip in a stored entry or body is found and located; proofs and frontiers agree with the plain tree. */
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { decodeBundle, tilePath } from "../../../gateway/evidence/tiles.ts";
import { checkConsistency, checkInclusion } from "../../../gateway/evidence/merkle/check-proof.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { emptyRoot, leafHash, nodeHash } from "../../../gateway/evidence/merkle/hash.ts";
import { consistencyProof, inclusionProof, treeRoot } from "../../../gateway/evidence/merkle/proof.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { judged } from "../../unit/evidence/judged.ts";
import { SampleLog } from "../../unit/evidence/sample-log.ts";

const SIZE = 60;
const DETECTION = ["S3-A-4", "S3-C-8", "S0-37(3)", "S1-22(3)", "S2-31(3)", "S3-A-19(3)", "S4-34(3)"] as const;

describe("one flipped bit", () => {
  let folder: string;
  let log: SampleLog;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "evidence-"));
    log = new SampleLog().fill(SIZE);
    await log.write(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Flips the bit, judges, and puts the file back. */
  async function flipped(path: string, at: number, bit: number): ReturnType<typeof judged> {
    const clean = await readFile(join(folder, path));
    const bytes = Buffer.from(clean);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    await writeFile(join(folder, path), bytes);
    try {
      return await judged(folder);
    } finally {
      await writeFile(join(folder, path), clean);
    }
  }

  it(proves(DETECTION, "in any body is found and named with its camera"), async () => {
    const packs = await readdir(join(folder, "packs"));
    const contents = await Promise.all(packs.map((name) => readFile(join(folder, "packs", name))));
    const places = log.items.map(({ bytes, body, entry }) => {
      const wanted = Buffer.concat([bytes, body]);
      const pack = contents.findIndex((content) => content.includes(wanted));
      return {
        pack: `packs/${packs[pack]}`,
        at: (contents[pack]?.indexOf(wanted) ?? 0) + bytes.length,
        entry,
      };
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(), fc.nat(7), async (index, offset, bit) => {
        const place = places[index];
        if (place === undefined) throw new RangeError("no such item");
        const { pack, at, entry } = place;
        const verdict = await flipped(pack, at + (offset % entry.len), bit);
        expect(verdict.result).toBe("invalid");
        expect(verdict.findings).toMatchObject([
          { code: "body.altered", seq: index, stream: entry.stream, t: entry.t },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it(proves(DETECTION, "in any entry of the log is found and located"), async () => {
    const path = tilePath({ level: "entries", index: 0, width: SIZE });
    const bundle = await readFile(join(folder, path));
    const starts: number[] = [];
    let at = 0;
    for (const entry of decodeBundle(bundle)) {
      starts.push(at + 2);
      at += 2 + entry.length;
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(), fc.nat(7), async (index, offset, bit) => {
        const item = log.items[index];
        const start = starts[index];
        if (item === undefined || start === undefined) throw new RangeError("no such item");
        const verdict = await flipped(path, start + (offset % item.bytes.length), bit);
        expect(verdict.result).toBe("invalid");
        expect(verdict.findings).toMatchObject([
          { code: "entry.altered", seq: index, stream: item.entry.stream, t: item.entry.t },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it("anywhere in any file of the folder never passes as clean and never breaks the judge", async () => {
    const paths = ["checkpoint", tilePath({ level: 0, index: 0, width: SIZE })];
    paths.push(tilePath({ level: "entries", index: 0, width: SIZE }));
    for (const name of await readdir(join(folder, "packs"))) paths.push(`packs/${name}`);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.nat(7), async (path, offset, bit) => {
        const { length } = await readFile(join(folder, path));
        const verdict = await flipped(path, offset % length, bit);
        expect(verdict.result, `${path} ${offset % length}`).not.toBe("ok");
      }),
      { numRuns: 150 },
    );
  });
});

/** RFC 6962 2.1 as it is written, without any state kept. */
function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return emptyRoot(nodeSha256);
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(nodeSha256, plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)));
}

describe("the tree", () => {
  const MAX = 1200;
  const leaves = Array.from({ length: MAX }, (_, i) => leafHash(nodeSha256, Uint8Array.of(i & 255, i >> 8)));
  const kept = new Map<string, Uint8Array>();
  const roots: Uint8Array[] = [];
  const frontier = new Frontier(nodeSha256);
  roots.push(frontier.root());
  for (const leaf of leaves) {
    for (const { level, index, hash } of frontier.append(leaf)) kept.set(`${level}/${index}`, hash);
    roots.push(frontier.root());
  }
  const source = {
    sha256: nodeSha256,
    read: async (level: number, start: number, count: number) =>
      Array.from({ length: count }, (_, i) => kept.get(`${level}/${start + i}`) ?? new Uint8Array()),
  };
  const rootAt = (size: number): Uint8Array => roots[size] ?? new Uint8Array();

  it("of the frontier is the plain tree at every size", () => {
    fc.assert(
      fc.property(fc.nat(MAX), (size) => {
        expect(toHex(rootAt(size))).toBe(toHex(plainRoot(leaves.slice(0, size))));
      }),
      { numRuns: 40 },
    );
  });

  it("gives proofs that hold for their claim and for no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: MAX }), fc.nat(), fc.nat(), async (size, a, b) => {
        const index = a % size;
        const leaf = leaves[index] ?? new Uint8Array();
        const root = rootAt(size);
        const proof = await inclusionProof(source, index, size);
        expect(checkInclusion(nodeSha256, { index, size, leaf, root, proof })).toBe(true);
        const elsewhere = b % size;
        if (elsewhere !== index)
          expect(checkInclusion(nodeSha256, { index: elsewhere, size, leaf, root, proof })).toBe(false);
        const oldSize = b % (size + 1);
        const claim = { oldSize, newSize: size, oldRoot: rootAt(oldSize), newRoot: root };
        const growth = await consistencyProof(source, oldSize, size);
        expect(checkConsistency(nodeSha256, { ...claim, proof: growth })).toBe(true);
        const fork = rootAt((oldSize + 1) % MAX);
        if (oldSize > 0)
          expect(checkConsistency(nodeSha256, { ...claim, oldRoot: fork, proof: growth })).toBe(false);
        expect(toHex(await treeRoot(source, size))).toBe(toHex(root));
      }),
      { numRuns: 300 },
    );
  });
});
