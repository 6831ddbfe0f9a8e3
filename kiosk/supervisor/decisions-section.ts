/** Decisions that are due, and decisions to be delivered, the most urgent first; the token of the bureau's program. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { DueView } from "../../gateway/http/contract/bureau.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { type Tone, chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

const STATES: Readonly<Record<DueView["status"], readonly [word: () => string, tone: Tone]>> = {
  overdue: [() => msg("决定已逾期", { id: "due.overdue" }), "bad"],
  deliveryOverdue: [() => msg("送达已逾期", { id: "due.deliveryOverdue" }), "bad"],
  soon: [() => msg("即将到期", { id: "due.soon" }), "warn"],
  toDeliver: [() => msg("待送达", { id: "due.toDeliver" }), "warn"],
  running: [() => msg("审查中", { id: "due.running" }), "plain"],
  paused: [() => msg("期限中止", { id: "due.paused" }), "plain"],
  done: [() => msg("已送达", { id: "service.served" }), "ok"],
};

@customElement("cg-decisions-section")
@localized()
export class DecisionsSection extends LitElement {
  readonly #due = new Task(this, async (signal) => call("GET /api/bureau/due", { signal }));
  readonly #token = new Task(this, async (signal) =>
    call("POST /api/bureau/token", { body: { commandId: newCommandId() }, signal }),
  );

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const rows = this.#due.value ?? [];
    const token = this.#token.value?.token;
    return html`<div class="stack">
      <h2>${msg("审批决定期限", { id: "due.title" })}</h2>
      ${failure(this.#due.error)} ${failure(this.#token.error)}
      <div class="panel scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">${msg("状态", { id: "officers.standing" })}</th>
              <th scope="col">${msg("到期日", { id: "due.date" })}</th>
              <th scope="col">${msg("业务系统案号", { id: "due.caseNo" })}</th>
              <th scope="col">${msg("申请编号", { id: "due.application" })}</th>
              <th scope="col">${msg("决定", { id: "due.decision" })}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ status, date, caseNo, applicationId, decided, provisional }) =>
                html`<tr>
                  <td>${chip(STATES[status][1], STATES[status][0]())}</td>
                  <td class="figures">
                    ${date}${provisional ? msg("（暂定）", { id: "due.provisional" }) : ""}
                  </td>
                  <td>${caseNo ?? "—"}</td>
                  <td class="figures">${applicationId}</td>
                  <td>${decided?.number ?? "—"}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${rows.length === 0 ? html`<p class="soft">${msg("没有待作出的决定。", { id: "due.none" })}</p>` : nothing}
      </div>
      <div class="panel stack">
        <p>
          ${msg("业务系统用令牌调用 /bureau/v1 接口；新令牌生成后旧令牌立即失效，只显示这一次。", { id: "due.tokenLead" })}
        </p>
        <div class="row">
          <button type="button" ?disabled=${this.#token.pending} @click=${() => this.#token.run()}>
            ${msg("生成新令牌", { id: "due.makeToken" })}
          </button>
          ${token === undefined ? nothing : html`<code>${token}</code>`}
        </div>
      </div>
    </div>`;
  }

  override firstUpdated(): void {
    void this.#due.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-decisions-section": DecisionsSection;
  }
}
