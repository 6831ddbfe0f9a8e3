/** Records beyond the counter: what is missing first, and a form that follows the catalogue. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CatalogueView, RecordRow } from "../../gateway/http/contract/records.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";
import "./record-form.ts";

type Filter = "all" | "deficient" | "uninformed";

@customElement("cg-records-section")
@localized()
export class RecordsSection extends LitElement {
  @state() private filter: Filter = "all";
  @state() private writing = false;
  readonly #catalogue = new Task(this, async (signal) => call("GET /api/records/catalogue", { signal }));
  readonly #rows = new Task(this, async (signal) =>
    call("GET /api/records", {
      query: {
        limit: 200,
        ...(this.filter === "deficient" ? { deficient: true } : {}),
        ...(this.filter === "uninformed" ? { uninformed: true } : {}),
      },
      signal,
    }),
  );

  readonly #approve = new Task(this, async (signal, recordId: string) => {
    const body = { commandId: newCommandId() };
    await call("POST /api/records/:recordId/approve", { params: { recordId }, body, signal });
    await this.#rows.run();
  });

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      .lacks {
        margin: 0;
        padding-inline-start: 1.2em;
      }
    `,
  ];

  override render() {
    const catalogue = this.#catalogue.value;
    return html`<div class="stack">
      <div class="row spread">
        <h2>${msg("全过程记录", { id: "records.title" })}</h2>
        <div class="row">
          <a class="button" href="/api/records/av-matters.pdf" target="_blank" rel="noopener"
            >${msg("音像记录事项清单", { id: "records.avMatters" })}</a
          >
          <button type="button" class="primary" @click=${() => (this.writing = !this.writing)}>
            ${this.writing ? msg("返回列表", { id: "records.back" }) : msg("新增记录", { id: "records.new" })}
          </button>
        </div>
      </div>
      ${failure(this.#catalogue.error)} ${failure(this.#rows.error)} ${failure(this.#approve.error)}
      ${
        this.writing && catalogue !== undefined
          ? html`<cg-record-form
              .catalogue=${catalogue}
              @recorded=${() => {
                this.writing = false;
                void this.#rows.run();
              }}
            ></cg-record-form>`
          : html`${this.#filters()} ${this.#list(catalogue)}`
      }
    </div>`;
  }

  override firstUpdated(): void {
    void this.#catalogue.run();
    void this.#rows.run();
  }

  #filters() {
    const filters: readonly (readonly [Filter, string])[] = [
      ["all", msg("全部", { id: "records.all" })],
      ["deficient", msg("缺少音像记录", { id: "records.deficient" })],
      ["uninformed", msg("实名举报未告知", { id: "records.uninformed" })],
    ];
    return html`<div class="row">
      ${filters.map(
        ([filter, word]) =>
          html`<button
            type="button"
            aria-pressed=${this.filter === filter ? "true" : "false"}
            @click=${() => {
              this.filter = filter;
              void this.#rows.run();
            }}
          >
            ${word}
          </button>`,
      )}
    </div>`;
  }

  #list(catalogue: CatalogueView | undefined) {
    const rows = this.#rows.value ?? [];
    if (rows.length === 0)
      return html`<p class="panel soft">${msg("没有记录。", { id: "records.none" })}</p>`;
    return rows.map((row) => this.#row(row, catalogue));
  }

  #row(row: RecordRow, catalogue: CatalogueView | undefined) {
    const activity = catalogue?.words.activities[row.activity];
    const stage = catalogue?.words.stages[row.stage];
    return html`<article class="panel stack">
      <div class="row spread">
        <h3>${pick(row.name)}</h3>
        <span class="row">
          ${row.uninformed ? chip("bad", msg("举报人未告知", { id: "records.notTold" })) : nothing}
          ${row.lateMs > 0 ? chip("warn", msg("事后补录", { id: "records.late" }), "clock") : nothing}
          ${
            row.deficient
              ? chip("bad", msg("缺少音像记录", { id: "records.deficient" }))
              : row.lacks.length > 0
                ? chip("warn", msg("待补齐", { id: "records.incomplete" }))
                : chip("ok", msg("齐全", { id: "records.complete" }))
          }
        </span>
      </div>
      <div class="row soft small figures">
        <span
          >${activity === undefined ? "" : pick(activity)} · ${stage === undefined ? "" : pick(stage)}</span
        >
        <span>${dayAndClock(row.startMs)}</span>
        <span>${row.caseId}</span>
        ${row.footage === 0 ? nothing : html`<span>${msg(str`音像 ${row.footage} 段`, { id: "records.footage" })}</span>`}
        <span>${row.articles.map((article) => articleName(article)).join("、")}</span>
      </div>
      ${
        row.lacks.length === 0
          ? nothing
          : html`<ul class="lacks">
              ${row.lacks.map(
                ({ lack, what, article }) =>
                  html`<li>
                    ${lackWord(lack)} ${what === null ? "" : wordOf(catalogue, what)}
                    ${article === null ? nothing : html`<span class="soft">${articleName(article)}</span>`}
                  </li>`,
              )}
            </ul>`
      }
      ${this.#approval(row, catalogue)}
    </article>`;
  }

  #approval({ recordId, kind, approvedBy }: RecordRow, catalogue: CatalogueView | undefined) {
    if (approvedBy !== null)
      return html`<p class="small soft">${msg(str`批准人 ${approvedBy}`, { id: "records.approvedBy" })}</p>`;
    if (catalogue?.kinds.find((one) => one.kind === kind)?.approval !== true) return nothing;
    return html`<div class="row">
      <button type="button" ?disabled=${this.#approve.pending} @click=${() => this.#approve.run(recordId)}>
        ${msg("批准", { id: "records.approve" })}
      </button>
    </div>`;
  }
}

function wordOf(catalogue: CatalogueView | undefined, what: string): string {
  const names = what.split("|").map((one) => {
    const word =
      catalogue?.words.fields[one] ??
      catalogue?.words.signers[one] ??
      catalogue?.matters.find(({ context }) => context === one)?.name;
    return word === undefined ? one : pick(word);
  });
  return names.join("／");
}

function lackWord(lack: RecordRow["lacks"][number]["lack"]): string {
  switch (lack) {
    case "field":
      return msg("未填写：", { id: "records.lack.field" });
    case "signature":
      return msg("缺少签字：", { id: "records.lack.signature" });
    case "officers":
      return msg("执法人员不足两名", { id: "records.lack.officers" });
    case "certificate":
      return msg("缺少执法证件号", { id: "records.lack.certificate" });
    case "certificateShown":
      return msg("未记录出示证件", { id: "records.lack.shown" });
    case "avMissing":
      return msg("缺少音像记录或者原因：", { id: "records.lack.av" });
    case "interrupted":
      return msg("音像记录中断，未说明原因", { id: "records.lack.interrupted" });
    case "timeMismatch":
      return msg("文书时间与音像起止时间不一致", { id: "records.lack.time" });
    case "notApproved":
      break;
  }
  return msg("未经批准", { id: "records.lack.approval" });
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-records-section": RecordsSection;
  }
}
