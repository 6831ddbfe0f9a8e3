/** Hashes, roots and proofs against the known values of RFC 6962's reference tree. */
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../gateway/evidence/bytes.ts";
import { checkConsistency, checkInclusion } from "../../../gateway/evidence/merkle/check-proof.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import {
  type ProofSource,
  consistencyProof,
  inclusionProof,
  treeRoot,
} from "../../../gateway/evidence/merkle/proof.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";

/** The eight leaves and the roots of the certificate-transparency reference implementation. */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(fromHex);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** All hashes by (level, index), from appending the leaves. */
function sourceOf(leaves: readonly Uint8Array[]): ProofSource {
  const frontier = new Frontier(nodeSha256);
  const kept = new Map<string, Uint8Array>();
  for (const leaf of leaves)
    for (const { level, index, hash } of frontier.append(leafHash(nodeSha256, leaf)))
      kept.set(`${level}/${index}`, hash);
  return {
    sha256: nodeSha256,
    read: async (level, start, count) =>
      Array.from({ length: count }, (_, i) => {
        const hash = kept.get(`${level}/${start + i}`);
        if (hash === undefined) throw new RangeError("not there");
        return hash;
      }),
  };
}

describe("RFC 6962 reference tree", () => {
  it("gives the published root at every size", () => {
    const frontier = new Frontier(nodeSha256);
    const roots = [toHex(frontier.root())];
    for (const leaf of LEAVES) {
      frontier.append(leafHash(nodeSha256, leaf));
      roots.push(toHex(frontier.root()));
    }
    expect(roots).toEqual(ROOTS);
  });

  it("makes the published inclusion and consistency proofs", async () => {
    const source = sourceOf(LEAVES);
    expect((await inclusionProof(source, 0, 8)).map(toHex)).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect((await inclusionProof(source, 5, 8)).map(toHex)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect((await consistencyProof(source, 6, 8)).map(toHex)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(await consistencyProof(source, 8, 8)).toEqual([]);
  });

  it("takes every proof of the tree and none that was changed, cut or lengthened", async () => {
    const source = sourceOf(LEAVES);
    for (let size = 1; size <= 8; size++) {
      const root = await treeRoot(source, size);
      for (let index = 0; index < size; index++) {
        const leaf = leafHash(nodeSha256, LEAVES[index] ?? new Uint8Array());
        const proof = await inclusionProof(source, index, size);
        const claim = { index, size, leaf, root, proof };
        expect(checkInclusion(nodeSha256, claim)).toBe(true);
        expect(checkInclusion(nodeSha256, { ...claim, proof: [...proof, leaf] })).toBe(false);
        expect(checkInclusion(nodeSha256, { ...claim, leaf: root }) && size > 1).toBe(false);
        if (proof.length > 0)
          expect(checkInclusion(nodeSha256, { ...claim, proof: proof.slice(1) })).toBe(false);
      }
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const oldRoot = oldSize === 0 ? new Uint8Array(32) : await treeRoot(source, oldSize);
        const proof = await consistencyProof(source, oldSize, size);
        const claim = { oldSize, newSize: size, oldRoot, newRoot: root, proof };
        expect(checkConsistency(nodeSha256, claim)).toBe(true);
        expect(checkConsistency(nodeSha256, { ...claim, proof: [...proof, root] })).toBe(false);
        if (oldSize > 0)
          expect(checkConsistency(nodeSha256, { ...claim, oldRoot: new Uint8Array(32) })).toBe(false);
      }
    }
  });

  it("restores a frontier from its stored form and refuses a torn one", () => {
    const frontier = new Frontier(nodeSha256);
    for (const leaf of LEAVES.slice(0, 7)) frontier.append(leafHash(nodeSha256, leaf));
    const again = new Frontier(nodeSha256, frontier.encode());
    again.append(leafHash(nodeSha256, LEAVES[7] ?? new Uint8Array()));
    expect(toHex(again.root())).toBe(ROOTS[8]);
    expect(() => new Frontier(nodeSha256, frontier.encode().subarray(0, 40))).toThrow(RangeError);
    expect(() => new Frontier(nodeSha256, new Uint8Array(3))).toThrow(RangeError);
  });
});
