/**
 * Mutations of whole histories, most of them by somebody who holds disk and key and makes a log that is consistent in
 * itself. Each is shown as it is seen alone, with a paper in somebody's hand, and after the archive saw the log.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Seq, logId, sha256Hex, streamId } from "../../gateway/domain/ids.ts";
import { encodeAbsence } from "../../gateway/evidence/absence.ts";
import { toHex } from "../../gateway/evidence/bytes.ts";
import type { Entry, EntryType } from "../../gateway/evidence/entry.ts";
import { encodeRecord, decodeRecord } from "../../gateway/evidence/record.ts";
import { verifierKey } from "../../gateway/evidence/verifier-key.ts";
import { nodeSha256, publicKeyBytes } from "../../gateway/signer/ed25519.ts";
import { cosignAsArchive } from "./cosign-as-archive.ts";
import { dropBody, editPack, flipBody, packOf } from "./edit-folder.ts";
import { type Item, changed, forge, readItems, renumbered } from "./forge.ts";
import type { Made } from "./made.ts";
import { type Detected, type Mutation, type Row, rows } from "./mutation.ts";
import { THIS_YEAR } from "./years.ts";

type Edit = (items: Item[], made: Made) => Item[];

/** The same forgery seen alone, with a paper, and after the archive's sighting. */
interface Forgery {
  readonly name: string;
  readonly touches: string;
  readonly edit: Edit;
  /** Why nothing shows it alone. */
  readonly gap: string;
  /** What a paper shows; by default the fork. */
  readonly byPaper?: Detected;
}

const KEY_STOLEN =
  "with disk and key stolen and nobody else having seen the log, the forged one is as good as the true one";

const editAt =
  (pick: (made: Made) => number, edit: (item: Item) => Item): Edit =>
  (items, made) =>
    items.map((item, seq) => (seq === pick(made) ? edit(item) : item));

const clockField = (field: keyof Entry, edit: (entry: Entry) => Partial<Entry>): Forgery => ({
  name: `clock field ${field} rewritten`,
  touches: "entry, tree and signature",
  edit: editAt(
    (made) => made.at.fragment,
    (item) => changed(item, edit(item.entry)),
  ),
  gap: KEY_STOLEN,
});

const FORGERIES: readonly Forgery[] = [
  clockField("t", ({ t }) => ({ t: t - 60_000 })),
  clockField("dur", ({ dur }) => ({ dur: dur + 500 })),
  clockField("ntp", () => ({ ntp: "unsynced" })),
  clockField("cam", ({ cam = 0 }) => ({ cam: cam - 60_000 })),
  {
    name: "clock fields boot and mono rewritten together",
    touches: "entry, tree and signature",
    edit: (items) =>
      items.map((item) => changed(item, { boot: `x${item.entry.boot.slice(1)}`, mono: item.entry.mono + 5 })),
    gap: KEY_STOLEN,
  },
  {
    name: "picture replaced and its entry with it",
    touches: "body, entry, tree and signature",
    edit: editAt(
      (made) => made.at.fragment,
      (item) => changed(item, {}, randomBytes(300)),
    ),
    gap: KEY_STOLEN,
  },
  {
    name: "intake's record rewritten",
    touches: "body, entry, tree and signature",
    edit: editAt(
      (made) => made.at.intake,
      (item) => changed(item, {}, encodeRecord({ json: { step: "never" } }, randomBytes(32))),
    ),
    gap: KEY_STOLEN,
  },
  {
    name: "entry taken out and everything renumbered",
    touches: "entries, tree and signature",
    edit: (items, made) => renumbered(items.filter((_, seq) => seq !== made.at.fragment)),
    gap: KEY_STOLEN,
    byPaper: { result: "missing", finding: "log.truncated" },
  },
  {
    name: "entry slipped in and everything renumbered",
    touches: "entries, tree and signature",
    edit: (items, made) =>
      renumbered(items.flatMap((item, seq) => (seq === made.at.fragment ? [item, item] : [item]))),
    gap: KEY_STOLEN,
  },
  {
    name: "two entries moved past each other and renumbered",
    touches: "entries, tree and signature",
    edit: (items, made) => {
      const copy = [...items];
      const [a, b] = [items[made.at.fragment], items[made.at.intake]];
      if (a === undefined || b === undefined) throw new RangeError("no such entry");
      copy[made.at.fragment] = changed(b, { mono: a.entry.mono });
      copy[made.at.intake] = changed(a, { mono: b.entry.mono });
      return renumbered(copy);
    },
    gap: KEY_STOLEN,
  },
];

