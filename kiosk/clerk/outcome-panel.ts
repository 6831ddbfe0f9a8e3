/**
 * Closing the review: accept, one-time notice, non-acceptance. Invariant: what the record would refuse is off
 * and says why with the article; the screen itself decides nothing.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { IntakeView } from "../../gateway/http/contract/intake-view.ts";
import { choice, field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { stepWord } from "../text/approval-words.ts";
import { pick } from "../text/language.ts";
import type { IntakeDesk } from "./desk.ts";
import { refusalNote, refusalStyles } from "./refusal.ts";
import { beijingToday } from "../text/today.ts";

type Ground = "incomplete" | "notOurs" | "noPermitNeeded";

@customElement("cg-outcome-panel")
@localized()
export class OutcomePanel extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) view: IntakeView | undefined;
  @property({ type: Boolean }) busy = false;
  @state() private supplyHow = "";
  @state() private ground: Ground | "" = "";
  @state() private explanation = "";
  @state() private withdrawing = false;

  static override readonly styles = [
    controls,
    refusalStyles,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      .outcomes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
        gap: var(--space-4);
      }
      .outcome {
        display: grid;
        gap: var(--space-3);
        align-content: start;
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-block-start: 4px solid var(--line-strong);
        border-radius: var(--radius-small);
      }
      .outcome.accept {
        border-block-start-color: var(--ok);
      }
      .outcome.notice {
        border-block-start-color: var(--accent);
      }
      .outcome.refuse {
        border-block-start-color: var(--bad);
      }
      h3 {
        font-size: var(--text-large);
      }
      .ends {
        color: var(--bad);
        font-weight: 600;
      }
      .others {
        padding-block-start: var(--space-3);
        border-block-start: 1px solid var(--line);
      }
    `,
  ];

  override render() {
    return html`<section class="panel stack" aria-labelledby="title">
      <h2 id="title">${msg("作出结论", { id: "outcome.title" })}</h2>
      ${this.#chain()}
      <div class="outcomes">
        ${this.#outcome("accept", "accept", msg("受理", { id: "outcome.accept" }), this.#acceptHint(), () =>
          this.desk?.command("POST /api/intakes/:id/accept", {}),
        )}
        ${this.#outcome(
          "notice",
          "notifyCorrection",
          msg("一次性告知补正", { id: "outcome.notify" }),
          html`${this.#issues("correction")}${field({
            id: "supplyHow",
            label: msg("补正方式（可不填）", { id: "outcome.supplyHow" }),
            value: this.supplyHow,
            onInput: (value) => (this.supplyHow = value),
          })}`,
          () => {
            const supplyHow = this.supplyHow.trim();
            return this.desk?.command(
              "POST /api/intakes/:id/notify-correction",
              supplyHow === "" ? {} : { supplyHow },
            );
          },
        )}
        ${this.#outcome(
          "refuse",
          "notAccept",
          msg("不予受理", { id: "outcome.notAccept" }),
          this.#grounds(),
          () => this.#notAccept(),
          this.ground === "" || (this.ground !== "incomplete" && this.explanation.trim() === ""),
        )}
      </div>
      <div class="others row">
        ${this.#other("remind", msg("提醒尚未补正的材料", { id: "outcome.remind" }), () =>
          this.desk?.command("POST /api/intakes/:id/remind", {}),
        )}
        ${
          this.desk?.allows("withdraw") === true
            ? html`<button
                type="button"
                ?disabled=${this.busy}
                @click=${() => (this.withdrawing = !this.withdrawing)}
              >
                ${msg("申请人撤回申请", { id: "outcome.withdraw" })}
              </button>`
            : nothing
        }
      </div>
      ${this.withdrawing ? this.#withdrawal() : nothing}
    </section>`;
  }

  #outcome(
    tone: string,
    action: string,
    title: string,
    content: TemplateResult,
    run: () => Promise<boolean> | undefined,
    incomplete = false,
  ) {
    const refusal = this.desk?.refusal(action) ?? null;
    return html`<div class="outcome ${tone}">
      <h3>${title}</h3>
      ${refusal === null ? content : refusalNote(refusal, `why-${action}`)}
      <button
        type="button"
        class=${refusal === null ? "primary" : ""}
        aria-describedby=${refusal === null ? nothing : `why-${action}`}
        ?disabled=${this.busy || refusal !== null || incomplete}
        @click=${run}
      >
        ${title}${icon("arrow")}
      </button>
    </div>`;
  }

  /** Under some regulations an outcome is asked for here and made by the chain, unless it was delegated. */
  #chain() {
    const steps = this.view?.approvalSteps ?? [];
    if (steps.length === 0) return nothing;
    const names = steps.map(stepWord).join(" → ");
    return html`<p class="soft small">
      ${msg(str`未经授权窗口直接办理的结论，须报 ${names} 审批后出具文书。`, { id: "outcome.chain" })}
    </p>`;
  }

  #acceptHint() {
    const verifying = this.view?.checklist.filter((item) => item.verdict?.kind === "verify").length ?? 0;
    return html`${this.#issues("acceptance")}
    ${
      verifying === 0
        ? nothing
        : html`<p class="soft small">
            ${msg("有需核实的事项：受理通知书将写明核实事项、原因和时限。", { id: "outcome.acceptVerifyHint" })}
          </p>`
    }`;
  }

  /** Which paper the outcome is given with, by the name it has under this intake's rules. */
  #issues(paper: "acceptance" | "correction" | "nonAcceptance") {
    if (this.view === undefined) return nothing;
    const { titles } = this.view;
    const title = pick(titles[paper]);
    const along =
      paper === "correction" ? titles.withCorrection.map((other) => `《${pick(other)}》`).join("") : "";
    return html`<p class="soft small">${msg(str`出具《${title}》`, { id: "outcome.issues" })}${along}</p>
      ${
        along === ""
          ? nothing
          : html`<p class="ends small">
              ${msg("材料退回，本次申请不予受理。", { id: "outcome.noticeEnds" })}
            </p>`
      }`;
  }

  #grounds() {
    return html`${this.#issues("nonAcceptance")}${choice<Ground>({
      id: "ground",
      label: msg("理由", { id: "outcome.ground" }),
      value: this.ground,
      empty: msg("请选择", { id: "outcome.choose" }),
      choices: [
        ["incomplete", msg("材料不齐全或者不符合法定形式", { id: "ground.incomplete" })],
        ["notOurs", msg("不属于本机关职权范围", { id: "ground.notOurs" })],
        ["noPermitNeeded", msg("依法不需要取得行政许可", { id: "ground.noPermitNeeded" })],
      ],
      onInput: (value) => (this.ground = value),
    })}
    ${
      this.ground === "notOurs" || this.ground === "noPermitNeeded"
        ? field({
            id: "explanation",
            label:
              this.ground === "notOurs"
                ? msg("应当向哪个机关申请", { id: "outcome.rightAuthority" })
                : msg("不需要许可的说明", { id: "outcome.explanation" }),
            value: this.explanation,
            onInput: (value) => (this.explanation = value),
          })
        : nothing
    }`;
  }

  #notAccept(): Promise<boolean> | undefined {
    const text = this.explanation.trim();
    if (this.ground === "") return undefined;
    return this.desk?.command("POST /api/intakes/:id/not-accept", {
      reason:
        this.ground === "notOurs"
          ? { kind: "notOurs", rightAuthority: text }
          : this.ground === "noPermitNeeded"
            ? { kind: "noPermitNeeded", explanation: text }
            : { kind: "incomplete" },
    });
  }

  #other(action: string, title: string, run: () => Promise<boolean> | undefined) {
    if (this.desk?.allows(action) !== true) return nothing;
    return html`<button type="button" ?disabled=${this.busy} @click=${run}>${title}</button>`;
  }

  #withdrawal() {
    return html`<div class="row">
      <p>
        ${msg("申请人须在撤回申请上签名并注明今天的日期。材料全部退回。", { id: "outcome.withdrawHint" })}
      </p>
      <button
        type="button"
        class="primary"
        ?disabled=${this.busy}
        @click=${() =>
          this.desk?.command("POST /api/intakes/:id/withdraw", {
            signature: { mode: "ink", date: beijingToday() },
          })}
      >
        ${msg("已签名，确认撤回", { id: "outcome.withdrawConfirm" })}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-outcome-panel": OutcomePanel;
  }
}
