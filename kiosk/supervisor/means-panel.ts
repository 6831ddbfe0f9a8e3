/** Means of recording beside what each act of a month called for: a bar for each kind of act, then who, then what to look at. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, type TemplateResult, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { MeansCounts, MeansView } from "../../gateway/http/contract/oversight.ts";
import { call, pathOf } from "../api.ts";
import { nameOf } from "../controllers/names.ts";
import { Task } from "../controllers/task.ts";
import { type Tone, chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { language } from "../text/language.ts";

type Rule = MeansView["kinds"][number]["rule"];
type Remark = MeansView["noted"][number]["remarks"][number]["remark"];
type Words = MeansView["kinds"][number]["kind"];

/** The parts of a bar, left to right, as the eye should meet them: what is there first, what is missing last. */
const PARTS = ["met", "chosen", "grounded", "left", "short"] as const;

const partWord = (part: (typeof PARTS)[number]): string =>
  ({
    met: msg("应录已录", { id: "means.met" }),
    chosen: msg("自行录制", { id: "means.chosen" }),
    grounded: msg("有理由未录", { id: "means.grounded" }),
    left: msg("未录音像", { id: "means.left" }),
    short: msg("应录未录", { id: "means.short" }),
  })[part];

const ruleWord = (rule: Rule): string =>
  ({
    required: msg("应当录音录像", { id: "means.required" }),
    audio: msg("应当录音", { id: "means.audio" }),
    asNeeded: msg("根据需要", { id: "means.asNeeded" }),
    optional: msg("可以", { id: "means.optional" }),
    textOnly: msg("文字记录", { id: "means.textOnly" }),
  })[rule];

const remarkWord = (remark: Remark): string =>
  ({
    short: msg("应录未录", { id: "means.short" }),
    beyond: msg("不宜录而录", { id: "means.beyond" }),
    broken: msg("录制中断", { id: "means.broken" }),
    mismatch: msg("时间不符", { id: "means.mismatch" }),
    formLacking: msg("文书缺项", { id: "means.formLacking" }),
  })[remark];

const REMARK_TONE: Readonly<Record<Remark, Tone>> = {
  short: "bad",
  beyond: "bad",
  broken: "warn",
  mismatch: "warn",
  formLacking: "warn",
};
const REMARKS = Object.keys(REMARK_TONE) as readonly Remark[];
const said = ({ zh, en }: Words): string => (language() === "en" ? en : zh);

