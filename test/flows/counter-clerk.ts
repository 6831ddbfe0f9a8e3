/**
 * A clerk at a running gateway, over HTTP alone: one intake from the start to its outcome, all numbers noted.
 * Invariant: a number counts as given only when its 2xx answer was read to the end.
 */
import { randomUUID } from "node:crypto";
import type { CommandAnswer, IntakeView } from "../../gateway/http/contract/intake-view.ts";
import type { Caller } from "./signed-in.ts";

export interface GivenPaper {
  readonly documentId: string;
  readonly kind: string;
  readonly number: string;
}

export const APPLICANT = {
  kind: "person",
  name: "王芳",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
};
const DEFECT = {
  kind: "deficient",
  defect: "未签名",
  requirement: "由申请人签名",
  basis: "《中华人民共和国行政许可法》第三十一条",
  correctableOnSpot: false,
};

export class CounterClerk {
  readonly #caller: Caller;
  readonly #counter: string;
  readonly #given: (paper: GivenPaper) => void;
  #intake: IntakeView | undefined;

  /** `given` hears of every paper as soon as its answer is there. */
  constructor(caller: Caller, counter: string, given: (paper: GivenPaper) => void) {
    this.#caller = caller;
    this.#counter = counter;
    this.#given = given;
  }

  /**
   * From the start to acceptance, or to the one-time notice when an item is found wanting; or only until the materials
   * are in, judged by nobody.
   */
  async serve(outcome: "accept" | "notify-correction" | "leave-received"): Promise<IntakeView> {
    const { matters } = (await this.#caller.json("GET", "/api/catalogue")) as {
      matters: readonly { readonly code: string }[];
    };
    this.#take(
      await this.#caller.json("POST", "/api/intakes", { commandId: randomUUID(), counterId: this.#counter }),
    );
    let view = await this.command("register", { matterCode: matters[0]?.code, applicant: APPLICANT });
    const items = view.checklist
      .filter(({ required }) => required)
      .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 2, medium: "paper" }));
    view = await this.command("receive", { items });
    if (outcome === "leave-received") return this.command("close-session", {});
    let wanting = outcome === "notify-correction";
    for (const { itemId, verdict } of view.checklist) {
      if (verdict !== null) continue;
      await this.command("judge", { itemId, verdict: wanting ? DEFECT : { kind: "ok" } });
      wanting = false;
    }
    await this.command(outcome, {});
    return this.command("close-session", {});
  }

  /** One command on the intake in hand. Throws with status and body when it is refused. */
  async command(name: string, body: object): Promise<IntakeView> {
    const { applicationId, version } = this.#intake ?? {};
    return this.#take(
      await this.#caller.json("POST", `/api/intakes/${applicationId}/${name}`, {
        commandId: randomUUID(),
        expectedVersion: version,
        ...body,
      }),
    );
  }

  #take(answer: unknown): IntakeView {
    const { intake, issued } = answer as CommandAnswer;
    this.#intake = intake;
    for (const paper of issued) this.#given(paper);
    return intake;
  }
}
