/** One intake on the clerk's screen: steps, the work that is due now, papers, and beside it limits and camera. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, type PropertyValues, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { CounterId } from "../../gateway/domain/ids.ts";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import type { IntakeView } from "../../gateway/http/contract/intake-view.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { stepWord } from "../text/approval-words.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";
import "./approval-panel.ts";
import "./checklist.ts";
import "./clocks-panel.ts";
import "./colleague-form.ts";
import "./counter-panel.ts";
import type { IntakeDesk } from "./desk.ts";
import { intakePageStyles } from "./intake-page.styles.ts";
import "./outcome-panel.ts";
import "./decision-panel.ts";
import "./papers-panel.ts";
import "./receive-form.ts";
import "./register-form.ts";
import { eventWord, stateWord, warningWord } from "./words.ts";

const FINAL = ["ACCEPTED", "NOT_ACCEPTED", "WITHDRAWN"];

@customElement("cg-intake-page")
@localized()
export class IntakePage extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) view: IntakeView | undefined;
  @property({ attribute: false }) catalogue: CatalogueView | undefined;
  @property({ attribute: false }) cameras: readonly CameraView[] = [];
  @property() counterId: CounterId | undefined;
  @property({ type: Boolean }) busy = false;
  /** The desk's turn: a new one means to look at the desk again. */
  @property({ type: Number }) turn = 0;
  @property() claimCode: string | undefined;

  static override readonly styles = [controls, chipStyles, failureStyles, intakePageStyles];

  override render() {
    const { view } = this;
    if (view === undefined) return nothing;
    return html`<div class="work stack">
        ${this.#head(view)} ${this.#messages()} ${this.#code()} ${this.#now(view)}
        ${
          view.papers.length === 0
            ? nothing
            : html`<cg-papers-panel
                .desk=${this.desk}
                .papers=${view.papers}
                .printerId=${this.#printer(view)}
                .applicantName=${view.applicant === null ? "" : view.applicant.kind === "company" ? view.applicant.contactName : view.applicant.name}
                .busy=${this.busy}
              ></cg-papers-panel>`
        }
        ${
          view.phase === "ACCEPTED"
            ? html`<cg-decision-panel
                .applicationId=${view.applicationId}
                .recipient=${view.applicant === null ? "" : view.applicant.kind === "company" ? view.applicant.contactName : view.applicant.name}
              ></cg-decision-panel>`
            : nothing
        }
        ${FINAL.includes(view.phase) && view.checklist.length > 0 ? this.#checklist(view) : nothing}
      </div>
      <aside class="stack" aria-label=${msg("期限与录像", { id: "intake.aside" })}>
        <cg-counter-panel
          .cameras=${this.cameras.filter((camera) => camera.counterId === (view.counterId ?? this.counterId))}
          .noticeShown=${view.session.open ? view.session.noticeShown : undefined}
        ></cg-counter-panel>
        <cg-clocks-panel .clocks=${view.clocks}></cg-clocks-panel>
        ${
          view.handler === null || FINAL.includes(view.phase)
            ? nothing
            : html`<cg-colleague-form
                .desk=${this.desk}
                .handler=${view.handler}
                .busy=${this.busy}
              ></cg-colleague-form>`
        }
        ${this.#history(view)}
      </aside>`;
  }

  /** What has to be read is brought into sight: a refusal, a change made elsewhere, the claim code. */
  override updated(changed: PropertyValues<this>): void {
    const toRead = this.desk?.error !== undefined || this.desk?.changedElsewhere === true;
    if (
      (changed.has("turn") && toRead && !this.busy) ||
      (changed.has("claimCode") && this.claimCode !== undefined)
    )
      this.renderRoot.querySelector("header")?.scrollIntoView({ block: "start" });
  }

  #head(view: IntakeView) {
    const [word, tone] = stateWord(view.phase);
    const title = view.applicant === null ? msg("新的受理", { id: "intake.new" }) : view.applicant.name;
    return html`<header>
      <div>
        <h2>${title} ${chip(tone, word)}</h2>
        <p class="soft">
          ${view.matter === null ? nothing : html`${pick(view.matter.name)}　`}
          <span class="figures">${view.applicationId}</span>
          ${view.agent === null ? nothing : msg(str`　代理人 ${view.agent.name}`, { id: "intake.agent" })}
        </p>
        <p class="soft small">${msg("适用规定：", { id: "intake.profile" })}${pick(view.profile.title)}</p>
      </div>
      <div class="row">
        ${
          this.desk?.allows("reissueClaimCode") === true
            ? html`<button
                type="button"
                class="quiet"
                ?disabled=${this.busy}
                @click=${() => this.desk?.command("POST /api/intakes/:id/reissue-claim-code", {})}
              >
                ${msg("重发取件码", { id: "intake.reissue" })}
              </button>`
            : nothing
        }
        ${
          view.session.open
            ? html`<button
                type="button"
                ?disabled=${this.busy || this.desk?.allows("closeSession") !== true}
                @click=${() => this.desk?.command("POST /api/intakes/:id/close-session", {})}
              >
                ${icon("check")}${msg("结束接待", { id: "intake.close" })}
              </button>`
            : html`<button
                type="button"
                ?disabled=${this.busy || this.counterId === undefined || this.desk?.allows("reopen") !== true}
                @click=${() =>
                  this.counterId !== undefined &&
                  this.desk?.command("POST /api/intakes/:id/reopen", { counterId: this.counterId })}
              >
                ${msg("再次接待", { id: "intake.reopen" })}
              </button>`
        }
      </div>
    </header>`;
  }

  #messages() {
    const { desk } = this;
    if (desk === undefined) return nothing;
    return html`${failure(desk.error)}
    ${
      desk.changedElsewhere
        ? html`<p class="changed" role="alert">
            ${icon("warning")}
            ${msg(
              "另一个窗口刚刚更改了这个申请，已显示最新内容。请核对后再操作；没有确认成功的操作没有执行。",
              {
                id: "intake.changed",
              },
            )}
          </p>`
        : nothing
    }
    ${desk.warnings.map((warning) => html`<p class="changed">${icon("warning")}${warningWord(warning)}</p>`)}`;
  }

  #code() {
    if (this.claimCode === undefined) return nothing;
    return html`<div class="claim-code" role="status">
      <div>
        <b>${msg("取件码（只显示这一次）", { id: "intake.code" })}</b>
        <p class="small">
          ${msg("这次的凭条上印有取件码。请提醒申请人妥善保管。", { id: "intake.codeHint" })}
        </p>
      </div>
      <output>${this.claimCode.slice(0, 4)} ${this.claimCode.slice(4)}</output>
      <button type="button" @click=${() => this.desk?.putCodeAside()}>
        ${msg("收起", { id: "intake.codeAside" })}
      </button>
    </div>`;
  }

  /** The work that is due at this phase. */
  #now(view: IntakeView) {
    if (view.phase === "STARTED")
      return html`<cg-register-form
        .desk=${this.desk}
        .catalogue=${this.catalogue}
        .busy=${this.busy}
      ></cg-register-form>`;
    if (view.phase === "REGISTERED")
      return html`<cg-receive-form
          .desk=${this.desk}
          .items=${view.checklist}
          .busy=${this.busy}
        ></cg-receive-form>
        <cg-outcome-panel .desk=${this.desk} .view=${view} .busy=${this.busy}></cg-outcome-panel>`;
    if (FINAL.includes(view.phase)) return nothing;
    if (view.proposal !== null)
      return html`<cg-approval-panel
          .desk=${this.desk}
          .proposal=${view.proposal}
          .busy=${this.busy}
        ></cg-approval-panel>
        ${this.#checklist(view)}`;
    const missing = view.checklist.filter(
      (item) => item.verdict?.kind === "deficient" || item.handed === null,
    );
    return html`${this.#sentBack(view)}
    ${
      this.desk?.allows("receiveSupplement") === true
        ? html`<cg-receive-form
            supplement
            .desk=${this.desk}
            .items=${missing}
            .busy=${this.busy}
          ></cg-receive-form>`
        : nothing
    }
    ${this.#checklist(view)}
    ${
      view.phase === "CORRECTION_NOTIFIED"
        ? nothing
        : html`<cg-outcome-panel .desk=${this.desk} .view=${view} .busy=${this.busy}></cg-outcome-panel>`
    }`;
  }

  #sentBack({ sentBack }: IntakeView) {
    if (sentBack === null) return nothing;
    return html`<p class="changed" role="status">
      ${icon("warning")}
      ${msg(str`${stepWord(sentBack.step)} ${nameOf(sentBack.by)} 退回：${sentBack.opinion}`, { id: "approval.sentBack" })}
    </p>`;
  }

  #checklist(view: IntakeView) {
    return html`<cg-checklist
      .desk=${this.desk}
      .items=${view.checklist}
      .matter=${this.catalogue?.matters.find((matter) => matter.code === view.matter?.code)}
      .busy=${this.busy}
    ></cg-checklist>`;
  }

  #history(view: IntakeView) {
    return html`<details class="panel">
      <summary>${msg(str`办理记录（${view.history.length}）`, { id: "intake.history" })}</summary>
      <ol class="history">
        ${[...view.history].reverse().map(
          (row) =>
            html`<li>
              <span>
                ${eventWord(row.what)}
                ${
                  row.refused === null
                    ? nothing
                    : html`<span class="refused small">
                        ${msg(str`未准许 ${row.refused}`, { id: "intake.refused" })}
                        ${row.article === null ? nothing : articleName(row.article)}
                      </span>`
                }
              </span>
              <span class="soft small">${dayAndClock(row.at)} ${nameOf(row.by)}</span>
            </li>`,
        )}
      </ol>
    </details>`;
  }

  #printer(view: IntakeView) {
    const id = view.counterId ?? this.counterId;
    return this.catalogue?.counters.find((counter) => counter.id === id)?.printers[0];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-intake-page": IntakePage;
  }
}
