/** A signed-in clerk who takes one matter through the counter, by HTTP alone. */
import { randomUUID } from "node:crypto";
import { userId } from "../../../gateway/domain/ids.ts";
import type { CommandAnswer, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { PASSWORD, type SignedIn, type TestApp } from "../../contract/http/test-app.ts";
import { APPLICANT } from "./signed-intake.ts";

export interface HttpDesk {
  readonly clerk: SignedIn;
  view(): IntakeView;
  post<T>(url: string, body: object, as?: SignedIn): Promise<T>;
  get<T>(url: string): Promise<T>;
  /** A command on the matter as it stands. */
  command(name: string, body?: object): Promise<CommandAnswer>;
  /** Registered, by the applicant of `signed-intake.ts`. */
  register(): Promise<void>;
  /** Everything on the list handed over and in order, and the matter accepted. */
  accept(): Promise<void>;
  /** The paper of this kind. */
  paper(kind: string): string;
}

export async function openDesk(test: TestApp): Promise<HttpDesk> {
  for (const [id, name] of [
    ["clerk", "周洁"],
    ["colleague", "吴敏"],
  ] as const)
    await test.deps.people.accounts.open({
      id: userId(id),
      name,
      roles: ["clerk"],
      password: PASSWORD,
      officer: { certNo: `0303-${id}`, validFrom: "2026-01-01", validTo: "2027-12-31" },
      by: "test",
    });
  const clerk = await test.signIn("clerk");
  const kiosk = await test.bindKiosk();
  let now: IntakeView | undefined;
  const view = (): IntakeView => {
    if (now === undefined) throw new Error("nothing was registered");
    return now;
  };
  const post = async <T>(url: string, body: object, as = clerk): Promise<T> => {
    const answer = await test.ask("POST", url, { as, body });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json<T>();
  };
  const get = async <T>(url: string): Promise<T> => {
    const answer = await test.ask("GET", url, { as: clerk });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json<T>();
  };
  const reload = async (): Promise<IntakeView> =>
    (now = await get<IntakeView>(`/api/intakes/${view().applicationId}`));
  const command: HttpDesk["command"] = async (name, body = {}) => {
    const { applicationId, version } = await reload();
    const base = { commandId: randomUUID(), expectedVersion: version };
    const answer = await post<CommandAnswer>(`/api/intakes/${applicationId}/${name}`, { ...base, ...body });
    now = answer.intake;
    return answer;
  };
  return {
    clerk,
    view,
    post,
    get,
    command,
    async register() {
      const body = { commandId: randomUUID(), counterId: "win-1" };
      now = (await post<CommandAnswer>("/api/intakes", body)).intake;
      const { applicationId } = now;
      await post("/api/kiosk/notice-shown", { applicationId, noticeVersion: "2026-1", lang: "zh" }, kiosk);
      const { matters } = await get<{ matters: { code: string }[] }>("/api/catalogue");
      await command("register", { matterCode: matters[0]?.code, applicant: APPLICANT });
    },
    async accept() {
      const items = view()
        .checklist.filter(({ required }) => required)
        .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 2, medium: "paper" }));
      await command("receive", { items });
      for (const { itemId, verdict } of view().checklist)
        if (verdict === null) await command("judge", { itemId, verdict: { kind: "ok" } });
      await command("accept");
    },
    paper(kind) {
      const found = view().papers.find((paper) => paper.kind === kind);
      if (found === undefined) throw new Error(`no ${kind}`);
      return found.documentId;
    },
  };
}
