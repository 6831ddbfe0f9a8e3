/** Mutations of the databases of a stopped gateway, by somebody who has the disk. */
import { cp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Level } from "level";
import { CHECKPOINT_KEY, KEPT_CHECKPOINTS, entryKey, hashKey, seqKey } from "../../gateway/store/keys.ts";
import { flip } from "./edit-folder.ts";
import type { Made } from "./made.ts";
import { type Mutation, rows } from "./mutation.ts";
import { LAST_YEAR, THIS_YEAR } from "./years.ts";

type Database = Level<Uint8Array, Uint8Array>;

async function edit(path: string, change: (database: Database) => Promise<void>): Promise<void> {
  const database = new Level<Uint8Array, Uint8Array>(path, { keyEncoding: "view", valueEncoding: "view" });
  await database.open();
  try {
    await change(database);
  } finally {
    await database.close();
  }
}

async function flipValue(database: Database, key: Uint8Array, at: number): Promise<void> {
  const value = Buffer.from((await database.get(key)) ?? []);
  flip(at)(value);
  await database.put(key, value);
}

const LOG = join(THIS_YEAR, "log");
const RECORDS = join(THIS_YEAR, "records");

/** The volume of the open log in which this fragment lies. */
async function volume(folder: string, seq: number): Promise<string> {
  const names = (await readdir(join(folder, THIS_YEAR, "footage"))).sort();
  const name = names.findLast((each) => Number.parseInt(each, 10) <= seq);
  return join(folder, THIS_YEAR, "footage", name ?? "none");
}

const atFragment = (made: Made): number => made.at.fragment;
const invalid = { result: "invalid" } as const;
const missing = { result: "missing" } as const;