@customElement("cg-means-panel")
@localized()
export class MeansPanel extends LitElement {
  /** `YYYY-MM`. */
  @property() period = "";
  readonly #means = new Task(this, async (signal) =>
    call("GET /api/oversight/means", { query: { period: this.period }, signal }),
  );

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      .bar {
        display: block;
        inline-size: 100%;
        min-inline-size: 8rem;
        block-size: 1rem;
        border-radius: var(--radius-small);
        background: var(--surface-sunk);
      }
      .met {
        fill: var(--ok);
        background: var(--ok);
      }
      .chosen {
        fill: var(--brand);
        background: var(--brand);
      }
      .grounded {
        fill: var(--accent);
        background: var(--accent);
      }
      .left {
        fill: var(--line-strong);
        background: var(--line-strong);
      }
      .short {
        fill: var(--bad);
        background: var(--bad);
      }
      .key {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
      }
      .key i {
        inline-size: 0.9rem;
        block-size: 0.9rem;
        border-radius: 2px;
      }
      td.wide {
        inline-size: 40%;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
    `,
  ];

  override render() {
    const { value, pending, error } = this.#means;
    const title = msg("记录方式与事项要求对照", { id: "means.title" });
    const link = (kind: "pdf" | "csv", text: string) =>
      html`<a
        class="button"
        target="_blank"
        href=${pathOf(`/api/oversight/means.${kind}`, {}, { period: this.period })}
        >${icon("paper")}${text}</a
      >`;
    return html`<section class="panel stack" aria-label=${title}>
      <h3>${title}</h3>
      <p class="soft">
        ${msg("每类事项规定应当怎样记录、实际怎样记录；欠缺和超出之处逐条列出。", { id: "means.how" })}
      </p>
      <div class="row">
        <button type="button" class="primary" ?disabled=${pending} @click=${() => void this.#means.run()}>
          ${msg(str`查看 ${this.period}`, { id: "means.show" })}
        </button>
        ${link("pdf", msg("对照表（PDF）", { id: "means.pdf" }))}
        ${link("csv", msg("对照表（CSV）", { id: "means.csv" }))}
      </div>
      ${failure(error)} ${value === undefined ? nothing : this.#report(value)}
    </section>`;
  }

  #report(means: MeansView) {
    if (means.kinds.length === 0 && means.withoutPurpose.length === 0)
      return html`<p role="status">${msg(str`${means.period} 没有记录。`, { id: "means.none" })}</p>`;
    return html`<div class="row small" aria-hidden="true">
        ${PARTS.map((part) => html`<span class="key"><i class=${part}></i>${partWord(part)}</span>`)}
      </div>
      ${this.#kinds(means)}
      ${this.#who(
        msg("按科室", { id: "means.bySection" }),
        means.sections.map(({ of, counts }) => ({
          of: of === "" ? msg("未登记科室", { id: "means.noSection" }) : of,
          counts,
        })),
      )}
      ${this.#who(
        msg("按人员", { id: "means.byOfficer" }),
        means.officers.map(({ of, counts }) => ({ of: nameOf(of), counts })),
      )}
      ${this.#choices(means)} ${this.#noted(means)} ${this.#withoutPurpose(means)}`;
  }

  #table(title: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${title}>
      <table>
        <caption>
          <b>${title}</b>
        </caption>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The bar says in its name what its colours say. */
  #bar(counts: MeansCounts) {
    let x = 0;
    const parts = PARTS.filter((part) => counts[part] > 0);
    const label = parts.map((part) => `${partWord(part)} ${counts[part]}`).join("，");
    return html`<svg
        class="bar"
        viewBox="0 0 ${counts.acts} 1"
        preserveAspectRatio="none"
        role="img"
        aria-label=${label}
      >
        ${parts.map((part) => {
          const from = x;
          x += counts[part];
          return svg`<rect class=${part} x=${from} y="0" width=${counts[part]} height="1"></rect>`;
        })}
      </svg>
      <span class="small soft figures" aria-hidden="true">${label}</span>`;
  }

  #remarks(counts: MeansCounts) {
    return html`<span class="chips"
      >${REMARKS.filter((remark) => counts[remark] > 0).map((remark) =>
        chip(REMARK_TONE[remark], `${remarkWord(remark)} ${counts[remark]}`),
      )}</span
    >`;
  }

  #kinds({ kinds }: MeansView) {
    return this.#table(
      msg("按行为种类、阶段和事项", { id: "means.byKind" }),
      [
        msg("事项", { id: "means.kind" }),
        msg("音像要求", { id: "means.rule" }),
        msg("记录情况", { id: "means.used" }),
        msg("需要核查", { id: "means.look" }),
      ],
      kinds.map(({ activity, stage, kind, rule, article, counts }) => [
        html`<b>${said(kind)}</b><br /><span class="small soft">${said(activity)} · ${said(stage)}</span>`,
        html`${ruleWord(rule)}${
          article === null ? nothing : html`<br /><span class="small soft">${articleName(article)}</span>`
        }`,
        this.#bar(counts),
        this.#remarks(counts),
      ]),
    );
  }

  #who(title: string, rows: readonly { readonly of: string; readonly counts: MeansCounts }[]) {
    return this.#table(
      title,
      [
        title,
        msg("记录数", { id: "means.acts" }),
        msg("记录情况", { id: "means.used" }),
        msg("需要核查", { id: "means.look" }),
      ],
      rows.map(({ of, counts }) => [of, counts.acts, this.#bar(counts), this.#remarks(counts)]),
    );
  }

  #choices({ choices }: MeansView) {
    if (choices.length === 0) return nothing;
    return this.#table(
      msg("可自行决定录制的事项，按人员", { id: "means.choices" }),
      [
        msg("事项", { id: "means.kind" }),
        msg("人员", { id: "access.by" }),
        msg("记录数", { id: "means.acts" }),
        msg("已录", { id: "means.recorded" }),
      ],
      choices.map(({ kind, of, acts, recorded }) => [said(kind), nameOf(of), acts, recorded]),
    );
  }

  #noted({ noted, notedCount }: MeansView) {
    if (notedCount === 0)
      return html`<p role="status">${chip("ok", msg("没有需要核查的记录。", { id: "means.allWell" }))}</p>`;
    return html`${this.#table(
      msg(str`需要核查的记录：${notedCount} 条`, { id: "means.noted" }),
      [
        msg("时间", { id: "access.at" }),
        msg("事项", { id: "means.kind" }),
        msg("案件", { id: "means.matter" }),
        msg("人员", { id: "access.by" }),
        msg("问题", { id: "means.problem" }),
      ],
      noted.map(({ at, kind, matterId, by, remarks }) => [
        dayAndClock(at),
        said(kind),
        matterId,
        nameOf(by),
        remarks.map(
          ({ remark, article }) =>
            html`<div>
              ${chip(REMARK_TONE[remark], remarkWord(remark))}
              ${article === null ? nothing : html`<span class="small soft">${articleName(article)}</span>`}
            </div>`,
        ),
      ]),
    )}`;
  }

  #withoutPurpose({ withoutPurpose }: MeansView) {
    if (withoutPurpose.length === 0) return nothing;
    return this.#table(
      msg("未标明事由的执法记录仪文件", { id: "means.noPurpose" }),
      [msg("设备", { id: "means.device" }), msg("文件数", { id: "means.files" })],
      withoutPurpose.map(({ of, files }) => [of, files]),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-means-panel": MeansPanel;
  }
}
