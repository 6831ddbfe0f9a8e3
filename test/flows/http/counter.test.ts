/** One intake over HTTP alone, on the real intake, documents, people and store: from the notice to the signed paper. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { userId } from "../../../gateway/domain/ids.ts";
import type { CommandAnswer, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import type { DocumentContentView } from "../../../gateway/http/contract/documents.ts";
import { proves } from "../../law/proves.ts";
import { PASSWORD, type SignedIn, type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { type RealUseCases, realUseCases } from "./real-use-cases.ts";

const APPLICANT = {
  kind: "person",
  name: "王芳",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
} as const;

let real: RealUseCases;
let test: TestApp;
let clerk: SignedIn;
let kiosk: SignedIn;
let intake: IntakeView;
let claimCode = "";

beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(real.make);
  for (const role of ["clerk", "supervisor"] as const)
    await test.deps.people.accounts.open({
      id: userId(role),
      name: role === "clerk" ? "周洁" : "郑法",
      roles: [role],
      password: PASSWORD,
      officer: { certNo: `0303-${role}`, validFrom: "2026-01-01", validTo: "2027-12-31" },
      by: "test",
    });
  clerk = await test.signIn("clerk");
  kiosk = await test.bindKiosk();
});
afterAll(async () => {
  await real.close();
  await test.close();
});

async function command(name: string, body: object = {}, as = clerk): Promise<CommandAnswer> {
  const answer = await test.ask("POST", `/api/intakes/${intake.applicationId}/${name}`, {
    as,
    body: { commandId: randomUUID(), expectedVersion: intake.version, ...body },
  });
  if (answer.statusCode !== 200) throw new Error(`${name}: ${answer.body}`);
  const result = answer.json<CommandAnswer>();
  intake = result.intake;
  return result;
}
async function reload(): Promise<void> {
  intake = (await test.ask("GET", `/api/intakes/${intake.applicationId}`, { as: clerk })).json();
}

describe("an intake over HTTP", () => {
  it("starts with the recording notice on the kiosk, whose showing is part of the record", async () => {
    const body = { commandId: randomUUID(), counterId: "win-1" };
    intake = (await test.ask("POST", "/api/intakes", { as: clerk, body })).json<CommandAnswer>().intake;
    expect(intake.session).toMatchObject({ open: true, noticeShown: false });
    await test.ask("POST", "/api/kiosk/notice-shown", {
      as: kiosk,
      body: { applicationId: intake.applicationId, noticeVersion: "2026-1", lang: "zh" },
    });
    await reload();
    expect(intake.session.noticeShown).toBe(true);
    expect(intake.history.at(-1)).toMatchObject({ device: "kiosk/win-1" });
  });

  it("registers and receives; the receipt's claim code is told once", async () => {
    const { matters } = (await test.ask("GET", "/api/catalogue", { as: clerk })).json<{
      matters: { code: string }[];
    }>();
    await command("register", { matterCode: matters[0]?.code, applicant: APPLICANT });
    const items = intake.checklist
      .filter(({ required }) => required)
      .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 2, medium: "paper" }));
    const received = await command("receive", { items });
    expect(received.issued).toMatchObject([{ kind: "materialReceipt", finished: true }]);
    claimCode = received.claimCode ?? "";
    expect(claimCode).toMatch(/^\d{8}$/);
    expect(intake.clocks.map(({ kind }) => kind)).toEqual(["noticeLocal", "noticeStatutory"]);
  });

  it("says which action is refused and with which article", async () => {
    const refusal = intake.actions.find(({ action }) => action === "notifyCorrection")?.refusal;
    expect(refusal).toMatchObject({ code: "intake.itemsUnjudged", article: expect.any(String) });
    const body = { commandId: randomUUID(), expectedVersion: intake.version };
    const answer = await test.ask("POST", `/api/intakes/${intake.applicationId}/notify-correction`, {
      as: clerk,
      body,
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: refusal?.code, article: refusal?.article });
  });

  it("takes no supervisor's leave on the clerk's word: the supervisor types their own password", async () => {
    const override = (supervisorId: string, supervisorPassword: string) =>
      test.ask("POST", `/api/intakes/${intake.applicationId}/notify-correction`, {
        as: clerk,
        body: {
          commandId: randomUUID(),
          expectedVersion: intake.version,
          override: { supervisorId, supervisorPassword, reasonCode: "lawChanged", legalBasis: "新法施行" },
        },
      });
    expect((await override("supervisor", "a guess of it")).json()).toMatchObject({
      code: "people.wrongCredentials",
    });
    expect((await override("clerk", PASSWORD)).json()).toMatchObject({ code: "people.wrongRole" });
    expect((await override("supervisor", PASSWORD)).json()).toMatchObject({ code: "intake.itemsUnjudged" });
  });

  it("refuses an old version and repeats a repeated command's answer", async () => {
    const first = intake.checklist[0]?.itemId;
    const body = {
      commandId: randomUUID(),
      expectedVersion: intake.version,
      itemId: first,
      verdict: { kind: "ok" },
    };
    const url = `/api/intakes/${intake.applicationId}/judge`;
    const once = (await test.ask("POST", url, { as: clerk, body })).json<CommandAnswer>();
    const twice = (await test.ask("POST", url, { as: clerk, body })).json<CommandAnswer>();
    expect(twice.intake.version).toBe(once.intake.version);
    const stale = await test.ask("POST", url, { as: clerk, body: { ...body, commandId: randomUUID() } });
    expect(stale.json()).toMatchObject({ code: "intake.conflict" });
    intake = twice.intake;
  });

  it("closes with acceptance, a stored PDF, and the same words on the screen", async () => {
    for (const { itemId, verdict } of intake.checklist)
      if (verdict === null) await command("judge", { itemId, verdict: { kind: "ok" } });
    const accepted = await command("accept");
    const [notice] = accepted.issued;
    expect(notice).toMatchObject({ kind: "acceptanceNotice", finished: true });
    const id = notice?.documentId ?? "";
    const pdf = await test.ask("GET", `/api/documents/${id}/pdf`, { as: clerk });
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe("%PDF-");
    const content = (
      await test.ask("GET", `/api/documents/${id}/content`, { as: clerk })
    ).json<DocumentContentView>();
    expect(JSON.stringify(content.blocks)).toContain("王芳");
    expect(JSON.stringify(content.blocks)).not.toContain(APPLICANT.idNumber);
  });

  it(
    proves(["S3-C-2"], "the applicant claims, reads and signs at the kiosk; each look is a row"),
    async () => {
      const wrong = await test.ask("POST", "/api/kiosk/claim", {
        as: kiosk,
        body: { code: claimCode, last4: "9999" },
      });
      expect(wrong.json()).toMatchObject({ code: "intake.claimRefused" });
      await test.ask("POST", "/api/kiosk/claim", { as: kiosk, body: { code: claimCode, last4: "002X" } });
      const { papers } = (await test.ask("GET", "/api/kiosk/papers", { as: kiosk })).json<{
        papers: { documentId: string; kind: string }[];
      }>();
      expect(papers.map(({ kind }) => kind).sort()).toEqual(["acceptanceNotice", "materialReceipt"]);
      const id = papers.find(({ kind }) => kind === "acceptanceNotice")?.documentId ?? "";
      const english = await test.ask("GET", `/api/kiosk/papers/${id}/content?lang=en`, { as: kiosk });
      expect(english.json()).toMatchObject({ lang: "en" });
      const signed = await test.ask("POST", `/api/kiosk/papers/${id}/sign`, {
        as: kiosk,
        body: { width: 600, height: 200, strokes: [[{ x: 1, y: 1, tMs: 0 }]] },
      });
      const { ref } = signed.json<{ ref: { logId: string; seq: number } }>();
      await reload();
      await command("hand-over", {
        documentId: id,
        recipient: { name: "王芳", relation: "self" },
        signature: { mode: "stroke", date: "2026-11-20", evidence: `${ref.logId}/${ref.seq}` },
      });
      expect(intake.papers.find(({ documentId }) => documentId === id)?.service).toBe("served");
      const as = await test.signIn("supervisor");
      const { rows } = (await test.ask("GET", "/api/ledgers/access", { as })).json<{
        rows: { by: string; act: string; subject: string; reason: string | null }[];
      }>();
      const seen = rows.map(({ by, act, subject, reason }) =>
        `${by} ${act} ${subject} ${reason ?? ""}`.trim(),
      );
      expect(seen).toContain(`kiosk/win-1 view document/${id}`);
      expect(seen).toContain(`kiosk/win-1 claim application/${intake.applicationId} granted`);
      expect(seen.some((row) => row.startsWith("kiosk/win-1 claim") && row.endsWith("refused"))).toBe(true);
      const documents = (await test.ask("GET", "/api/ledgers/documents", { as })).json<{ rows: object[] }>();
      expect(documents.rows).toMatchObject([
        { kind: "serviceReceipt" },
        { documentId: id, kind: "acceptanceNotice", served: true },
        { kind: "materialReceipt", served: false },
      ]);
    },
  );

  it("wipes the kiosk when the clerk closes the session", async () => {
    await command("close-session");
    expect((await test.ask("GET", "/api/kiosk/state", { as: kiosk })).json()).toMatchObject({
      claim: null,
      screen: { kind: "idle" },
    });
  });

  it("kept every answer within its contract and every refusal within what was declared", () => {
    const broken = test.lines.filter(({ level }) => level !== "info");
    expect(broken).toEqual([]);
  });
});