export const DATA_FOLDERS: readonly Mutation[] = rows([
  {
    name: "bit of a picture flipped in its volume",
    touches: "LevelDB: footage",
    on: "data",
    expected: { ...invalid, finding: "body.altered", at: atFragment },
    apply: async (folder, { at }) =>
      edit(await volume(folder, at.fragment), (database) => flipValue(database, seqKey(at.fragment), -20)),
  },
  {
    name: "bit of a record flipped in its database",
    touches: "LevelDB: records",
    on: "data",
    expected: { ...invalid, finding: "body.altered", at: ({ at }) => at.intake },
    apply: async (folder, { at }) =>
      edit(join(folder, RECORDS), (database) => flipValue(database, seqKey(at.intake), -5)),
  },
  {
    name: "picture deleted from its volume",
    touches: "LevelDB: footage",
    on: "data",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at }) =>
      edit(await volume(folder, at.fragment), (database) => database.del(seqKey(at.fragment))),
  },
  {
    name: "volume deleted",
    touches: "LevelDB: footage",
    on: "data",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at }) => rm(await volume(folder, at.fragment), { recursive: true }),
  },
  {
    name: "last group torn: entries stayed, their pictures went",
    touches: "LevelDB: footage",
    on: "dataEarlier",
    expected: { ...missing, finding: "body.missing" },
    apply: async (folder) =>
      edit(await volume(folder, 999_999), async (database) => {
        const keys = await database.keys({ reverse: true, limit: 2 }).all();
        for (const key of keys) await database.del(key);
      }),
  },
  {
    name: "last group torn: pictures stayed, their entries went",
    touches: "LevelDB: entries",
    on: "dataEarlier",
    expected: { ...missing, finding: "log.truncated" },
    apply: async (folder) => cutEnd(folder, 2),
  },
  {
    name: "bit of an entry flipped in the log's database",
    touches: "LevelDB: entries",
    on: "data",
    expected: { ...invalid, finding: "entry.altered", at: atFragment },
    apply: async (folder, { at }) =>
      edit(join(folder, LOG), (database) => flipValue(database, entryKey(at.fragment), 25)),
  },
  {
    name: "entry deleted from the log's database",
    touches: "LevelDB: entries",
    on: "data",
    expected: { ...missing, finding: "entry.removed", at: atFragment },
    apply: async (folder, { at }) =>
      edit(join(folder, LOG), (database) => database.del(entryKey(at.fragment))),
  },
  {
    name: "two entries swapped in the log's database",
    touches: "LevelDB: entries",
    on: "data",
    expected: { ...invalid, finding: "entry.reordered", at: atFragment },
    apply: async (folder, { at }) =>
      edit(join(folder, LOG), async (database) => {
        const [a, b] = [await database.get(entryKey(at.fragment)), await database.get(entryKey(at.intake))];
        if (a === undefined || b === undefined) throw new RangeError("no such entry");
        await database.put(entryKey(at.fragment), b);
        await database.put(entryKey(at.intake), a);
      }),
  },
  {
    name: "leaf hash flipped in the log's database",
    touches: "LevelDB: hashes",
    on: "data",
    expected: { ...invalid, finding: "tile.altered", at: atFragment },
    apply: async (folder, { at }) =>
      edit(join(folder, LOG), (database) => flipValue(database, hashKey(0, at.fragment), 3)),
  },
  {
    name: "upper hash flipped in the log's database",
    touches: "LevelDB: hashes",
    on: "data",
    expected: { ...invalid, finding: "tile.altered", at: () => 256 },
    apply: async (folder) => edit(join(folder, LOG), (database) => flipValue(database, hashKey(1, 1), 3)),
  },
  {
    name: "leaf hash deleted from the log's database",
    touches: "LevelDB: hashes",
    on: "data",
    expected: { ...missing, finding: "tile.missing", at: atFragment },
    apply: async (folder, { at }) =>
      edit(join(folder, LOG), (database) => database.del(hashKey(0, at.fragment))),
  },
  {
    name: "checkpoint flipped in the log's database",
    touches: "LevelDB: checkpoint",
    on: "data",
    expected: { ...invalid, finding: "checkpoint.wrongSignature" },
    apply: async (folder) =>
      edit(join(folder, LOG), async (database) => {
        const text = new TextDecoder().decode(await database.get(CHECKPOINT_KEY));
        await database.put(
          CHECKPOINT_KEY,
          new TextEncoder().encode(text.replace(/\\n([0-9]+)\\n/, "\\n1$1\\n")),
        );
      }),
  },
  {
    name: "checkpoint deleted from the log's database",
    touches: "LevelDB: checkpoint",
    on: "data",
    expected: { ...missing, finding: "checkpoint.none" },
    apply: async (folder) =>
      edit(join(folder, LOG), async (database) => {
        await database.del(CHECKPOINT_KEY);
        await database.clear(KEPT_CHECKPOINTS);
      }),
  },
  {
    name: "logs of two years exchanged",
    touches: "folders of the logs",
    on: "data",
    expected: { ...invalid, finding: "log.misplaced" },
    apply: async (folder) => {
      await rename(join(folder, LAST_YEAR), join(folder, "aside"));
      await rename(join(folder, THIS_YEAR), join(folder, LAST_YEAR));
      await rename(join(folder, "aside"), join(folder, THIS_YEAR));
    },
  },
  {
    name: "last year's log deleted",
    touches: "folder of a log",
    on: "data",
    expected: { ...missing, finding: "log.absent" },
    apply: async (folder) => rm(join(folder, LAST_YEAR), { recursive: true }),
  },
  {
    name: "this year's log deleted; the archive saw it",
    touches: "folder of a log",
    on: "data",
    expected: { ...missing, finding: "log.absent" },
    apply: async (folder, { archiveNote }) => {
      await rm(join(folder, THIS_YEAR), { recursive: true });
      return { seen: [archiveNote] };
    },
  },
  {
    name: "this year's log deleted, which alone explains what last year's log has released",
    touches: "folder of a log",
    on: "data",
    expected: { ...missing, finding: "body.missing" },
    apply: async (folder) => rm(join(folder, THIS_YEAR), { recursive: true }),
  },
  {
    name: "whole data folder and signer rolled back; the archive saw it later",
    touches: "whole disk",
    on: "data",
    expected: { ...missing, finding: "log.truncated" },
    apply: async (folder, { dataEarlier, archiveNote }) => {
      await rm(folder, { recursive: true });
      await cp(dataEarlier, folder, { recursive: true });
      return { seen: [archiveNote] };
    },
  },
  {
    name: "views deleted or pointing elsewhere",
    touches: "views and catalogue",
    on: "data",
    expected: {
      gap: "views are no evidence: nobody verifies by them, each read checks the entry, and they are rebuilt from the log",
    },
    apply: async (folder) => {
      await rm(join(folder, "views"), { recursive: true, force: true });
      await writeFile(join(folder, "views"), "elsewhere");
    },
  },
  {
    name: "signer's state lost",
    touches: "secrets",
    on: "data",
    expected: {
      gap: "no evidence is touched; the next start notices it, raises an alarm and begins a new log that names this one",
    },
    apply: async (folder) => {
      for (const name of await readdir(join(folder, "secrets")))
        if (name.startsWith("signer") && name.includes("state")) await rm(join(folder, "secrets", name));
    },
  },
]);

/** Takes the last entries with their hashes out of the log's database. */
async function cutEnd(folder: string, count: number): Promise<void> {
  await edit(join(folder, LOG), async (database) => {
    const keys = await database
      .keys({ gte: entryKey(0), lt: entryKey(2 ** 40), reverse: true, limit: count })
      .all();
    for (const key of keys) {
      await database.del(key);
      await database.del(hashKey(0, Number(new DataView(key.buffer, key.byteOffset + 1, 8).getBigUint64(0))));
    }
  });
}
