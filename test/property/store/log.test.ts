/** The log under random drafts and restarts: dense numbers, dense streams, the root of the plain tree. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { seq, streamId } from "../../../gateway/domain/ids.ts";
import type { EntryDraft } from "../../../gateway/evidence/append.ts";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { emptyRoot, leafHash, nodeHash } from "../../../gateway/evidence/merkle/hash.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";
import { StoreRig } from "../../contract/store/opened-store.ts";

/** RFC 6962 section 2.1 as it is written there. */
function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return emptyRoot(sha256);
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(sha256, plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)));
}

const draft: fc.Arbitrary<EntryDraft> = fc.oneof(
  fc.record({
    type: fc.constantFrom("fragment" as const, "init" as const, "chunk" as const),
    stream: fc.constantFrom("camera/c1/main", "camera/c2/main").map(streamId),
    bytes: fc.uint8Array({ maxLength: 3000 }),
    durMs: fc.nat(2000),
  }),
  fc.record({
    type: fc.constantFrom("intake" as const, "gap" as const, "config" as const),
    stream: fc.constantFrom("intake", "camera/c1/main").map(streamId),
    record: fc.record({ json: fc.record({ text: fc.string() }) }),
  }),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.array(draft, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
  },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
  { weight: 1, arbitrary: fc.constant("newVolume" as const) },
);

it("keeps numbers and streams dense and the root that of the plain tree, through any restarts", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const rig = await StoreRig.make();
      try {
        let store = await rig.open();
        const { logId } = store.stats();
        const bodies = new Map<number, Uint8Array>();
        for (const one of steps) {
          if (one === "reopen") {
            await rig.closeStore();
            store = await rig.open();
          } else if (one === "newVolume") rig.clock.monotonicOffsetMs += 3_600_001;
          else {
            const appended = await Promise.all(one.map((drafts) => store.append(drafts)));
            for (const [i, drafts] of one.entries())
              for (const [j, each] of drafts.entries()) {
                const ref = appended[i]?.[j];
                if (ref !== undefined && "bytes" in each) bodies.set(ref.seq, each.bytes);
              }
          }
        }
        const { size } = store.stats();
        const entries = await store.entries(logId, 0, size + 1);
        const streams = new Map<string, number>();
        for (const [i, { bytes }] of entries.entries()) {
          const entry = decodeEntry(bytes);
          expect(entry.seq).toBe(i);
          expect(entry.n).toBe(streams.get(entry.stream) ?? 0);
          streams.set(entry.stream, entry.n + 1);
        }
        expect(entries).toHaveLength(size);
        const leaves = entries.map(({ bytes }) => leafHash(sha256, bytes));
        expect(toHex(await store.rootAt(logId, size))).toBe(toHex(plainRoot(leaves)));
        for (const [at, body] of bodies)
          expect(Buffer.from((await store.readFootage({ logId, seq: seq(at) })).bytes).equals(body)).toBe(
            true,
          );
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 25 },
  );
});
