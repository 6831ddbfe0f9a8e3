/** An outcome on its way through the chain of approvals, as the clerk sees it: where it stands, and taking it back. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { ProposalView } from "../../gateway/http/contract/proposal-view.ts";
import { approvalChain, approvalStepStyles } from "../elements/approval-steps.ts";
import { chipStyles } from "../elements/chip.ts";
import { controls } from "../style/controls.ts";
import { outcomeWord } from "../text/approval-words.ts";
import { dayAndClock } from "../text/format.ts";
import type { IntakeDesk } from "./desk.ts";

@customElement("cg-approval-panel")
@localized()
export class ApprovalPanel extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) proposal: ProposalView | undefined;
  @property({ type: Boolean }) busy = false;

  static override readonly styles = [
    controls,
    chipStyles,
    approvalStepStyles,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
    `,
  ];

  override render() {
    const { proposal } = this;
    if (proposal === undefined) return html``;
    return html`<section class="panel stack" aria-labelledby="title">
      <h2 id="title">${msg(str`已报请审批：${outcomeWord(proposal.outcome)}`, { id: "approval.title" })}</h2>
      <p class="soft small">
        ${msg(str`${nameOf(proposal.by)} 于 ${dayAndClock(proposal.at)} 报请。审批期间办理期限照常计算。`, {
          id: "approval.lead",
        })}
      </p>
      ${approvalChain(proposal)}
      <div class="row">
        <button
          type="button"
          ?disabled=${this.busy || this.desk?.allows("recallProposal") !== true}
          @click=${() => this.desk?.command("POST /api/intakes/:id/recall-proposal", {})}
        >
          ${msg("撤回报请，继续审查", { id: "approval.recall" })}
        </button>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-approval-panel": ApprovalPanel;
  }
}
