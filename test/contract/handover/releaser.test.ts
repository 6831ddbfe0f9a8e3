/** The releaser on a real store: what the archive keeps goes, oldest first; what it does not keeps its place. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type LogId, sha256Hex } from "../../../gateway/domain/ids.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import type { SealedPack } from "../../../gateway/handover/contract.ts";
import type { ReleaseRules } from "../../../gateway/handover/release-plan.ts";
import { type Releaser, type SpaceLevel, createReleaser } from "../../../gateway/handover/releaser.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { StoreRig, fragment } from "../store/opened-store.ts";

const RETAIN_MS = Date.UTC(2099, 0, 1);
let rig: StoreRig;
let store: Store;
let log: LogId;
let level: SpaceLevel = "enough";
let rules: ReleaseRules;
let packs: SealedPack[] = [];
const held = new Set<number>();

/** Three sealed volumes of four fragments; every one of them in an acknowledged pack of its own. */
beforeEach(async () => {
  rig = await StoreRig.make();
  store = await rig.open();
  held.clear();
  packs = [];
  level = "enough";
  rules = { keepUntilMs: () => RETAIN_MS, isHeld: (entry: Entry) => held.has(entry.seq), localMinimumMs: 0 };
  for (let volume = 0; volume < 4; volume++) {
    for (let i = 0; i < 4; i++) await store.append([fragment(20_000)]);
    rig.clock.monotonicOffsetMs += 3_600_001;
  }
  await store.append([fragment(10)]);
  const [first] = await store.volumes();
  if (first === undefined) throw new Error("no volume");
  log = first.logId;
  for (const { firstSeq, endSeq } of await store.volumes()) packs.push(packOf(firstSeq, endSeq));
});
afterEach(() => rig.close());

function packOf(from: number, to: number): SealedPack {
  const no = packs.length + 1;
  const seal = { logId: log, seq: (store.stats().size - 1) as SealedPack["seal"]["seq"] };
  return {
    no,
    logId: log,
    class: 3,
    sha256: sha256Hex(String(no).padStart(64, "0")),
    sizeBytes: 1,
    ranges: [[from, to]],
    reason: "size",
    sealedMs: 0,
    seal,
    acked: { by: "archive", retainUntilMs: RETAIN_MS, ack: seal },
  };
}

const releaser = (): Releaser =>
  createReleaser({
    store: { ...store, lookAtSpace: async () => level },
    handover: {
      listPacks: async ({ after, class: cls }) =>
        packs.filter((pack) => pack.no > after && pack.class === cls),
      findPack: async (sha256) => packs.find((pack) => pack.sha256 === sha256),
    },
    clock: rig.clock,
    rules: async () => rules,
  });

const firsts = async (): Promise<readonly number[]> =>
  (await store.volumes()).map(({ firstSeq }) => firstSeq);

it("releases every acknowledged volume that is over its minimum, and says by which packs", async () => {
  const run = await releaser().run();
  expect(run).toMatchObject({ level: "enough", stuck: false, staying: {}, releasedBytes: 320_000 });
  expect(run.released).toHaveLength(4);
  expect(await firsts()).toEqual([]);
  const [first] = run.released;
  if (first === undefined) throw new Error("nothing released");
  expect((await store.readRecord(first)).body.json).toMatchObject({
    volume: 1,
    absence: { basis: "acknowledged", packs: ["1".padStart(64, "0")] },
  });
});

it("keeps what is not acknowledged, and a held body as a survivor", async () => {
  packs = packs.map((pack, i) => {
    const { acked, ...rest } = pack;
    return i === 1 || acked === undefined ? rest : pack;
  });
  held.add(10);
  const run = await releaser().run();
  expect(run.staying).toEqual({ notAcked: 4, held: 1 });
  const left = await store.volumes();
  expect(left.map(({ firstSeq, kept }) => [firstSeq, kept])).toEqual([
    [5, false],
    [9, true],
  ]);
  const [, survivors] = left;
  if (survivors === undefined) throw new Error("no survivor");
  expect((await store.footageOf(survivors)).map(({ entry }) => entry.seq)).toEqual([10]);
});

it("keeps young footage while there is room, lets it go when room is short, and says when it is stuck", async () => {
  rules = { ...rules, localMinimumMs: 86_400_000 };
  expect(await releaser().run()).toMatchObject({ released: [], stuck: false, staying: { young: 16 } });
  level = "low";
  for (let seq = 5; seq < 17; seq++) held.add(seq);
  const run = await releaser().run();
  expect(run.released).toHaveLength(1);
  expect(run).toMatchObject({ level: "low", stuck: true, staying: { held: 12 } });
  expect(await firsts()).toEqual([5, 9, 13]);
});