/** `unseen` is the log before the archive; its paper covers the whole of it. */
const threeWays = (forgery: Forgery): readonly Row[] => {
  const apply =
    (seen: (made: Made) => readonly string[]) =>
    async (folder: string, made: Made): Promise<{ readonly seen: readonly string[] }> => {
      await forge({ folder, key: made.key, edit: (items) => forgery.edit(items, made) });
      return { seen: seen(made) };
    };
  const { name, touches, gap } = forgery;
  const base = { touches, who: "disk and key", on: "unseen" } as const;
  const expected = { result: "invalid", finding: "log.forked" } as const;
  return [
    {
      ...base,
      name: `${name}; nobody else saw the log`,
      sighting: "before",
      expected: { gap },
      apply: apply(() => []),
    },
    {
      ...base,
      name: `${name}; a paper is in somebody's hand`,
      sighting: "before",
      paper: "after",
      expected: forgery.byPaper ?? expected,
      apply: apply(({ paperUnseen }) => [paperUnseen]),
    },
    {
      ...base,
      on: "whole",
      name: `${name}; the archive had seen the log`,
      sighting: "after",
      expected,
      apply: apply(({ archiveNote }) => [archiveNote]),
    },
  ];
};

const WHOLE_LOGS: readonly Row[] = [
  {
    name: "end of the log cut off and signed anew; nobody else saw that end",
    touches: "whole log",
    who: "disk and key",
    on: "whole",
    expected: {
      gap: "what came after the last sighting is known to nobody else; the exposure window says how long that is",
    },
    apply: async (folder, { key, seenSize }) =>
      forge({ folder, key, edit: (items) => items.slice(0, seenSize + 3) }),
  },
  {
    name: "end of the log cut off and signed anew; a paper from that end is in somebody's hand",
    touches: "whole log",
    who: "disk and key",
    paper: "after",
    on: "whole",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, { key, seenSize, paperLate }) => {
      await forge({ folder, key, edit: (items) => items.slice(0, seenSize + 3) });
      return { seen: [paperLate] };
    },
  },
  {
    name: "log cut off below what the archive saw",
    touches: "whole log",
    who: "disk and key",
    on: "whole",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, { key, archiveNote, seenSize }) => {
      await forge({ folder, key, edit: (items) => items.slice(0, seenSize - 5) });
      return { seen: [archiveNote] };
    },
  },
  {
    name: "disk rolled back to an earlier day; nobody holds a later sighting",
    touches: "whole disk",
    on: "whole",
    expected: {
      gap: "an earlier state of a disk was true once; the signer's own state or somebody's later sighting shows it",
    },
    apply: async (folder, { unseen }) => replaceAll(folder, unseen),
  },
  {
    name: "disk rolled back to an earlier day; the archive saw it later",
    touches: "whole disk",
    on: "whole",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, { unseen, archiveNote }) => {
      await replaceAll(folder, unseen);
      return { seen: [archiveNote] };
    },
  },
  {
    name: "newest checkpoint replaced by an earlier true one",
    touches: "checkpoint",
    on: "archive",
    expected: { result: "cannotTell", finding: "log.unsigned", at: () => 266 },
    apply: async (folder, { unseen }) => {
      await rm(join(folder, "cosigned"), { recursive: true });
      await cp(join(unseen, "checkpoint"), join(folder, "checkpoint"));
    },
  },
  {
    name: "whole disk replaced, the old key at hand, no history",
    touches: "whole disk",
    who: "disk and key",
    on: "whole",
    expected: {
      gap: "a new log under the true key contradicts nothing as long as nobody remembers the old one",
    },
    apply: async (folder, { key }) => forge({ folder, key, edit: (items) => strangers(items.slice(0, 60)) }),
  },
  {
    name: "whole disk replaced, the old key at hand; the archive saw the true log",
    touches: "whole disk",
    who: "disk and key",
    on: "whole",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, { key, archiveNote }) => {
      await forge({ folder, key, edit: (items) => strangers(items.slice(0, 60)) });
      return { seen: [archiveNote] };
    },
  },
  {
    name: "whole disk replaced and longer than what the archive saw",
    touches: "whole disk",
    who: "disk and key",
    on: "whole",
    expected: { result: "invalid", finding: "log.forked" },
    apply: async (folder, { key, archiveNote }) => {
      await forge({ folder, key, edit: (items) => strangers(items) });
      return { seen: [archiveNote] };
    },
  },
  {
    name: "whole disk replaced, signed with a new key",
    touches: "whole disk",
    on: "whole",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, { key }) => {
      const { privateKey } = generateKeyPairSync("ed25519");
      const { name, type } = key.vkey;
      const vkey = verifierKey(nodeSha256, { name, type, publicKey: publicKeyBytes(privateKey) });
      await forge({ folder, key: { ...key, vkey, privateKey }, edit: (items) => items });
    },
  },
  {
    name: "rewritten while the archive's cosignature still lies beside it",
    touches: "whole log",
    who: "disk and key",
    on: "archive",
    expected: { result: "invalid", finding: "log.forked" },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        keepCosigned: true,
        edit: (items) =>
          items.map((item, seq) => (seq === at.fragment ? changed(item, { t: item.entry.t - 1000 }) : item)),
      }),
  },
  {
    name: "rewritten, all cosignature files removed; the log's own sighting entries tell",
    touches: "whole log",
    who: "disk and key",
    on: "whole",
    expected: { result: "invalid", finding: "sighting.differs", at: ({ at }) => at.sighting },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        edit: (items) =>
          items.map((item, seq) => (seq === at.fragment ? changed(item, { t: item.entry.t - 1000 }) : item)),
      }),
  },
  {
    name: "counter of one stream doubled",
    touches: "entries, tree and signature",
    who: "disk and key",
    sighting: "before",
    on: "unseen",
    expected: { result: "invalid", finding: "stream.repeated", at: ({ at }) => at.nextFragment },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        edit: (items) =>
          items.map((item, seq) => (seq === at.nextFragment ? changed(item, { n: item.entry.n - 1 }) : item)),
      }),
  },
  {
    name: "entry taken out, only the places renumbered",
    touches: "entries, tree and signature",
    who: "disk and key",
    sighting: "before",
    on: "unseen",
    expected: { result: "missing", finding: "stream.gap" },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        edit: (items) =>
          items
            .filter((_, seq) => seq !== at.fragment)
            .map((item, seq) => changed(item, { seq: seq as Seq })),
      }),
  },
  {
    name: "entry taken out, nothing renumbered",
    touches: "entries, tree and signature",
    who: "disk and key",
    sighting: "before",
    on: "unseen",
    expected: { result: "invalid", finding: "entry.misnumbered", at: ({ at }) => at.fragment },
    apply: async (folder, { key, at }) =>
      forge({ folder, key, edit: (items) => items.filter((_, seq) => seq !== at.fragment) }),
  },
  {
    name: "monotonic clock of one entry set back",
    touches: "entries, tree and signature",
    who: "disk and key",
    sighting: "before",
    on: "unseen",
    expected: { result: "invalid", finding: "clock.backwards", at: ({ at }) => at.fragment },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        edit: (items) => items.map((item, seq) => (seq === at.fragment ? changed(item, { mono: 0 }) : item)),
      }),
  },
  {
    name: "boot of an earlier run given to one entry",
    touches: "entries, tree and signature",
    who: "disk and key",
    sighting: "before",
    on: "whole",
    expected: { result: "invalid", finding: "clock.backwards" },
    apply: async (folder, { key, seenSize }) =>
      forge({
        folder,
        key,
        edit: (items) =>
          items.map((item, seq) =>
            seq === seenSize - 10 ? changed(item, { boot: items[5]?.entry.boot ?? "" }) : item,
          ),
      }),
  },
  {
    name: "time of an entry set ahead before the archive co-signs it",
    touches: "clock field t",
    who: "disk and key",
    sighting: "before",
    on: "archive",
    expected: { result: "invalid", finding: "clock.ahead", at: ({ at }) => at.fragment },
    apply: async (folder, made) => {
      const { key, at } = made;
      await forge({
        folder,
        key,
        edit: (items) =>
          items.map((item, seq) =>
            seq === at.fragment ? changed(item, { t: item.entry.t + 3_600_000 }) : item,
          ),
      });
      await cosignAsArchive(folder, made);
    },
  },
  {
    name: "time of an entry set back behind a logged sighting",
    touches: "clock field t",
    who: "disk and key",
    sighting: "before",
    on: "whole",
    expected: { result: "invalid", finding: "clock.behind" },
    apply: async (folder, { key, at }) =>
      forge({
        folder,
        key,
        edit: (items) => {
          const later = items.findIndex(({ entry }, seq) => seq > at.sighting && entry.type === "fragment");
          return items.map((item, seq) =>
            seq === later ? changed(item, { t: item.entry.t - 3_600_000 }) : item,
          );
        },
      }),
  },
];

