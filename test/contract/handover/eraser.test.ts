/** Erasing on a real store: all or nothing, no byte left while others read, and a hash that tells nobody anything. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogId, Seq } from "../../../gateway/domain/ids.ts";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { decodeBodyValue } from "../../../gateway/evidence/body-value.ts";
import { concatBytes } from "../../../gateway/evidence/bytes.ts";
import { RECORD_SALT_BYTES, encodeRecord } from "../../../gateway/evidence/record.ts";
import { type Eraser, createEraser } from "../../../gateway/handover/eraser.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { filesWith } from "../store/on-disk.ts";
import { StoreRig, fragment, record } from "../store/opened-store.ts";

const BASIS = "list-2026-1";
let rig: StoreRig;
let store: Store;
let held: ReadonlySet<number>;
let keepUntilMs: number;
let ended: number;

beforeEach(async () => {
  rig = await StoreRig.make();
  store = await rig.open();
  held = new Set();
  keepUntilMs = 0;
  ended = 0;
});
afterEach(() => rig.close());

const eraser = (copies: ReadonlyMap<number, Appended> = new Map()): Eraser =>
  createEraser({
    store,
    clock: rig.clock,
    rules: async () => ({ keepUntilMs: () => keepUntilMs, isHeld: ({ seq }) => held.has(seq) }),
    copiesOf: async ({ seq }) => {
      const copy = copies.get(seq);
      return copy === undefined ? [] : [copy];
    },
    endCopies: async () => {
      ended++;
    },
  });

const secretOf = (i: number): string => `name-that-must-go-${String(i).padStart(6, "0")}`;

async function people(count: number): Promise<readonly Appended[]> {
  const all: Appended[] = [];
  for (let i = 0; i < count; i++)
    all.push(...(await store.append([record({ secret: secretOf(i), fill: "x".repeat(4000) }, "person")])));
  return all;
}
function orderOf(entries: readonly Appended[]): { logId: LogId; seqs: readonly Seq[]; basis: string } {
  const [first] = entries;
  if (first === undefined) throw new Error("nothing to erase");
  return { logId: first.logId, seqs: entries.map(({ seq }) => seq), basis: BASIS };
}

describe("a destruction list", () => {
  it("is carried out whole or not at all: a hold, a term not over, a copy left off, no basis", async () => {
    const entries = await people(3);
    const [one, two, three] = entries;
    if (one === undefined || two === undefined || three === undefined) throw new Error("not appended");
    const { size } = store.stats();
    const refusal = async (why: string, work: Promise<unknown>): Promise<void> => {
      await expect(work).rejects.toMatchObject({ code: "evidence.eraseRefused", details: { why } });
      expect(store.stats().size).toBe(size);
      expect((await store.readRecord(one)).body.json).toMatchObject({ secret: secretOf(0) });
    };
    held = new Set([two.seq]);
    await refusal("held", eraser().erase(orderOf(entries)));
    held = new Set();
    keepUntilMs = Number.POSITIVE_INFINITY;
    await refusal("classNotOver", eraser().erase(orderOf(entries)));
    keepUntilMs = 0;
    await refusal("copyStays", eraser(new Map([[one.seq, three]])).erase(orderOf([one, two])));
    await refusal("noBasis", eraser().erase({ ...orderOf(entries), basis: "" }));
    expect(ended).toBe(0);
    await eraser(new Map([[one.seq, three]])).erase(orderOf(entries));
    expect(ended).toBe(1);
    await expect(store.readRecord(one)).rejects.toMatchObject({
      code: "evidence.bodyMissing",
      details: { why: "erased" },
    });
  });

  it("leaves no byte on the disk while others read and write all the time", async () => {
    const entries = await people(400);
    const going = entries.filter((_, i) => i % 3 === 0);
    const staying = entries.filter((_, i) => i % 3 !== 0);
    const over = new AbortController();
    // Reads many records at once, as the scrub and the views do, and so holds a snapshot most of the time.
    const scrub = store.scrub({ bytesPerS: 1e9, pauseMs: 0 });
    const reading = Promise.all(
      Array.from({ length: 8 }, async (_, lane) => {
        for (let i = lane; !over.signal.aborted; i++) {
          const one = staying[i % staying.length];
          if (one !== undefined) await store.readRecord(one);
        }
      }),
    );
    const writing = (async () => {
      for (let i = 0; !over.signal.aborted; i++) await store.append([record({ i }), fragment(10_000)]);
    })();
    await eraser().erase(orderOf(going));
    const gone = going.map((one) => secretOf(entries.indexOf(one)));
    const left = await filesWith(rig.dataFolder, gone);
    over.abort();
    await scrub.close();
    await Promise.all([reading, writing]);
    expect(left).toEqual([]);
    for (const one of staying.slice(0, 20)) await store.readRecord(one);
  });
});

describe("what stays of an erased person", () => {
  const NAMES = ["王芳", "李伟", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄婷", "周强", "吴霞"];
  /** Everybody of one birthday in one county: what somebody tries who knows roughly whom to look for. */
  const numbers = Array.from({ length: 200 }, (_, i) => `11010519900101${String(i).padStart(3, "0")}1`);
  const bodyOf = (name: string, idNumber: string) => ({
    v: 1,
    applicationId: "a-1",
    personId: "p-1",
    person: {
      role: "applicant",
      applicant: { kind: "person", name, idKind: "residentId", idNumber, phone: "13800138000" },
    },
  });
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

  /** The whole dictionary against one hash, with what the attacker believes to stand before the JSON. */
  function attack(hash: string, salt: Uint8Array): { readonly tried: number; readonly found: string[] } {
    const found: string[] = [];
    let tried = 0;
    for (const name of NAMES)
      for (const idNumber of numbers) {
        tried++;
        const guess = encodeRecord({ json: bodyOf(name, idNumber) }, salt);
        if (sha256(guess) === hash) found.push(`${name} ${idNumber}`);
      }
    return { tried, found };
  }

  it("can't be guessed from the entry: the dictionary that finds it without the random bytes fails with them", async () => {
    const [name = "", idNumber = ""] = [NAMES[6], numbers[123]];
    const [person] = await store.append([record(bodyOf(name, idNumber), "person")]);
    if (person === undefined) throw new Error("nothing appended");
    const { body } = decodeBodyValue(await store.bodyValue(person));
    const salt = body.slice(0, RECORD_SALT_BYTES);
    await eraser().erase(orderOf([person]));
    const { sha256: hash, len } = await store.readEntry(person);

    // The attack is sound: without random bytes, or with the ones that were there, it names the person.
    const none = new Uint8Array(RECORD_SALT_BYTES);
    const unsalted = concatBytes([none, body.subarray(RECORD_SALT_BYTES)]);
    expect(attack(sha256(unsalted), none)).toEqual({ tried: 2000, found: [`${name} ${idNumber}`] });
    expect(attack(hash, salt).found).toEqual([`${name} ${idNumber}`]);
    // What stands in the log after the erasure gives nothing, and the random bytes are gone from the disk.
    expect(len).toBe(body.length);
    expect(attack(hash, none)).toEqual({ tried: 2000, found: [] });
    expect(await filesWith(rig.dataFolder, [salt])).toEqual([]);
  });
});
