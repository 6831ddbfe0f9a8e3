/** The decision stage of an accepted application: its limit, pauses, the decision, and the service of its paper (S4-11). */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApplicationId } from "../../gateway/domain/ids.ts";
import type { DueView } from "../../gateway/http/contract/bureau.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { beijingToday } from "../text/today.ts";
import "./service-panel.ts";

type Verdict = NonNullable<DueView["decided"]>["decision"];
type Reason = DueView["pauses"][number]["reason"];

const REASONS = (): readonly (readonly [Reason, string])[] => [
  ["hearing", msg("听证", { id: "pause.hearing" })],
  ["expertReview", msg("专家评审", { id: "pause.expertReview" })],
  ["inspection", msg("检验", { id: "pause.inspection" })],
  ["testing", msg("检测", { id: "pause.testing" })],
  ["quarantine", msg("检疫", { id: "pause.quarantine" })],
  ["appraisal", msg("鉴定", { id: "pause.appraisal" })],
  ["tender", msg("招标", { id: "pause.tender" })],
  ["auction", msg("拍卖", { id: "pause.auction" })],
  ["exam", msg("考试", { id: "pause.exam" })],
];

@customElement("cg-decision-panel")
@localized()
export class DecisionPanel extends LitElement {
  @property() applicationId: ApplicationId | undefined;
  @property() recipient = "";
  @state() private verdict: Verdict = "granted";
  @state() private number = "";
  @state() private decidedOn = beijingToday();
  @state() private reason: Reason = "hearing";
  @state() private documentNo = "";
  readonly #stage = new Task(this, async (signal, id: ApplicationId) => {
    const [due, services] = await Promise.all([
      call("GET /api/bureau/due", { signal }),
      call("GET /api/intakes/:id/services", { params: { id }, signal }),
    ]);
    return {
      due: due.find(({ applicationId }) => applicationId === id),
      papers: services.filter(({ foreign }) => foreign),
    };
  });
  readonly #act = new Task(this, async (signal, act: (signal: AbortSignal) => Promise<DueView>) => {
    await act(signal);
    if (this.applicationId !== undefined) await this.#stage.run(this.applicationId);
  });

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
    `,
  ];

  override render() {
    const { due, papers = [] } = this.#stage.value ?? {};
    return html`<section class="panel stack" aria-labelledby="decision">
      <h2 id="decision">${msg("审批决定", { id: "decision.title" })}</h2>
      ${failure(this.#stage.error)} ${failure(this.#act.error)}
      ${
        due === undefined
          ? nothing
          : html`<p class="figures">${msg(str`法定决定期限：${due.decisionDue}`, { id: "decision.due" })}</p>`
      }
      ${due !== undefined && due.decided === null ? this.#open(due) : nothing}
      ${papers.map(
        ({ documentId, title, number }) =>
          html`<h3>${title} <span class="soft small figures">${number}</span></h3>
            <cg-service-panel .documentId=${documentId} .recipient=${this.recipient}></cg-service-panel>`,
      )}
    </section>`;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("applicationId") && this.applicationId !== undefined)
      void this.#stage.run(this.applicationId);
  }

  #open(due: DueView) {
    const isPaused = due.pauses.some(({ to }) => to === null);
    return html`<form @submit=${this.#decide}>
        ${choice<Verdict>({
          id: "verdict",
          label: msg("决定", { id: "decision.verdict" }),
          value: this.verdict,
          choices: [
            ["granted", msg("准予行政许可", { id: "decision.granted" })],
            ["refused", msg("不予行政许可", { id: "decision.refused" })],
          ],
          onInput: (value) => (this.verdict = value),
        })}
        ${field({
          id: "decisionNumber",
          label: msg("决定书文号", { id: "decision.number" }),
          value: this.number,
          onInput: (value) => (this.number = value),
        })}
        ${field({
          id: "decidedOn",
          label: msg("决定日期", { id: "decision.decidedOn" }),
          type: "date",
          value: this.decidedOn,
          onInput: (value) => (this.decidedOn = value),
        })}
        <button type="submit" class="primary" ?disabled=${this.number.trim() === "" || this.#act.pending}>
          ${msg("登记决定", { id: "decision.submit" })}
        </button>
      </form>
      <form @submit=${isPaused ? this.#resume : this.#pause}>
        ${
          isPaused
            ? nothing
            : html`${choice<Reason>({
                id: "pauseReason",
                label: msg("不计入期限的事由", { id: "decision.pauseReason" }),
                value: this.reason,
                choices: REASONS(),
                onInput: (value) => (this.reason = value),
              })}
              ${field({
                id: "pausePaper",
                label: msg("书面告知文号", { id: "decision.pausePaper" }),
                value: this.documentNo,
                onInput: (value) => (this.documentNo = value),
              })}`
        }
        <button type="submit" ?disabled=${this.#act.pending}>
          ${
            isPaused
              ? msg("恢复计算期限", { id: "decision.resume" })
              : msg("中止期限", { id: "decision.pause" })
          }
        </button>
      </form>`;
  }

  #run(act: (id: ApplicationId, signal: AbortSignal) => Promise<DueView>): void {
    const { applicationId } = this;
    if (applicationId !== undefined) void this.#act.run((signal) => act(applicationId, signal));
  }

  readonly #decide = (event: SubmitEvent): void => {
    event.preventDefault();
    const body = {
      commandId: newCommandId(),
      decision: this.verdict,
      number: this.number,
      decidedOn: this.decidedOn,
    };
    this.#run((id, signal) => call("POST /api/bureau/due/:id/decision", { params: { id }, body, signal }));
  };

  readonly #pause = (event: SubmitEvent): void => {
    event.preventDefault();
    const { reason, documentNo } = this;
    const body = { commandId: newCommandId(), reason, documentNo, from: beijingToday() };
    this.#run((id, signal) => call("POST /api/bureau/due/:id/pause", { params: { id }, body, signal }));
  };

  readonly #resume = (event: SubmitEvent): void => {
    event.preventDefault();
    const body = { commandId: newCommandId(), to: beijingToday() };
    this.#run((id, signal) => call("POST /api/bureau/due/:id/resume", { params: { id }, body, signal }));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-decision-panel": DecisionPanel;
  }
}