const strangers = (items: readonly Item[]): Item[] =>
  items.map((item) => (item.entry.type === "fragment" ? changed(item, {}, randomBytes(200)) : item));

async function replaceAll(folder: string, other: string): Promise<void> {
  await rm(folder, { recursive: true });
  await cp(other, folder, { recursive: true });
}

/** Adds a `release` or `erase` entry as the store would write it, and takes the bodies away. */
const withAbsence =
  (
    type: "release" | "erase",
    ranges: (made: Made) => readonly [number, number],
    packs: readonly string[] = [],
  ): Edit =>
  (items, made) => {
    const [from, to] = ranges(made);
    const last = items.at(-1);
    if (last === undefined) return items;
    const absence = encodeAbsence({
      logId: logId(THIS_YEAR),
      ranges: [[from, to]],
      of: type === "erase" ? "all" : "footage",
      basis: "list 2026-99",
      ...(type === "release" ? { packs: packs.map((name) => sha256Hex(name)) } : {}),
    });
    const body = encodeRecord({ json: { absence } }, randomBytes(32));
    const n = items.filter(({ entry }) => entry.stream === "retention").length;
    const fields = {
      type: type as EntryType,
      stream: streamId("retention"),
      n,
      seq: items.length as Seq,
      dur: 0,
    };
    const { cam: _cam, codec: _codec, cont: _cont, ...plain } = last.entry;
    const added: Item = {
      entry: { ...plain, ...fields, len: body.length, sha256: sha256Hex(toHex(nodeSha256(body))) },
      body,
    };
    return [
      ...items.map((item, seq) => (seq >= from && seq < to ? { ...item, body: undefined } : item)),
      added,
    ];
  };

