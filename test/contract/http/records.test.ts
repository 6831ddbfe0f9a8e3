/** Records, case files, holds and destruction over HTTP: who may, in what form, and that a look is a row first. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { type SignedIn, type TestApp, openTestApp } from "./test-app.ts";

let test: TestApp;
let clerk: SignedIn;
let custodian: SignedIn;
let leader: SignedIn;

beforeEach(async () => {
  test = await openTestApp();
  clerk = await test.signIn("clerk");
  custodian = await test.signIn("custodian");
  leader = await test.signIn("leader");
});
afterEach(() => test.close());

async function json(
  method: "GET" | "POST",
  url: string,
  as: SignedIn,
  body?: object,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await test.ask(method, url, {
    as,
    ...(body === undefined ? {} : { body: { commandId: randomUUID(), ...body } }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const nothing = { officers: [], signatures: [], footage: [], scans: [], flags: [] };

async function opened(): Promise<string> {
  const { status, body } = await json("POST", "/api/cases", clerk, {
    activity: "penalty",
    title: "示范食品店涉嫌无证经营",
    authorityBasis: "own",
  });
  expect(status).toBe(201);
  return String(body["caseId"]);
}

it("gives the catalogue with the regulation's own words, and refuses an activity that is none", async () => {
  const { body } = await json("GET", "/api/records/catalogue", clerk);
  expect(body["activities"]).toEqual(["permit", "penalty", "coercion", "inspection", "other", "fee"]);
  expect(body["avReasons"]).toEqual(["unsuitable", "constraints"]);
  const refused = await json("POST", "/api/cases", clerk, {
    activity: "tax",
    title: "税务",
    authorityBasis: "own",
  });
  expect(refused).toMatchObject({ status: 400, body: { code: "http.badRequest" } });
});

it(proves(["S3-C-2"], "shows what was written only after its row of the ledger"), async () => {
  const caseId = await opened();
  const atMs = test.clock.wallMs() - 60_000;
  const made = await json("POST", `/api/cases/${caseId}/records`, clerk, {
    ...nothing,
    kind: "questioningRecord",
    startMs: atMs,
    endMs: atMs + 1000,
    fields: { content: "问答内容" },
  });
  expect(made).toMatchObject({ status: 201, body: { deficient: true, av: "deficient" } });
  const listed = await json("GET", "/api/records?deficient=true", clerk);
  expect(listed.body).toMatchObject([
    { caseId, kind: "questioningRecord", articles: expect.arrayContaining(["S1-11b"]) },
  ]);
  const recordId = String(made.body["recordId"]);
  const detail = await json("GET", `/api/records/${recordId}`, clerk);
  expect(detail.body).toMatchObject({ fields: { content: "问答内容" }, erased: false });
  const { rows } = await test.deps.people.access.page({});
  expect(rows[0]).toMatchObject({ act: "view", subject: `record/${recordId}` });
});

it("runs a case from its end to the custodian, and tells who may not", async () => {
  const caseId = await opened();
  const ended = await json("POST", `/api/cases/${caseId}/end`, clerk, { endedMs: test.clock.wallMs() });
  expect(ended.body).toMatchObject({ state: "ended", due: { days: 30, article: "S1-19" } });
  const bare = await json("POST", `/api/cases/${caseId}/file`, clerk, { archivalCode: "A-1", keep: 10 });
  expect(bare).toMatchObject({ status: 409, body: { code: "filing.incomplete" } });
  const filed = await json("POST", `/api/cases/${caseId}/file`, clerk, {
    archivalCode: "A-1",
    keep: 10,
    explained: "撤销立案，无其他材料",
  });
  expect(filed.body).toMatchObject({ row: { state: "filed", archivalCode: "A-1" } });
  const list = await json("POST", "/api/hand-overs", clerk, { caseIds: [caseId] });
  const url = `/api/hand-overs/${String(list.body["listId"])}/take-over`;
  expect((await json("POST", url, clerk, {})).status).toBe(403);
  expect((await json("POST", url, custodian, {})).body).toMatchObject({ caseIds: [caseId] });
  expect((await json("GET", "/api/cases", clerk)).body).toMatchObject([{ caseId, state: "handedOver" }]);
  const metadata = await json("GET", `/api/cases/${caseId}/metadata`, custodian);
  expect(metadata.body).toHaveLength(1);
});

it("sets and lifts holds by roles, and lists what may be destroyed to nobody below them", async () => {
  const caseId = await opened();
  const subject = { kind: "case", caseId };
  expect((await json("POST", "/api/holds", clerk, { subject, reason: "complaint" })).status).toBe(403);
  const hold = await json("POST", "/api/holds", custodian, { subject, reason: "complaint" });
  expect(hold).toMatchObject({ status: 201, body: { reason: "complaint", lifted: null } });
  const lift = `/api/holds/${String(hold.body["holdId"])}/lift`;
  expect((await json("POST", lift, custodian, { why: "结束" })).status).toBe(403);
  expect((await json("POST", lift, leader, { why: "结束" })).body).toMatchObject({ lifted: { why: "结束" } });
  expect((await test.ask("GET", "/api/destruction-lists", { as: clerk })).statusCode).toBe(403);
  const draw = await json("POST", "/api/destruction-lists", custodian, { items: [subject] });
  expect(draw).toMatchObject({ status: 409, body: { code: "retention.notOver" } });
});
