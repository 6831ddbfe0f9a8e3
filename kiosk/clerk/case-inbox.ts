/** The bureau's inbox at the register form: a case by list, QR or table fills the form, so that nobody types twice. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CaseView } from "../../gateway/http/contract/bureau.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { filePicker, readText, tableReport } from "../elements/table-report.ts";
import { controls } from "../style/controls.ts";

export class CaseEvent extends Event {
  readonly chosen: CaseView;
  constructor(chosen: CaseView) {
    super("cg-case");
    this.chosen = chosen;
  }
}

@customElement("cg-case-inbox")
@localized()
export class CaseInbox extends LitElement {
  @state() private qr = "";
  readonly #cases = new Task(this, async (signal) => call("GET /api/bureau/cases", { query: {}, signal }));
  readonly #scan = new Task(this, async (signal, text: string) => {
    const found = await call("POST /api/bureau/cases/qr", {
      body: { commandId: newCommandId(), text },
      signal,
    });
    this.qr = "";
    this.dispatchEvent(new CaseEvent(found));
    await this.#cases.run();
  });
  readonly #import = new Task(this, async (signal, file: File) => {
    const body = { commandId: newCommandId(), text: await readText(file) };
    const report = await call("POST /api/bureau/cases/import", { body, signal });
    await this.#cases.run();
    return report;
  });

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      .bar {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: var(--space-3);
        align-items: end;
      }
      li {
        display: flex;
        justify-content: space-between;
        gap: var(--space-3);
        align-items: center;
        padding-block: var(--space-2);
        border-block-end: 1px solid var(--line);
      }
    `,
  ];

  override render() {
    const cases = this.#cases.value ?? [];
    return html`<details @toggle=${() => this.#cases.run()}>
      <summary>${msg("从业务系统带入（扫码或选择案件）", { id: "inbox.title" })}</summary>
      <div class="stack">
        ${failure(this.#cases.error)} ${failure(this.#scan.error)} ${failure(this.#import.error)}
        <div class="bar">
          ${field({
            id: "caseQr",
            label: msg("扫描案件二维码", { id: "inbox.qr" }),
            value: this.qr,
            maxLength: 3000,
            onInput: (value) => (this.qr = value),
          })}
          <button
            type="button"
            ?disabled=${this.qr.trim() === "" || this.#scan.pending}
            @click=${() => this.#scan.run(this.qr.trim())}
          >
            ${msg("读取", { id: "inbox.read" })}
          </button>
          ${filePicker(msg("导入案件表（CSV）", { id: "inbox.import" }), ".csv,text/csv", (file) => void this.#import.run(file))}
        </div>
        ${tableReport(this.#import.value)}
        ${cases.length === 0 ? html`<p class="soft">${msg("收件箱里没有待办案件。", { id: "inbox.none" })}</p>` : nothing}
        <ul>
          ${cases.map(
            (one) =>
              html`<li>
                <span>
                  <b>${one.applicant?.name ?? "—"}</b>
                  <span class="soft small">${one.caseNo}　${one.matterCode}</span>
                </span>
                <button
                  type="button"
                  ?disabled=${one.applicant === null}
                  @click=${() => this.dispatchEvent(new CaseEvent(one))}
                >
                  ${msg("带入", { id: "inbox.take" })}
                </button>
              </li>`,
          )}
        </ul>
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-case-inbox": CaseInbox;
  }
  interface HTMLElementEventMap {
    "cg-case": CaseEvent;
  }
}