/** The packs of the acknowledgement that lies in the log, which speaks of another time. */
function ackedPacks(items: readonly Item[], made: Made): readonly string[] {
  const { packs } = decodeRecord(items[made.at.ack]?.body ?? new Uint8Array()).json;
  return Array.isArray(packs) ? packs.filter((name) => typeof name === "string") : [];
}

const ABSENCES: readonly Row[] = [
  {
    name: "erase entry forged for a person's record",
    touches: "erase entry",
    who: "disk and key",
    on: "unseen",
    expected: {
      gap: "it shows as erased by its list's number; whether that list was approved is on paper and in the archive's copy",
    },
    apply: async (folder, made) =>
      forge({
        folder,
        key: made.key,
        edit: (items) => withAbsence("erase", ({ at }) => [at.person, at.person + 1])(items, made),
      }),
  },
  {
    name: "erase entry forged for an intake's transition",
    touches: "erase entry",
    who: "disk and key",
    on: "unseen",
    expected: { result: "missing", finding: "body.missing", at: ({ at }) => at.intake },
    apply: async (folder, made) =>
      forge({
        folder,
        key: made.key,
        edit: (items) => withAbsence("erase", ({ at }) => [at.intake, at.intake + 1])(items, made),
      }),
  },
  {
    name: "release entry forged for what the archive never took",
    touches: "release entry",
    who: "disk and key",
    sighting: "before",
    on: "unseen",
    expected: { result: "invalid", finding: "release.unbacked", at: ({ at }) => at.fragment },
    apply: async (folder, made) =>
      forge({
        folder,
        key: made.key,
        edit: (items) => withAbsence("release", ({ at }) => [at.fragment, at.fragment + 1])(items, made),
      }),
  },
  {
    name: "acknowledgement of other packs replayed for a release",
    touches: "release entry",
    who: "disk and key",
    on: "whole",
    expected: { result: "invalid", finding: "release.unbacked", at: (made) => made.seenSize + 20 },
    apply: async (folder, made) =>
      forge({
        folder,
        key: made.key,
        edit: (items) => {
          const range = [made.seenSize + 10, made.seenSize + 40] as const;
          return withAbsence("release", () => range, ackedPacks(items, made))(items, made);
        },
      }),
  },
  {
    name: "record of an acknowledgement replaced by an earlier one",
    touches: "ack record",
    on: "whole",
    expected: { result: "invalid", finding: "body.altered", at: ({ at }) => at.ack },
    apply: async (folder, { at }) => {
      const { items } = await packOf(folder, at.ack);
      const other = items.find((item) => item.seq === at.sighting);
      await editPack(folder, at.ack, (item) => (item.seq === at.ack ? { ...item, body: other?.body } : item));
    },
  },
  {
    name: "record of a lawful erasure deleted",
    touches: "erase record",
    on: "whole",
    expected: { result: "invalid", finding: "absence.malformed" },
    apply: async (folder) => dropBody(folder, await eraseEntry(folder)),
  },
  {
    name: "record of a lawful erasure made wider",
    touches: "erase record",
    on: "whole",
    expected: { result: "invalid", finding: "absence.malformed" },
    apply: async (folder, { at }) => {
      await flipBody(folder, await eraseEntry(folder), (body) => body.indexOf(String(at.erased)) + 2);
    },
  },
];

/** What somebody shows to discredit a true log. */
const TESTIMONY: readonly Row[] = [
  {
    name: "note from elsewhere forged to accuse a true log",
    touches: "note that somebody shows",
    on: "archive",
    expected: { result: "cannotTell", finding: "seen.unusable" },
    apply: async (_folder, { archiveNote }) => ({
      seen: [
        archiveNote.replace(
          /\n(.)([^\n]{42}=)\n/,
          (_, a: string, b: string) => `\n${a === "A" ? "B" : "A"}${b}\n`,
        ),
      ],
    }),
  },
  {
    name: "note from elsewhere torn",
    touches: "note that somebody shows",
    on: "archive",
    expected: { result: "cannotTell", finding: "seen.unusable" },
    apply: async (_folder, { archiveNote }) => ({ seen: [archiveNote.slice(0, 60)] }),
  },
];

async function eraseEntry(folder: string): Promise<number> {
  return (await readItems(folder)).findIndex(({ entry }) => entry.type === "erase");
}

export const HISTORIES: readonly Mutation[] = rows([
  ...FORGERIES.flatMap(threeWays),
  ...WHOLE_LOGS,
  ...ABSENCES,
  ...TESTIMONY,
]);
