/** Announced keys wait until a tree that holds their announcement has put them in force. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { formatCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import { Database } from "../../../gateway/store/database.ts";
import { KeyTurn } from "../../../gateway/store/key-turn.ts";
import { freshFolder } from "../../contract/real-store.ts";

const ORIGIN = "unit/g1/2026";
const note = (size: number): string =>
  `${formatCheckpoint({ origin: ORIGIN, size, root: new Uint8Array(32) })}\n— ${ORIGIN} AAAAAAAAAAA=\n`;
const announcing = (at: number, vkey: string): { readonly entry: Entry } => ({
  entry: {
    v: 1,
    seq: seq(at),
    type: "key",
    stream: streamId("log"),
    n: at,
    t: 0,
    dur: 0,
    boot: "b",
    mono: 0,
    ntp: "synced",
    len: 0,
    sha256: sha256Hex("0".repeat(64)),
    vkey,
  },
});

describe("a change of keys announced while the checkpoint of another is being stored", () => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let database: Database;
  beforeEach(async () => {
    folder = await freshFolder();
    database = await Database.open(folder.path);
  });
  afterEach(async () => {
    await database.close();
    await folder.remove();
  });

  it("waits on, in memory and on disk, while the one in the signed tree is done", async () => {
    const turn = await KeyTurn.open(database);
    const [first, second] = [announcing(1, "first"), announcing(3, "second")];
    await database.write(turn.writesFor([first]), { sync: true });
    turn.heard([first]);
    const writes = turn.writesOfTurnover(note(3));
    await database.write(turn.writesFor([second]), { sync: true });
    turn.heard([second]);
    await database.write(writes, { sync: true });
    turn.turned(3);
    expect(turn.announced).toEqual(["second"]);
    expect((await KeyTurn.open(database)).announced).toEqual(["second"]);
  });

  it("is dropped only with a tree that holds it", async () => {
    const turn = await KeyTurn.open(database);
    const both = [announcing(1, "first"), announcing(3, "second")];
    await database.write(turn.writesFor(both), { sync: true });
    turn.heard(both);
    await database.write(turn.writesOfDrop(3), { sync: true });
    turn.turned(3);
    expect((await KeyTurn.open(database)).announced).toEqual(["second"]);
    expect(turn.announced).toEqual(["second"]);
  });
});
