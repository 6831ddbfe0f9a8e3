/** A person is forgotten: everything that tells of them leaves the disk, and what they were given stays provable. */
import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Seq, userId } from "../../../gateway/domain/ids.ts";
import { decodeBodyValue } from "../../../gateway/evidence/body-value.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import type { Entry, EntryType } from "../../../gateway/evidence/entry.ts";
import { createEraser } from "../../../gateway/handover/eraser.ts";
import type { CommandAnswer, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { PASSWORD, type SignedIn, type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { testVerifierKey } from "../../contract/real-store.ts";
import { filesWith, piecesOf } from "../../contract/store/on-disk.ts";
import { verdictOn } from "../../contract/store/verdict.ts";
import { type RealUseCases, realUseCases } from "../http/real-use-cases.ts";

const PERSONAL: ReadonlySet<EntryType> = new Set<EntryType>([
  "person",
  "document",
  "rendition",
  "signature",
  "scan",
]);
const FORGOTTEN = {
  kind: "person",
  name: "慕容不留痕",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
} as const;
const MARKS = [FORGOTTEN.name, FORGOTTEN.idNumber, FORGOTTEN.phone];

let real: RealUseCases;
let test: TestApp;
let clerk: SignedIn;

beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(real.make);
  await test.deps.people.accounts.open({
    id: userId("clerk"),
    name: "周洁",
    roles: ["clerk"],
    password: PASSWORD,
    officer: { certNo: "0303-1", validFrom: "2026-01-01", validTo: "2027-12-31" },
    by: "test",
  });
  clerk = await test.signIn("clerk");
});
afterAll(async () => {
  await real.close();
  await test.close();
});

async function post<T>(url: string, body: object, as = clerk): Promise<T> {
  const answer = await test.ask("POST", url, { as, body });
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
  return answer.json<T>();
}

/** One applicant with a receipt, claimed and signed at the kiosk. */
async function intake(): Promise<void> {
  const kiosk = await test.bindKiosk();
  let view: IntakeView = (
    await post<CommandAnswer>("/api/intakes", { commandId: randomUUID(), counterId: "win-1" })
  ).intake;
  const command = async (name: string, body: object = {}): Promise<CommandAnswer> => {
    const answer = await post<CommandAnswer>(`/api/intakes/${view.applicationId}/${name}`, {
      commandId: randomUUID(),
      expectedVersion: view.version,
      ...body,
    });
    view = answer.intake;
    return answer;
  };
  await post(
    "/api/kiosk/notice-shown",
    { applicationId: view.applicationId, noticeVersion: "2026-1", lang: "zh" },
    kiosk,
  );
  view = (await test.ask("GET", `/api/intakes/${view.applicationId}`, { as: clerk })).json();
  const { matters } = (await test.ask("GET", "/api/catalogue", { as: clerk })).json<{
    matters: { code: string }[];
  }>();
  await command("register", { matterCode: matters[0]?.code, applicant: FORGOTTEN });
  const items = view.checklist
    .filter(({ required }) => required)
    .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 2, medium: "paper" }));
  const { claimCode, issued } = await command("receive", { items });
  await post("/api/kiosk/claim", { code: claimCode, last4: "002X" }, kiosk);
  await post(
    `/api/kiosk/papers/${issued[0]?.documentId}/sign`,
    { width: 600, height: 200, strokes: [[{ x: 1, y: 1, tMs: 0 }]] },
    kiosk,
  );
}

it("leaves no personal byte in any file, views and old write-ahead logs included, and every entry provable", async () => {
  await intake();
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
    "ok",
    ["body.erased"],
  ]);
});
