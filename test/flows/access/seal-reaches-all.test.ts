/** What a seal keeps here of a matter beyond the counter: everything that can be reached from it, on real docks and scans. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type EntryRef, cameraId, seq, userId } from "../../../gateway/domain/ids.ts";
import type { AccessDesk } from "../../../gateway/intake/access/access-desk.ts";
import { createAccess } from "../../../gateway/intake/access/create-access.ts";
import type { Profiles } from "../../../gateway/intake/access/ports.ts";
import { createAccessLedger } from "../../../gateway/people/access-ledger.ts";
import { proves } from "../../law/proves.ts";
import { MINUTE, type Office, openOffice } from "../records/office.ts";
import { PEOPLE, fresh } from "./desk.ts";

let office: Office;
let access: AccessDesk;
beforeEach(async () => {
  let built: AccessDesk | undefined;
  office = await openOffice("zz-mr", undefined, ({ store, clock }) => {
    const parts = { append: store, views: store, reader: store, clock, random: { bytes: randomBytes } };
    const ledger = createAccessLedger(parts);
    built = createAccess({
      ...parts,
      ledger,
      profiles: {
        current: () => office.profiles.current(),
        find: (...asked: Parameters<Profiles["find"]>) => office.profiles.find(...asked),
      },
      caseFiles: { isArchived: async () => false },
      otherMatters: { find: (id) => office.work.findMatter(id) },
      footage: {
        async of(camera, fromMs, toMs) {
          const { fragments } = await office.catalogue.coverage(camera, fromMs, toMs);
          return fragments.flatMap(({ ref, init }) => [ref, init]);
        },
      },
      uploads: {
        of: async (id) => [...(await office.docks.entriesOf(id)), ...(await office.scans.entriesOf(id))],
      },
    });
  });
  if (built === undefined) throw new Error("no desk was built");
  access = built;
});
afterEach(() => office.close());

const isKept = ({ logId, seq: index }: EntryRef): Promise<boolean> =>
  access.isWithheld(logId, [[index, index + 1]]);
const seal = (matterId: string): Promise<void> =>
  access.seal({ commandId: fresh(), caller: PEOPLE.clerk, matterId, reason: "附件标有机密" });
/** The entries of these types whose body holds this text. */
async function entriesWith(text: string, ...types: readonly string[]): Promise<readonly EntryRef[]> {
  const found: EntryRef[] = [];
  for (const { logId, size } of office.store.logs())
    for (let index = 0; index < size; index += 1) {
      const ref = { logId, seq: seq(index) };
      if (!types.includes((await office.store.readEntry(ref)).type)) continue;
      if (JSON.stringify((await office.store.readRecord(ref)).body.json).includes(text)) found.push(ref);
    }
  return found;
}
/** All of them are kept here, and there is at least one. */
async function allKept(refs: readonly EntryRef[], what: string): Promise<void> {
  expect(refs.length, what).toBeGreaterThan(0);
  for (const ref of refs) expect(await isKept(ref), `${what} ${ref.seq}`).toBe(true);
}

it(
  proves(
    ["S3-C-9", "S3-A-18", "S0-33"],
    "a seal keeps the matter's case entries, scans with their links, body-camera files and filmed ranges here, and no other matter's",
  ),
  async () => {
    const startMs = office.clock.wallMs() - 12 * MINUTE;
    await office.film(startMs, 4000);
    const [secret, other] = [await office.open("penalty"), await office.open("penalty")];
    const [fileId, otherFile] = [await office.bodyCamera(startMs), await office.bodyCamera(startMs, "audio")];
    const label = { matter: "询问", party: "王芳", officer: "李建国", certNo: "A1", by: userId("clerk-1") };
    await office.docks.label({ ...label, fileId, commandId: fresh() });
    const camera = { type: "camera", cameraId: "cam-1", fromMs: startMs, toMs: startMs + 4000 } as const;
    const filmed = await office.record(secret, "questioningRecord", {
      footage: [camera, { type: "file", fileId }],
    });
    await office.record(other, "questioningRecord", { footage: [{ type: "file", fileId: otherFile }] });
    const byCase = await office.scanned("material", { kind: "caseFile", id: secret });
    const byRecord = await office.scanned("material", { kind: "record", id: filmed.facts.recordId });
    const others = await office.scanned("material", { kind: "caseFile", id: other });
    for (const id of [secret, fileId, byCase.scanId])
      for (const ref of await entriesWith(id, "case", "scan", "label", "file"))
        expect(await isKept(ref)).toBe(false);

    await seal(secret);

    await allKept(await entriesWith(secret, "case"), "entries of the case");
    await allKept(
      await entriesWith(filmed.facts.recordId, "case", "person", "scan"),
      "entries of its record",
    );
    for (const { scanId } of [byCase, byRecord]) {
      await allKept(await office.scans.entriesOf(scanId), "the scan and its bytes");
      await allKept(await entriesWith(scanId, "scan"), "the scan's upload and links");
    }
    const bytes = await office.docks.entriesOf(fileId);
    expect(bytes.length).toBeGreaterThan(2);
    await allKept(bytes, "the body-camera file, its bytes and the words of its labels");
    await allKept(await entriesWith(fileId, "label", "dock"), "its labels and its announcement");
    const { fragments } = await office.catalogue.coverage(cameraId("cam-1"), startMs, startMs + 4000);
    await allKept(
      fragments.map(({ ref }) => ref),
      "the range of the counter's camera",
    );
    await allKept(await entriesWith(secret, "label"), "the seal itself");

    for (const ref of [
      ...(await office.scans.entriesOf(others.scanId)),
      ...(await office.docks.entriesOf(otherFile)),
      ...(await entriesWith(other, "case")),
    ])
      expect(await isKept(ref), `another matter's ${ref.seq}`).toBe(false);

    // What comes to a sealed matter later stays too.
    const later = await office.scanned("material", { kind: "caseFile", id: secret });
    await allKept(await office.scans.entriesOf(later.scanId), "a later scan");

    await access.decideSeal({
      commandId: fresh(),
      caller: PEOPLE.head,
      matterId: secret,
      decision: "release",
      opinion: "核实后不涉密",
    });
    for (const ref of [...bytes, ...(await entriesWith(secret, "case"))])
      expect(await isKept(ref)).toBe(false);
  },
);
