/** Body-camera files with both times and their four labels (S4-30); what is unlabelled stands first. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { DockFileView, FileLabels } from "../../gateway/http/contract/docks.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { articleName } from "../text/article.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock, size, span } from "../text/format.ts";

const LABELS = [
  ["matter", () => msg("事由", { id: "label.matter" })],
  ["party", () => msg("当事人", { id: "label.party" })],
  ["officer", () => msg("执法人员", { id: "label.officer" })],
  ["certNo", () => msg("执法证号", { id: "label.certNo" })],
] as const;

const NO_LABELS: FileLabels = { matter: "", party: "", officer: "", certNo: "" };

function causeWord(cause: NonNullable<DockFileView["late"]>["cause"]): string {
  switch (cause) {
    case "dockAway":
      return msg("采集站不在线", { id: "files.late.dockAway" });
    case "broughtLate":
      return msg("记录仪放入采集站已逾时限", { id: "files.late.broughtLate" });
    case "slowUpload":
      return msg("上传缓慢", { id: "files.late.slowUpload" });
    case "unknown":
    case null:
      break;
  }
  return msg("原因不明", { id: "files.late.unknown" });
}

/** By how much, why, and the article that sets the limit. */
function lateWords({ byMs, article, cause }: NonNullable<DockFileView["late"]>): string {
  const limit = article === null ? "" : `${articleName(article)} · `;
  return msg(str`超过上传时限 ${span(byMs)}（${limit}${causeWord(cause)}）`, { id: "files.late" });
}

@customElement("cg-files-section")
@localized()
export class FilesSection extends LitElement {
  @state() private editing = "";
  @state() private draft: FileLabels = NO_LABELS;
  readonly #files = new Task(this, async (signal) => {
    const rows = await call("GET /api/dock-files", { query: { limit: 200 }, signal });
    return [...rows].sort(
      (a, b) =>
        Number(a.missingLabels.length === 0) - Number(b.missingLabels.length === 0) ||
        b.storedAt - a.storedAt,
    );
  });
  readonly #save = new Task(this, async (signal, file: DockFileView) => {
    const { matter, party, officer, certNo } = this.draft;
    const body = {
      matter: matter.trim(),
      party: party.trim(),
      officer: officer.trim(),
      certNo: certNo.trim(),
      commandId: newCommandId(),
    };
    await call("PUT /api/dock-files/:fileId/labels", { params: { fileId: file.fileId }, body, signal });
    this.editing = "";
    await this.#files.run();
  });

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      .labels {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
      }
    `,
  ];

  override render() {
    const files = this.#files.value ?? [];
    return html`<div class="stack">
      <h2>${msg("执法记录仪文件", { id: "files.title" })}</h2>
      ${failure(this.#files.error)} ${failure(this.#save.error)}
      ${files.length === 0 ? html`<p class="panel soft">${msg("还没有文件。", { id: "files.none" })}</p>` : nothing}
      ${files.map((file) => this.#file(file))}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#files.run();
  }

  #file(file: DockFileView) {
    const [claim] = file.claims;
    const time = (ms: number | null): string => (ms === null ? "—" : dayAndClock(ms));
    return html`<article class="panel stack">
      <div class="row spread">
        <h3>${claim?.vendorName ?? file.fileId}</h3>
        <span class="row">
          ${file.claims.some(({ keyMarked }) => keyMarked) ? chip("warn", msg("重点文件", { id: "files.keyMarked" })) : nothing}
          ${claim?.clockSuspect === true ? chip("warn", msg("时钟可疑", { id: "files.clockSuspect" }), "clock") : nothing}
          ${file.late === null ? nothing : chip("bad", lateWords(file.late), "clock")}
          ${
            file.missingLabels.length === 0
              ? chip("ok", msg("标注齐全", { id: "files.labelled" }))
              : chip("warn", msg("待标注", { id: "files.unlabelled" }))
          }
        </span>
      </div>
      <div class="row soft small figures">
        <span>${msg(str`设备时间 ${time(claim?.deviceStartMs ?? null)}`, { id: "files.deviceTime" })}</span>
        <span
          >${msg(str`校正时间 ${time(claim?.correctedStartMs ?? null)}`, { id: "files.correctedTime" })}</span
        >
        <span>${msg(str`接收 ${time(file.storedAt)}`, { id: "files.receivedAt" })}</span>
        <span>${this.#length(file)} ${size(file.sizeBytes)}</span>
      </div>
      ${this.editing === file.fileId ? this.#form(file) : this.#labels(file)}
    </article>`;
  }

  #length(file: DockFileView): string {
    const durationMs = file.media?.durationMs;
    return typeof durationMs === "number" ? span(durationMs) : "";
  }

  #labels(file: DockFileView) {
    return html`<div class="row spread">
      <div class="labels">
        ${LABELS.map(
          ([name, word]) =>
            html`<span><span class="soft">${word()}</span> ${file.labels?.[name] ?? "—"}</span>`,
        )}
      </div>
      <button
        type="button"
        @click=${() => {
          this.draft = file.labels ?? NO_LABELS;
          this.editing = file.fileId;
        }}
      >
        ${msg("标注", { id: "files.edit" })}
      </button>
    </div>`;
  }

  #form(file: DockFileView) {
    return html`<form
      class="grid"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#save.run(file);
      }}
    >
      ${LABELS.map(([name, word]) =>
        field({
          id: name,
          label: word(),
          value: this.draft[name],
          maxLength: 120,
          onInput: (value) => (this.draft = { ...this.draft, [name]: value }),
        }),
      )}
      <div class="row">
        <button
          type="submit"
          class="primary"
          ?disabled=${this.#save.pending || Object.values(this.draft).some((value) => value.trim() === "")}
        >
          ${msg("保存标注", { id: "files.save" })}
        </button>
        <button type="button" class="quiet" @click=${() => (this.editing = "")}>
          ${msg("取消", { id: "files.cancel" })}
        </button>
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-files-section": FilesSection;
  }
}
