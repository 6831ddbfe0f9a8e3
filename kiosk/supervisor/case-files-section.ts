/** Case files with their timers, what was announced to end, holds and destruction lists. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { CaseRowView } from "../../gateway/http/contract/case-files.ts";
import type { DestructionView, HoldView } from "../../gateway/http/contract/retention.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { ledgerTable } from "./ledger.ts";

@customElement("cg-case-files-section")
@localized()
export class CaseFilesSection extends LitElement {
  readonly #cases = new Task(this, async (signal) =>
    call("GET /api/cases", { query: { limit: 200 }, signal }),
  );
  readonly #holds = new Task(this, async (signal) => call("GET /api/holds", { signal }));
  readonly #lists = new Task(this, async (signal) => call("GET /api/destruction-lists", { signal }));
  readonly #end = new Task(this, async (signal, caseId: string) => {
    const body = { commandId: newCommandId(), endedMs: Date.now() };
    await call("POST /api/cases/:caseId/end", { params: { caseId }, body, signal });
    await this.#cases.run();
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const cases = msg("案卷", { id: "caseFiles.title" });
    const holds = msg("长期保存", { id: "holds.title" });
    const lists = msg("销毁清册", { id: "destruction.title" });
    return html`<div class="stack">
      <h2>${cases}</h2>
      ${failure(this.#cases.error)} ${failure(this.#end.error)}
      ${ledgerTable<CaseRowView>(
        cases,
        this.#cases.value === undefined ? undefined : { rows: this.#cases.value },
        [
          [msg("题名", { id: "caseFiles.name" }), (row) => row.title ?? row.caseId],
          [msg("状态", { id: "caseFiles.state" }), (row) => stateChip(row)],
          [msg("归档期限", { id: "caseFiles.due" }), (row) => dueOf(row)],
          [msg("档号", { id: "caseFiles.code" }), (row) => row.archivalCode ?? "—"],
          [
            msg("办理", { id: "caseFiles.act" }),
            (row) =>
              row.state === "open"
                ? html`<button
                    type="button"
                    ?disabled=${this.#end.pending}
                    @click=${() => void this.#end.run(row.caseId)}
                  >
                    ${msg("执法行为终结", { id: "caseFiles.end" })}
                  </button>`
                : row.archivalCode === null
                  ? nothing
                  : html`<a
                      class="button"
                      href=${pathOf("/api/cases/:caseId/report.pdf", { caseId: row.caseId })}
                      target="_blank"
                      rel="noopener"
                      >${msg("四性检测报告", { id: "caseFiles.report" })}</a
                    >`,
          ],
        ],
        () => undefined,
      )}
      <h2>${holds}</h2>
      ${failure(this.#holds.error)}
      ${ledgerTable<HoldView>(
        holds,
        this.#holds.value === undefined ? undefined : { rows: this.#holds.value },
        [
          [msg("时间", { id: "holds.at" }), (row) => dayAndClock(row.at)],
          [msg("原因", { id: "holds.reason" }), (row) => reasonWord(row.reason)],
          [
            msg("依据", { id: "holds.article" }),
            (row) => (row.article === null ? "—" : articleName(row.article)),
          ],
          [msg("对象", { id: "holds.subject" }), (row) => subjectOf(row)],
          [
            msg("状态", { id: "caseFiles.state" }),
            (row) =>
              row.lifted === null
                ? chip("ok", msg("保存中", { id: "holds.active" }))
                : chip("plain", msg("已解除", { id: "holds.lifted" })),
          ],
        ],
        () => undefined,
      )}
      <h2>${lists}</h2>
      ${failure(this.#lists.error)}
      ${ledgerTable<DestructionView>(
        lists,
        this.#lists.value === undefined ? undefined : { rows: this.#lists.value },
        [
          [msg("造册时间", { id: "destruction.drawn" }), (row) => dayAndClock(row.drawn.at)],
          [msg("件数", { id: "destruction.items" }), (row) => row.items.length],
          [msg("鉴定", { id: "destruction.appraisal" }), (row) => row.appraisal?.by ?? "—"],
          [
            msg("批准", { id: "destruction.approvals" }),
            (row) => row.approvals.map(({ by }) => by).join("、") || "—",
          ],
          [msg("状态", { id: "caseFiles.state" }), (row) => listState(row)],
          [
            msg("清册", { id: "destruction.page" }),
            (row) =>
              html`<a
                class="button"
                href=${pathOf("/api/destruction-lists/:listId/list.pdf", { listId: row.listId })}
                target="_blank"
                rel="noopener"
                >PDF</a
              >`,
          ],
        ],
        () => undefined,
      )}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#cases.run();
    void this.#holds.run();
    void this.#lists.run();
  }
}

function stateChip({ state }: CaseRowView) {
  switch (state) {
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

function subjectOf({ subject }: HoldView): string {
  if (subject.kind === "case") return subject.caseId;
  return subject.kind === "file" ? subject.fileId.slice(0, 16) : subject.cameraId;
}

function reasonWord(reason: HoldView["reason"]): string {
  switch (reason) {
    case "complaint":
      return msg("异议、投诉、上访", { id: "hold.complaint" });
    case "obstruction":
      return msg("逃避、拒绝、阻碍执法", { id: "hold.obstruction" });
    case "massIncident":
      return msg("群体性、突发事件", { id: "hold.massIncident" });
    case "otherImportant":
      return msg("其他重要资料", { id: "hold.otherImportant" });
    case "keyMarked":
      break;
  }
  return msg("重点文件", { id: "files.keyMarked" });
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
    "cg-case-files-section": CaseFilesSection;
  }
}
