/** Long-term holds, and destruction lists with their steps. Invariant: a step shows only to who may take it; the gateway decides. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { Role } from "../../gateway/domain/roles.ts";
import type { DestructionView, HoldView } from "../../gateway/http/contract/retention.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { holdReason } from "./hold-reason.ts";
import { ledgerTable } from "./ledger.ts";

type Step = "appraise" | "approve" | "reject" | "carryOut";

@customElement("cg-retention-panel")
@localized()
export class RetentionPanel extends LitElement {
  @property({ attribute: false }) roles: readonly Role[] = [];
  @state() private opinion = "";
  readonly #holds = new Task(this, async (signal) => call("GET /api/holds", { signal }));
  readonly #lists = new Task(this, async (signal) => call("GET /api/destruction-lists", { signal }));
  readonly #lift = new Task(this, async (signal, holdId: string) => {
    const body = { commandId: newCommandId(), why: this.opinion.trim() };
    await call("POST /api/holds/:holdId/lift", { params: { holdId }, body, signal });
    this.opinion = "";
    await this.#holds.run();
  });
  readonly #step = new Task(this, async (signal, step: Step, listId: string) => {
    await this.#take(step, listId, signal);
    this.opinion = "";
    await this.#lists.run();
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const holds = msg("长期保存", { id: "holds.title" });
    const lists = msg("销毁清册", { id: "destruction.title" });
    const isAsked = this.#lists.value?.some(({ done, rejected }) => done === null && rejected === null);
    const isLiftable =
      this.roles.includes("leader") && this.#holds.value?.some(({ lifted }) => lifted === null);
    return html`<div class="stack">
      ${
        isAsked === true || isLiftable === true
          ? field({
              id: "opinion",
              label: msg("意见（鉴定、不予销毁、解除保存时填写）", { id: "retention.opinion" }),
              value: this.opinion,
              maxLength: 2000,
              onInput: (value) => (this.opinion = value),
            })
          : nothing
      }
      <h2>${holds}</h2>
      ${failure(this.#holds.error)} ${failure(this.#lift.error)}
      ${ledgerTable<HoldView>(
        holds,
        this.#holds.value === undefined ? undefined : { rows: this.#holds.value },
        [
          [msg("时间", { id: "holds.at" }), (row) => dayAndClock(row.at)],
          [msg("原因", { id: "holds.reason" }), (row) => holdReason(row.reason)],
          [
            msg("依据", { id: "holds.article" }),
            (row) => (row.article === null ? "—" : articleName(row.article)),
          ],
          [msg("对象", { id: "holds.subject" }), (row) => subjectOf(row)],
          [msg("状态", { id: "caseFiles.state" }), (row) => this.#holdState(row)],
        ],
        () => undefined,
      )}
      <h2>${lists}</h2>
      ${failure(this.#lists.error)} ${failure(this.#step.error)}
      ${ledgerTable<DestructionView>(
        lists,
        this.#lists.value === undefined ? undefined : { rows: this.#lists.value },
        [
          [msg("造册时间", { id: "destruction.drawn" }), (row) => dayAndClock(row.drawn.at)],
          [msg("件数", { id: "destruction.items" }), (row) => row.items.length],
          [
            msg("鉴定", { id: "destruction.appraisal" }),
            (row) => (row.appraisal === null ? "—" : nameOf(row.appraisal.by)),
          ],
          [
            msg("批准", { id: "destruction.approvals" }),
            (row) => row.approvals.map(({ by }) => nameOf(by)).join("、") || "—",
          ],
          [msg("状态", { id: "caseFiles.state" }), (row) => listState(row)],
          [msg("办理", { id: "caseFiles.act" }), (row) => this.#acts(row)],
        ],
        () => undefined,
      )}
    </div>`;
  }

  override firstUpdated(): void {
    void this.refresh();
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#holds.run(), this.#lists.run()]);
  }

  async #take(step: Step, listId: string, signal: AbortSignal): Promise<void> {
    const common = { params: { listId }, signal };
    const commandId = newCommandId();
    const words = this.opinion.trim();
    switch (step) {
      case "appraise":
        await call("POST /api/destruction-lists/:listId/appraise", {
          ...common,
          body: { commandId, opinion: words },
        });
        return;
      case "approve":
        await call("POST /api/destruction-lists/:listId/approve", { ...common, body: { commandId } });
        return;
      case "reject":
        await call("POST /api/destruction-lists/:listId/reject", {
          ...common,
          body: { commandId, why: words },
        });
        return;
      case "carryOut":
        break;
    }
    await call("POST /api/destruction-lists/:listId/carry-out", { ...common, body: { commandId } });
  }

  #holdState({ holdId, lifted }: HoldView) {
    if (lifted !== null) return chip("plain", msg("已解除", { id: "holds.lifted" }));
    return html`<div class="row">
      ${chip("ok", msg("保存中", { id: "holds.active" }))}
      ${
        this.roles.includes("leader")
          ? html`<button
              type="button"
              class="quiet"
              ?disabled=${this.#lift.pending || this.opinion.trim() === ""}
              @click=${() => this.#lift.run(holdId)}
            >
              ${msg("解除", { id: "holds.lift" })}
            </button>`
          : nothing
      }
    </div>`;
  }

  #acts(row: DestructionView) {
    const { listId } = row;
    const words: Readonly<Record<Step, string>> = {
      appraise: msg("鉴定", { id: "destruction.appraisal" }),
      approve: msg("批准", { id: "destruction.approvals" }),
      reject: msg("不予销毁", { id: "destruction.rejected" }),
      carryOut: msg("销毁", { id: "destruction.carryOut" }),
    };
    return html`<div class="row">
      ${stepsOf(row, this.roles).map((step) => {
        const isWordless = (step === "appraise" || step === "reject") && this.opinion.trim() === "";
        return html`<button
          type="button"
          ?disabled=${this.#step.pending || isWordless}
          @click=${() => this.#step.run(step, listId)}
        >
          ${words[step]}
        </button>`;
      })}
      <a
        class="button"
        href=${pathOf("/api/destruction-lists/:listId/list.pdf", { listId })}
        target="_blank"
        rel="noopener"
        >PDF</a
      >
    </div>`;
  }
}

/** What may be done next with a list, by somebody of these roles. */
function stepsOf(row: DestructionView, roles: readonly Role[]): readonly Step[] {
  const { done, rejected, appraisal, approvals } = row;
  if (done !== null || rejected !== null) return [];
  const may = (...wanted: readonly Role[]): boolean => roles.some((role) => wanted.includes(role));
  const isApproved = approvals.length === 2;
  return [
    ...(appraisal === null ? (["appraise"] as const) : []),
    ...(appraisal !== null && !isApproved && may("supervisor", "leader") ? (["approve"] as const) : []),
    ...(isApproved && may("custodian") ? (["carryOut"] as const) : []),
    "reject",
  ];
}

function subjectOf({ subject }: HoldView): string {
  if (subject.kind === "case") return subject.caseId;
  return subject.kind === "file" ? subject.fileId.slice(0, 16) : subject.cameraId;
}

function listState({ done, rejected, approvals, appraisal }: DestructionView) {
  if (done !== null) return chip("plain", msg("已销毁", { id: "destruction.done" }));
  if (rejected !== null) return chip("plain", msg("不予销毁", { id: "destruction.rejected" }));
  if (approvals.length === 2) return chip("warn", msg("待销毁", { id: "destruction.approved" }));
  return appraisal === null
    ? chip("warn", msg("待鉴定", { id: "destruction.toAppraise" }))
    : chip("warn", msg("待批准", { id: "destruction.toApprove" }));
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-retention-panel": RetentionPanel;
  }
}
