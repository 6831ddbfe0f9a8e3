/** Oversight: the month's sample, findings with their days, the inspection ledger, the report and the books. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { CheckRowView, FindingView, SampleView } from "../../gateway/http/contract/oversight.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";
import "./findings-panel.ts";
import "./means-panel.ts";

const DAY_MS = 24 * 3_600_000;
const BEIJING_MS = 8 * 3_600_000;

/** `YYYY-MM` of the month before this one, Beijing. */
function lastMonth(): string {
  const today = new Date(Date.now() + BEIJING_MS);
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

interface Standing {
  readonly samples: readonly SampleView[];
  readonly findings: readonly FindingView[];
  readonly ledger: readonly CheckRowView[];
}

@customElement("cg-oversight-section")
@localized()
export class OversightSection extends LitElement {
  @state() private period = lastMonth();
  @state() private count = "5";
  readonly #standing = new Task(this, async (signal): Promise<Standing> => {
    const query = { fromMs: Date.now() - 90 * DAY_MS, toMs: Date.now() + DAY_MS };
    const [samples, findings, ledger] = await Promise.all([
      call("GET /api/oversight/samples", { signal }),
      call("GET /api/oversight/findings", { signal }),
      call("GET /api/oversight/ledger", { query, signal }),
    ]);
    return { samples, findings, ledger };
  });
  readonly #draw = new Task(this, async (signal) =>
    call("POST /api/oversight/samples", {
      body: { commandId: newCommandId(), period: this.period, count: Number(this.count) },
      signal,
    }),
  );

  static override readonly styles = [
    controls,
    deskPage,
    failureStyles,
    css`
      .items {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .items li {
        padding: var(--space-1) var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { samples = [], findings = [], ledger = [] } = this.#standing.value ?? {};
    return html`<div class="stack">
      <h2>${msg("抽查与整改", { id: "oversight.title" })}</h2>
      ${failure(this.#standing.error)} ${this.#report()}
      <cg-means-panel .period=${this.period}></cg-means-panel>
      ${this.#sampling(samples)}
      <cg-findings-panel .findings=${findings} @cg-changed=${() => this.#standing.run()}></cg-findings-panel>
      ${this.#ledger(ledger)}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#standing.run();
  }

  #report() {
    const year = this.period.slice(0, 4);
    const to = Date.now();
    const book = (name: string, text: string) => {
      const path = pathOf(
        "/api/books/:book/page.pdf",
        { book: name },
        { fromMs: to - 90 * DAY_MS, toMs: to },
      );
      return html`<a class="button" target="_blank" href=${path}>${icon("printer")}${text}</a>`;
    };
    const report = (kind: "pdf" | "csv", period: string, text: string) =>
      html`<a class="button" target="_blank" href=${pathOf(`/api/oversight/report.${kind}`, {}, { period })}>
        ${icon("paper")}${text}
      </a>`;
    return html`<section class="panel stack" aria-label=${msg("报表与台账", { id: "oversight.reports" })}>
      <h3>${msg("报表与台账", { id: "oversight.reports" })}</h3>
      <div class="grid">
        ${field({
          id: "period",
          label: msg("月份（年-月）", { id: "oversight.period" }),
          value: this.period,
          maxLength: 7,
          onInput: (value) => (this.period = value),
        })}
      </div>
      <div class="row">
        ${report("pdf", this.period, msg("月报（PDF）", { id: "oversight.pdf" }))}
        ${report("csv", this.period, msg("月报（CSV）", { id: "oversight.csv" }))}
        ${report("pdf", year, msg(str`${year} 年度考核数据`, { id: "oversight.year" }))}
      </div>
      <div class="row">
        ${book("checks", msg("检查台账", { id: "books.checks" }))}
        ${book("devices", msg("设备台账", { id: "books.devices" }))}
        ${book("custody", msg("保管交接登记", { id: "books.custody" }))}
        ${book("training", msg("培训名册", { id: "books.training" }))}
      </div>
    </section>`;
  }

  #sampling(samples: readonly SampleView[]) {
    return html`<section
      class="panel stack"
      aria-label=${msg("随机抽取回放检查", { id: "oversight.sample" })}
    >
      <h3>${msg("随机抽取回放检查", { id: "oversight.sample" })}</h3>
      <p class="soft">
        ${msg("期满后由存证日志的签名根确定，任何人不能选择，也不能重抽。", { id: "oversight.sampleHow" })}
      </p>
      <div class="grid">
        ${field({
          id: "count",
          label: msg("抽取数量", { id: "oversight.count" }),
          type: "number",
          value: this.count,
          onInput: (value) => (this.count = value),
        })}
        <button type="button" class="primary" ?disabled=${this.#draw.pending} @click=${this.#drawNow}>
          ${msg(str`抽取 ${this.period}`, { id: "oversight.draw" })}
        </button>
      </div>
      ${failure(this.#draw.error)}
      ${samples.map(
        ({ period, candidates, drawn }) =>
          html`<div class="stack">
            <b>${msg(str`${period}：共 ${candidates} 件`, { id: "oversight.drawn" })}</b>
            ${
              drawn === null
                ? nothing
                : html`<ul class="items">
                      ${drawn.items.map((item) => html`<li>${item}</li>`)}
                    </ul>
                    <p class="small soft">
                      ${msg("种子", { id: "oversight.seed" })} <code>${drawn.seed}</code>
                    </p>`
            }
          </div>`,
      )}
    </section>`;
  }

  #ledger(rows: readonly CheckRowView[]) {
    const words: Readonly<Record<CheckRowView["kind"], string>> = {
      playback: msg("回放检查", { id: "check.playback" }),
      view: msg("查阅检查", { id: "check.view" }),
      drawn: msg("随机抽取", { id: "check.drawn" }),
      comment: msg("检查意见", { id: "check.comment" }),
      finding: msg("责令整改", { id: "check.finding" }),
      rectified: msg("整改情况", { id: "check.rectified" }),
      findingClosed: msg("销号", { id: "check.findingClosed" }),
    };
    const title = msg("检查台账", { id: "books.checks" });
    return html`<section class="panel stack">
      <h3>${title}</h3>
      <div class="scroll" tabindex="0" role="group" aria-label=${title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${msg("时间", { id: "access.at" })}</th>
              <th scope="col">${msg("人员", { id: "access.by" })}</th>
              <th scope="col">${msg("行为", { id: "access.act" })}</th>
              <th scope="col">${msg("对象", { id: "access.subject" })}</th>
              <th scope="col">${msg("内容", { id: "check.text" })}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ at, by, kind, subject, text }) =>
                html`<tr>
                  <td>${dayAndClock(at)}</td>
                  <td>${nameOf(by)}</td>
                  <td>${words[kind]}</td>
                  <td>${subject}</td>
                  <td>${text}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  readonly #drawNow = async (): Promise<void> => {
    await this.#draw.run();
    await this.#standing.run();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-oversight-section": OversightSection;
  }
}
