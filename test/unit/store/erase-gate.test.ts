/** Why an erasure needs to be alone, shown on LevelDB itself, and that the gate sees to it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database, del, put } from "../../../gateway/store/database.ts";
import { EraseGate } from "../../../gateway/store/erase-gate.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { filesWith } from "../../contract/store/on-disk.ts";

const SECRET = "name-that-must-go";
const key = (i: number): Uint8Array => Uint8Array.of(i);

describe("LevelDB", () => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let database: Database;
  beforeEach(async () => {
    folder = await freshFolder();
    database = await Database.open(folder.path);
    for (let i = 0; i < 9; i++)
      await database.write([put(key(i), Buffer.from(i === 4 ? SECRET : "stays"))], { sync: true });
    await database.compact(key(0), key(9));
  });
  afterEach(async () => {
    await database.close();
    await folder.remove();
  });
  const erase = async (): Promise<void> => {
    await database.write([del(key(4))], { sync: true });
    await database.compact(key(0), key(9));
  };

  it("keeps what was deleted, compaction or not, while a reader still has its snapshot", async () => {
    const rows = database.rows({ gte: key(0), lt: key(9) });
    await rows.next();
    await erase();
    expect(await filesWith(folder.path, [SECRET])).not.toEqual([]);
    await rows.return();
  });

  it("keeps none of it when nobody reads", async () => {
    await erase();
    expect(await filesWith(folder.path, [SECRET])).toEqual([]);
  });
});

describe("the gate", () => {
  it("waits for the reads of now, holds up those that come, and lets them by when it failed", async () => {
    const gate = new EraseGate();
    const order: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const reading = gate.read(async () => {
      await first.promise;
      order.push("first read");
    });
    const erasing = gate.alone(async () => {
      order.push("erased");
      throw new Error("disk");
    });
    const later = gate.read(async () => void order.push("later read"));
    const another = gate.alone(async () => void order.push("erased again"));
    first.resolve(undefined);
    await expect(erasing).rejects.toThrow("disk");
    await Promise.all([reading, later, another]);
    expect(order.slice(0, 2)).toEqual(["first read", "erased"]);
    expect(order.slice(2).toSorted()).toEqual(["erased again", "later read"]);
  });
});
