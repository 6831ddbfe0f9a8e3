/** Findings: what was found, who has to rectify it by when, what was done, and the closing. Fires `cg-changed`. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { UserId } from "../../gateway/domain/ids.ts";
import type { FindingView } from "../../gateway/http/contract/oversight.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

const EMPTY = { subject: "", text: "", order: "", responsible: "", dueOn: "" };

@customElement("cg-findings-panel")
@localized()
export class FindingsPanel extends LitElement {
  @property({ attribute: false }) findings: readonly FindingView[] = [];
  @state() private typed = EMPTY;
  @state() private answer = "";
  @state() private chosen: string | undefined;
  readonly #find = new Task(this, async (signal) =>
    call("POST /api/oversight/findings", {
      // The gateway refuses whom it does not know.
      body: { commandId: newCommandId(), ...this.typed, responsible: this.typed.responsible as UserId },
      signal,
    }),
  );
  readonly #answerTo = new Task(this, async (signal, findingId: string, isClosing: boolean) => {
    const input = {
      params: { findingId },
      body: { commandId: newCommandId(), text: this.answer.trim() },
      signal,
    };
    return isClosing
      ? call("POST /api/oversight/findings/:findingId/closed", input)
      : call("POST /api/oversight/findings/:findingId/rectified", input);
  });

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const title = msg("问题与整改", { id: "findings.title" });
    return html`<section class="panel stack" aria-label=${title}>
      <h3>${title}</h3>
      ${this.findings.map((finding) => this.#finding(finding))} ${failure(this.#answerTo.error)}
      <form class="grid" @submit=${this.#submit}>
        ${this.#input("subject", msg("对象（如 matter/办件编号）", { id: "findings.subject" }))}
        ${this.#input("text", msg("发现的问题", { id: "findings.text" }))}
        ${this.#input("order", msg("整改要求", { id: "findings.order" }))}
        ${this.#input("responsible", msg("责任人账号", { id: "findings.responsible" }))}
        ${this.#input("dueOn", msg("整改期限", { id: "findings.dueOn" }), "date")}
        <button type="submit" class="primary" ?disabled=${!this.#isComplete || this.#find.pending}>
          ${icon("pen")}${msg("责令整改", { id: "findings.new" })}
        </button>
      </form>
      ${failure(this.#find.error)}
    </section>`;
  }

  #input(name: keyof typeof EMPTY, label: string, type: "text" | "date" = "text") {
    return field({
      id: name,
      label,
      type,
      value: this.typed[name],
      maxLength: 1000,
      onInput: (value) => (this.typed = { ...this.typed, [name]: value }),
    });
  }

  #finding({
    findingId,
    subject,
    text,
    order,
    responsible,
    dueOn,
    rectified,
    closed,
    isOverdue,
  }: FindingView) {
    return html`<article class="stack">
      <div class="row spread">
        <b>${subject} · ${text}</b>
        <span>
          ${isOverdue ? html`${icon("warning")} ${msg("已逾期", { id: "findings.overdue" })} · ` : nothing}
          ${
            closed === null
              ? msg(str`${nameOf(responsible)} 应于 ${dueOn} 前整改`, { id: "findings.due" })
              : msg("已销号", { id: "findings.closed" })
          }
        </span>
      </div>
      <p>${order}${rectified === null ? nothing : html` → ${rectified.text}`}</p>
      ${
        closed !== null
          ? nothing
          : this.chosen === findingId
            ? this.#answering(findingId, rectified !== null)
            : html`<div class="row">
                <button type="button" @click=${() => (this.chosen = findingId)}>
                  ${
                    rectified === null
                      ? msg("填写整改情况", { id: "findings.rectify" })
                      : msg("核实销号", { id: "findings.close" })
                  }
                </button>
              </div>`
      }
    </article>`;
  }

  #answering(findingId: string, isClosing: boolean) {
    return html`<div class="grid">
      ${field({
        id: "answer",
        label: isClosing
          ? msg("核实意见", { id: "findings.opinion" })
          : msg("整改情况", { id: "check.rectified" }),
        value: this.answer,
        maxLength: 1000,
        onInput: (value) => (this.answer = value),
      })}
      <button
        type="button"
        class="primary"
        ?disabled=${this.answer.trim() === "" || this.#answerTo.pending}
        @click=${() => this.#told(this.#answerTo.run(findingId, isClosing))}
      >
        ${msg("提交", { id: "findings.submit" })}
      </button>
    </div>`;
  }

  get #isComplete(): boolean {
    return Object.values(this.typed).every((value) => value.trim() !== "");
  }

  async #told(work: Promise<FindingView | undefined>): Promise<void> {
    if ((await work) === undefined) return;
    this.answer = "";
    this.chosen = undefined;
    this.typed = EMPTY;
    this.dispatchEvent(new Event("cg-changed"));
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#told(this.#find.run());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-findings-panel": FindingsPanel;
  }
}
