/** One applicant at the counter, over HTTP alone: registered, with a receipt, claimed and signed at the kiosk. */
import { randomUUID } from "node:crypto";
import { userId } from "../../../gateway/domain/ids.ts";
import type { CommandAnswer, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { PASSWORD, type SignedIn, type TestApp } from "../../contract/http/test-app.ts";

export const APPLICANT = {
  kind: "person",
  name: "慕容不留痕",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
} as const;

export interface SignedIntake {
  readonly clerk: SignedIn;
  readonly kiosk: SignedIn;
  /** The material receipt. */
  readonly documentId: string;
}

export async function signedIntake(test: TestApp): Promise<SignedIntake> {
  await test.deps.people.accounts.open({
    id: userId("clerk"),
    name: "周洁",
    roles: ["clerk"],
    password: PASSWORD,
    officer: { certNo: "0303-1", validFrom: "2026-01-01", validTo: "2027-12-31" },
    by: "test",
  });
  const clerk = await test.signIn("clerk");
  const kiosk = await test.bindKiosk();
  const post = async <T>(url: string, body: object, as = clerk): Promise<T> => {
    const answer = await test.ask("POST", url, { as, body });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json<T>();
  };
  const first = { commandId: randomUUID(), counterId: "win-1" };
  let view: IntakeView = (await post<CommandAnswer>("/api/intakes", first)).intake;
  const command = async (name: string, body: object = {}): Promise<CommandAnswer> => {
    const answer = await post<CommandAnswer>(`/api/intakes/${view.applicationId}/${name}`, {
      commandId: randomUUID(),
      expectedVersion: view.version,
      ...body,
    });
    view = answer.intake;
    return answer;
  };
  const notice = { applicationId: view.applicationId, noticeVersion: "2026-1", lang: "zh" };
  await post("/api/kiosk/notice-shown", notice, kiosk);
  view = (await test.ask("GET", `/api/intakes/${view.applicationId}`, { as: clerk })).json();
  const { matters } = (await test.ask("GET", "/api/catalogue", { as: clerk })).json<{
    matters: { code: string }[];
  }>();
  await command("register", { matterCode: matters[0]?.code, applicant: APPLICANT });
  const items = view.checklist
    .filter(({ required }) => required)
    .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 2, medium: "paper" }));
  const { claimCode, issued } = await command("receive", { items });
  const documentId = issued[0]?.documentId ?? "";
  await post("/api/kiosk/claim", { code: claimCode, last4: "002X" }, kiosk);
  const strokes = [[{ x: 1, y: 1, tMs: 0 }]];
  await post(`/api/kiosk/papers/${documentId}/sign`, { width: 600, height: 200, strokes }, kiosk);
  return { clerk, kiosk, documentId };
}
