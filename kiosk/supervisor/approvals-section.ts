/** What waits for the chain of approvals, with the opinion form of the step that is due, and delegations to the window. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { PendingApprovalView } from "../../gateway/http/contract/approvals.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { approvalChain, approvalStepStyles } from "../elements/approval-steps.ts";
import { chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { outcomeWord, stepWord } from "../text/approval-words.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";
import "./delegations-panel.ts";

@customElement("cg-approvals-section")
@localized()
export class ApprovalsSection extends LitElement {
  /** Who is signed in may delegate. */
  @property({ type: Boolean }) leader = false;
  @state() private opinions: Readonly<Record<string, string>> = {};
  /** Signing is typing one's own password again, for each outcome by itself. */
  @state() private passwords: Readonly<Record<string, string>> = {};
  readonly #rows = new Task(this, async (signal) => call("GET /api/approvals", { signal }));
  readonly #give = new Task(
    this,
    async (signal, row: PendingApprovalView, decision: "agree" | "return", opinion: string) => {
      const { nextStep } = row.proposal;
      if (nextStep === null) return;
      await call("POST /api/intakes/:id/approve", {
        params: { id: row.applicationId },
        body: {
          commandId: newCommandId(),
          expectedVersion: row.version,
          step: nextStep,
          decision,
          opinion,
          password: this.passwords[row.applicationId] ?? "",
        },
        signal,
      });
      this.opinions = {};
      this.passwords = {};
    },
  );

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    approvalStepStyles,
    css`
      li.pending {
        display: grid;
        gap: var(--space-3);
        list-style: none;
      }
      ul {
        display: grid;
        gap: var(--space-4);
        padding: 0;
      }
      h3 {
        font-size: var(--text-large);
      }
    `,
  ];

  override render() {
    const rows = this.#rows.value ?? [];
    return html`<div class="stack">
      <h2>${msg("受理结论审批", { id: "supervisor.approvals" })}</h2>
      ${failure(this.#rows.error)} ${failure(this.#give.error)}
      ${
        this.#rows.value === undefined || rows.some(({ yours }) => yours)
          ? nothing
          : html`<p class="soft" role="status">${msg("没有待您签署的事项。", { id: "approvals.none" })}</p>`
      }
      <ul>
        ${rows.map((row) => this.#row(row))}
      </ul>
      <cg-delegations-panel ?leader=${this.leader}></cg-delegations-panel>
    </div>`;
  }

  override firstUpdated(): void {
    void this.#rows.run();
  }

  #row(row: PendingApprovalView) {
    const { proposal, nextDue, reason } = row;
    const opinion = this.opinions[row.applicationId] ?? "";
    const password = this.passwords[row.applicationId] ?? "";
    const idle = this.#give.pending || opinion.trim() === "" || password === "";
    return html`<li class="panel pending">
      <div>
        <h3>
          ${outcomeWord(proposal.outcome)}　${row.matterName === null ? nothing : pick(row.matterName)}　${row.applicantMasked ?? ""}
        </h3>
        <p class="soft small">
          <span class="figures">${row.applicationId}</span>
          ${msg(str`${nameOf(proposal.by)} 于 ${dayAndClock(proposal.at)} 报请`, { id: "approvals.proposed" })}
        </p>
        ${
          reason === null || reason.kind === "incomplete"
            ? nothing
            : html`<p>${reason.kind === "notOurs" ? reason.rightAuthority : reason.explanation}</p>`
        }
        ${
          nextDue === null
            ? nothing
            : html`<p class="small">
                ${msg(str`期限 ${nextDue.dueOn}`, { id: "approvals.due" })}（${articleName(nextDue.article)}）
              </p>`
        }
      </div>
      ${approvalChain(proposal)}
      ${
        proposal.nextStep === null
          ? nothing
          : !row.yours
            ? html`<p class="soft small">
                ${msg(str`等待${stepWord(proposal.nextStep)}签署意见。`, { id: "approvals.others" })}
              </p>`
            : html`${field({
                  id: `opinion-${row.applicationId}`,
                  label: msg(str`${stepWord(proposal.nextStep)}意见`, { id: "approvals.opinion" }),
                  value: opinion,
                  onInput: (value) => (this.opinions = { ...this.opinions, [row.applicationId]: value }),
                })}
                ${field({
                  id: `password-${row.applicationId}`,
                  label: msg("本人密码（签署）", { id: "approvals.password" }),
                  type: "password",
                  autocomplete: "current-password",
                  value: password,
                  onInput: (value) => (this.passwords = { ...this.passwords, [row.applicationId]: value }),
                })}
                <div class="row">
                  <button
                    type="button"
                    class="primary"
                    ?disabled=${idle}
                    @click=${() => this.#send(row, "agree", opinion)}
                  >
                    ${msg("同意并签署", { id: "approvals.agree" })}
                  </button>
                  <button type="button" ?disabled=${idle} @click=${() => this.#send(row, "return", opinion)}>
                    ${msg("退回承办人", { id: "approvals.return" })}
                  </button>
                </div>`
      }
    </li>`;
  }

  async #send(row: PendingApprovalView, decision: "agree" | "return", opinion: string): Promise<void> {
    await this.#give.run(row, decision, opinion.trim());
    void this.#rows.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-approvals-section": ApprovalsSection;
  }
}
