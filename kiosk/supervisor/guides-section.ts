/** Service guides: what is in force, what comes, what is being written; import as drafts, publish from a day on. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { GuideRowView } from "../../gateway/http/contract/guides.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { filePicker, readText, tableReport } from "../elements/table-report.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { pick } from "../text/language.ts";
import { beijingToday } from "../text/today.ts";

type Content = NonNullable<GuideRowView["draft"]> | NonNullable<GuideRowView["inForce"]>;

@customElement("cg-guides-section")
@localized()
export class GuidesSection extends LitElement {
  @state() private from: Readonly<Record<string, string>> = {};
  readonly #guides = new Task(this, async (signal) => call("GET /api/guides", { signal }));
  readonly #import = new Task(this, async (signal, file: File) => {
    const format = file.name.toLowerCase().endsWith(".json") ? "json" : "csv";
    const body = { commandId: newCommandId(), format, text: await readText(file) } as const;
    const report = await call("POST /api/guides/import", { body, signal });
    await this.#guides.run();
    return report;
  });
  readonly #publish = new Task(this, async (signal, code: string) => {
    const effectiveFrom = this.from[code] ?? beijingToday();
    const body = { commandId: newCommandId(), effectiveFrom };
    await call("POST /api/guides/:code/publish", { params: { code }, body, signal });
    await this.#guides.run();
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    return html`<div class="stack">
      <div class="row spread">
        <h2>${msg("服务指南", { id: "guides.title" })}</h2>
        ${filePicker(msg("导入草稿（CSV 或 JSON）", { id: "guides.import" }), ".csv,.json", (file) => void this.#import.run(file))}
      </div>
      ${failure(this.#guides.error)} ${failure(this.#import.error)} ${failure(this.#publish.error)}
      ${tableReport(this.#import.value)} ${(this.#guides.value ?? []).map((row) => this.#row(row))}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#guides.run();
  }

  #row({ code, inForce, coming, draft }: GuideRowView) {
    const shown = inForce ?? coming[0]?.guide ?? draft;
    return html`<article class="panel stack">
      <div class="row spread">
        <h3>${shown === null ? code : pick(shown.name)} <span class="soft small">${code}</span></h3>
        <span class="row">
          ${
            inForce === null
              ? chip("warn", msg("尚未施行", { id: "guides.notInForce" }))
              : chip("ok", msg(str`现行第 ${inForce.version} 版`, { id: "guides.inForce" }))
          }
          ${coming.map(({ effectiveFrom, guide }) =>
            chip(
              "plain",
              msg(str`第 ${guide.version} 版自 ${effectiveFrom} 施行`, { id: "guides.coming" }),
              "clock",
            ),
          )}
        </span>
      </div>
      ${inForce === null ? nothing : this.#items(msg("现行材料清单", { id: "guides.items" }), inForce)}
      ${
        draft === null
          ? nothing
          : html`${this.#items(msg("草稿材料清单", { id: "guides.draftItems" }), draft)}
              <div class="row">
                ${field({
                  id: `from-${code}`,
                  label: msg("施行日期", { id: "guides.effectiveFrom" }),
                  type: "date",
                  value: this.from[code] ?? beijingToday(),
                  onInput: (value) => (this.from = { ...this.from, [code]: value }),
                })}
                <button
                  type="button"
                  class="primary"
                  ?disabled=${this.#publish.pending}
                  @click=${() => this.#publish.run(code)}
                >
                  ${msg("发布草稿", { id: "guides.publish" })}
                </button>
              </div>`
      }
    </article>`;
  }

  #items(title: string, guide: Content) {
    return html`<details>
      <summary>${title}（${guide.items.length}）</summary>
      <ul>
        ${guide.items.map(
          ({ name, legalForm, required, basis }) =>
            html`<li>
              <b>${pick(name)}</b> ${required ? "" : msg("（视情况提供）", { id: "guides.optional" })}
              <span class="soft small">${pick(legalForm)}　${basis}</span>
            </li>`,
        )}
      </ul>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-guides-section": GuidesSection;
  }
}
