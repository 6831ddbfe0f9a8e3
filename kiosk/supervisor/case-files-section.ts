/** Case files with their timers: filing, hand-over, holds and destruction lists begin here. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { HOLD_TRIGGERS, type HoldTrigger } from "../../gateway/domain/records/document-kinds.ts";
import type { Role } from "../../gateway/domain/roles.ts";
import type { CaseRowView } from "../../gateway/http/contract/case-files.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { articleName } from "../text/article.ts";
import "./hand-overs-panel.ts";
import type { HandOversPanel } from "./hand-overs-panel.ts";
import { holdReason } from "./hold-reason.ts";
import { ledgerTable } from "./ledger.ts";
import "./retention-panel.ts";
import type { RetentionPanel } from "./retention-panel.ts";

/** Periods of keeping that archives use; years, or for ever. */
const KEEPS = ["10", "30", "permanent"] as const;
type KeepChoice = (typeof KEEPS)[number];

@customElement("cg-case-files-section")
@localized()
export class CaseFilesSection extends LitElement {
  @property({ attribute: false }) roles: readonly Role[] = [];
  @state() private chosen: ReadonlySet<string> = new Set();
  /** The case whose form is open, and which one. */
  @state() private form: { readonly caseId: string; readonly what: "file" | "hold" } | undefined;
  @state() private code = "";
  @state() private keep: KeepChoice = "30";
  @state() private explained = "";
  @state() private reason: HoldTrigger = "otherImportant";
  @query("cg-hand-overs-panel") private handOvers!: HandOversPanel | null;
  @query("cg-retention-panel") private retention!: RetentionPanel | null;
  readonly #cases = new Task(this, async (signal) =>
    call("GET /api/cases", { query: { limit: 200 }, signal }),
  );
  readonly #end = new Task(this, async (signal, caseId: string) => {
    const body = { commandId: newCommandId(), endedMs: Date.now() };
    await call("POST /api/cases/:caseId/end", { params: { caseId }, body, signal });
    await this.#cases.run();
  });
  readonly #file = new Task(this, async (signal, caseId: string) => {
    const explained = this.explained.trim();
    await call("POST /api/cases/:caseId/file", {
      params: { caseId },
      body: {
        commandId: newCommandId(),
        archivalCode: this.code.trim(),
        keep: this.keep === "permanent" ? this.keep : Number(this.keep),
        ...(explained === "" ? {} : { explained }),
      },
      signal,
    });
    this.form = undefined;
    this.code = "";
    this.explained = "";
    await this.#cases.run();
  });
  readonly #hold = new Task(this, async (signal, caseId: string) => {
    const subject = { kind: "case" as const, caseId };
    const body = { commandId: newCommandId(), subject, reason: this.reason };
    await call("POST /api/holds", { body, signal });
    this.form = undefined;
    await this.retention?.refresh();
  });
  readonly #handOver = new Task(this, async (signal) => {
    const body = { commandId: newCommandId(), caseIds: [...this.chosen] };
    await call("POST /api/hand-overs", { body, signal });
    this.chosen = new Set();
    await this.handOvers?.refresh();
  });
  readonly #drawUp = new Task(this, async (signal) => {
    const items = [...this.chosen].map((caseId) => ({ kind: "case" as const, caseId }));
    await call("POST /api/destruction-lists", { body: { commandId: newCommandId(), items }, signal });
    this.chosen = new Set();
    await this.retention?.refresh();
  });

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      .pick {
        display: inline-grid;
        place-items: center;
        min-inline-size: var(--target);
        min-block-size: var(--target);
      }
      .pick input {
        inline-size: 1.4rem;
        block-size: 1.4rem;
      }
    `,
  ];

  override render() {
    const cases = msg("案卷", { id: "caseFiles.title" });
    const none = this.chosen.size === 0;
    const failures = [this.#cases, this.#end, this.#handOver, this.#drawUp];
    return html`<div class="stack">
      <h2>${cases}</h2>
      ${failures.map(({ error }) => failure(error))}
      ${ledgerTable<CaseRowView>(
        cases,
        this.#cases.value === undefined ? undefined : { rows: this.#cases.value },
        [
          [msg("选择", { id: "caseFiles.pick" }), (row) => this.#pick(row)],
          [msg("题名", { id: "caseFiles.name" }), (row) => nameOf(row)],
          [msg("状态", { id: "caseFiles.state" }), (row) => stateChip(row)],
          [msg("归档期限", { id: "caseFiles.due" }), (row) => dueOf(row)],
          [msg("档号", { id: "caseFiles.code" }), (row) => row.archivalCode ?? "—"],
          [msg("办理", { id: "caseFiles.act" }), (row) => this.#acts(row)],
        ],
        () => undefined,
      )}
      ${this.#form()}
      <div class="row">
        ${
          this.#may("clerk", "supervisor", "leader")
            ? html`<button
                type="button"
                ?disabled=${none || this.#handOver.pending}
                @click=${() => this.#handOver.run()}
              >
                ${msg("移交所选案卷", { id: "caseFiles.handOver" })}
              </button>`
            : nothing
        }
        ${
          this.#may("supervisor", "custodian")
            ? html`<button
                type="button"
                ?disabled=${none || this.#drawUp.pending}
                @click=${() => this.#drawUp.run()}
              >
                ${msg("所选案卷造销毁清册", { id: "caseFiles.drawUp" })}
              </button>`
            : nothing
        }
      </div>
      <cg-hand-overs-panel .roles=${this.roles} @taken=${() => void this.#cases.run()}></cg-hand-overs-panel>
      <cg-retention-panel .roles=${this.roles}></cg-retention-panel>
    </div>`;
  }

  override firstUpdated(): void {
    void this.#cases.run();
  }

  #may(...roles: readonly Role[]): boolean {
    return this.roles.some((role) => roles.includes(role));
  }

  #pick(row: CaseRowView) {
    const { caseId, archivalCode } = row;
    if (archivalCode === null) return nothing;
    const on = this.chosen.has(caseId);
    return html`<label class="pick"
      ><input
        type="checkbox"
        aria-label=${msg(str`选择 ${nameOf(row)}`, { id: "caseFiles.pickOne" })}
        .checked=${on}
        @change=${() => {
          const chosen = new Set(this.chosen);
          if (on) chosen.delete(caseId);
          else chosen.add(caseId);
          this.chosen = chosen;
        }}
    /></label>`;
  }

  #acts({ caseId, state: now, archivalCode }: CaseRowView) {
    return html`<div class="row">
      ${
        now === "open"
          ? html`<button type="button" ?disabled=${this.#end.pending} @click=${() => this.#end.run(caseId)}>
              ${msg("执法行为终结", { id: "caseFiles.end" })}
            </button>`
          : nothing
      }
      ${
        now === "ended" || now === "overdue"
          ? html`<button type="button" @click=${() => (this.form = { caseId, what: "file" })}>
              ${msg("归档", { id: "caseFiles.file" })}
            </button>`
          : nothing
      }
      ${
        archivalCode === null
          ? nothing
          : html`<a
              class="button"
              href=${pathOf("/api/cases/:caseId/report.pdf", { caseId })}
              target="_blank"
              rel="noopener"
              >${msg("四性检测报告", { id: "caseFiles.report" })}</a
            >`
      }
      ${
        this.#may("supervisor", "leader", "custodian")
          ? html`<button type="button" class="quiet" @click=${() => (this.form = { caseId, what: "hold" })}>
              ${msg("长期保存", { id: "holds.set" })}
            </button>`
          : nothing
      }
    </div>`;
  }

  #form() {
    const { form } = this;
    if (form === undefined) return nothing;
    const { caseId, what } = form;
    const row = this.#cases.value?.find((one) => one.caseId === caseId);
    const task = what === "file" ? this.#file : this.#hold;
    return html`<form
      class="panel stack"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void task.run(caseId);
      }}
    >
      <h3>${row === undefined ? caseId : nameOf(row)}</h3>
      ${failure(task.error)}
      <div class="grid">${what === "file" ? this.#filing() : this.#holding()}</div>
      <div class="row">
        <button
          type="submit"
          class="primary"
          ?disabled=${task.pending || (what === "file" && this.code.trim() === "")}
        >
          ${what === "file" ? msg("检测并归档", { id: "caseFiles.fileNow" }) : msg("确定长期保存", { id: "holds.setNow" })}
        </button>
        <button
          type="button"
          class="quiet"
          @click=${() => {
            task.reset();
            this.form = undefined;
          }}
        >
          ${msg("取消", { id: "files.cancel" })}
        </button>
      </div>
    </form>`;
  }

  #filing() {
    return html`${field({
      id: "code",
      label: msg("档号", { id: "caseFiles.code" }),
      value: this.code,
      required: true,
      maxLength: 120,
      onInput: (value) => (this.code = value),
    })}
    ${choice<KeepChoice>({
      id: "keep",
      label: msg("保管期限", { id: "caseFiles.keep" }),
      value: this.keep,
      choices: KEEPS.map((keep) => [
        keep,
        keep === "permanent"
          ? msg("永久", { id: "caseFiles.forEver" })
          : msg(str`${keep}年`, { id: "caseFiles.years" }),
      ]),
      onInput: (value) => (this.keep = value),
    })}
    ${field({
      id: "explained",
      label: msg("检测未通过时的说明", { id: "caseFiles.explained" }),
      value: this.explained,
      maxLength: 2000,
      onInput: (value) => (this.explained = value),
    })}`;
  }

  #holding() {
    return choice<HoldTrigger>({
      id: "reason",
      label: msg("长期保存的原因", { id: "holds.why" }),
      value: this.reason,
      choices: HOLD_TRIGGERS.map((reason) => [reason, holdReason(reason)]),
      onInput: (value) => (this.reason = value),
    });
  }
}

const nameOf = ({ title, caseId }: CaseRowView): string => title ?? caseId;

function stateChip({ state: now }: CaseRowView) {
  switch (now) {
    case "open":
      return chip("plain", msg("办理中", { id: "caseFiles.open" }));
    case "ended":
      return chip("warn", msg("待归档", { id: "caseFiles.ended" }), "clock");
    case "overdue":
      return chip("bad", msg("归档超期", { id: "caseFiles.overdue" }), "clock");
    case "filed":
      return chip("warn", msg("待移交", { id: "caseFiles.filed" }));
    case "handedOver":
      break;
  }
  return chip("ok", msg("已移交保管", { id: "caseFiles.handedOver" }));
}

function dueOf({ due }: CaseRowView): string {
  if (due === null) return "—";
  const basis = due.article === null ? msg("默认", { id: "caseFiles.default" }) : articleName(due.article);
  return msg(str`${due.lastDay}（${due.days}日，${basis}）`, { id: "caseFiles.dueOn" });
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-case-files-section": CaseFilesSection;
  }
}
