/** A person is forgotten: everything that tells of them leaves the disk, and what they were given stays provable. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Seq } from "../../../gateway/domain/ids.ts";
import { decodeBodyValue } from "../../../gateway/evidence/body-value.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import type { Entry, EntryType } from "../../../gateway/evidence/entry.ts";
import { createEraser } from "../../../gateway/handover/eraser.ts";
import { type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { testVerifierKey } from "../../contract/real-store.ts";
import { filesWith, piecesOf } from "../../contract/store/on-disk.ts";
import { verdictOn } from "../../contract/store/verdict.ts";
import { type RealUseCases, realUseCases } from "../http/real-use-cases.ts";
import { APPLICANT, signedIntake } from "../http/signed-intake.ts";

const PERSONAL: ReadonlySet<EntryType> = new Set<EntryType>([
  "person",
  "document",
  "rendition",
  "signature",
  "scan",
]);
const MARKS = [APPLICANT.name, APPLICANT.idNumber, APPLICANT.phone];

let real: RealUseCases;
let test: TestApp;

beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(real.make);
});
afterAll(async () => {
  await real.close();
  await test.close();
});

it("leaves no personal byte in any file, views and old write-ahead logs included, and every entry provable", async () => {
  await signedIntake(test);
  const { store } = test;
  const [log] = store.logs().slice(-1);
  if (log === undefined) throw new Error("no log");
  const { logId, size, origin } = log;
  const entries: Entry[] = (await store.entries(logId, 0, size)).map(({ bytes }) => decodeEntry(bytes));
  const personal = entries.filter(({ type }) => PERSONAL.has(type));
  expect([...new Set(personal.map(({ type }) => type))].sort()).toEqual([
    "document",
    "person",
    "rendition",
    "signature",
  ]);
  const needles: (string | Uint8Array)[] = [...MARKS];
  for (const { seq: at } of personal)
    needles.push(...piecesOf(decodeBodyValue(await store.bodyValue({ logId, seq: at })).body));
  expect(await filesWith(test.folder, MARKS)).not.toEqual([]);

  const eraser = createEraser({
    store,
    clock: test.clock,
    rules: async () => ({ keepUntilMs: () => 0, isHeld: () => false }),
    copiesOf: (ref, { type }) =>
      type === "document" ? test.deps.documents.copiesOf(ref) : Promise.resolve([]),
    endCopies: () => test.deps.exports.endAll(),
  });
  const all = personal.map(({ seq: at }): Seq => at);
  const withoutPdf = personal.filter(({ type }) => type !== "rendition").map(({ seq: at }) => at);
  const basis = "个人信息保护法第四十七条";
  await expect(eraser.erase({ logId, seqs: withoutPdf, basis })).rejects.toMatchObject({
    code: "evidence.eraseRefused",
    details: { why: "copyStays" },
  });
  const ref = await eraser.erase({ logId, seqs: all, basis, detail: { by: "custodian" } });
  expect((await store.readRecord(ref)).body.json).toMatchObject({ by: "custodian", absence: { basis } });
  expect(await filesWith(test.folder, needles), "while the gateway runs").toEqual([]);

  const views = await readdir(join(test.folder, "views"));
  expect(views.length).toBeGreaterThan(0);
  await test.app.close();
  await real.close();
  await store.close();
  expect(await filesWith(test.folder, needles), "after it ended").toEqual([]);
  const verdict = await verdictOn(test.folder, [testVerifierKey(origin)]);
  expect([verdict.result, [...new Set(verdict.findings.map(({ code }) => code))]]).toEqual([
    "erased",
    ["body.erased"],
  ]);
});
