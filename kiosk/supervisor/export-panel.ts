/**
 * A copy of footage for the file: the whole matter, or the period that is looked at, which then says that it is an
 * excerpt. Invariant: nothing is fetched before reason and copy are in the ledger, and it can be ended at any time.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApplicationId, CameraId } from "../../gateway/domain/ids.ts";
import type { ExportView } from "../../gateway/http/contract/exports.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

const LOOK_EVERY_MS = 1_000;
const MEBIBYTE = 1_048_576;

export interface ExportRange {
  readonly cameraId: CameraId;
  readonly fromMs: number;
  readonly toMs: number;
}

@customElement("cg-export-panel")
@localized()
export class ExportPanel extends LitElement {
  /** What an excerpt would hold; undefined where nothing is chosen. */
  @property({ attribute: false }) range: ExportRange | undefined;
  @state() private matter = "";
  @state() private reason = "";
  @state() private requestId = "";
  @state() private now: ExportView | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #open = new Task(this, async (signal, range: ExportRange | undefined) => {
    const reason = this.reason.trim();
    // The gateway refuses what is no application.
    const applicationId = this.matter.trim() as ApplicationId;
    const requestId = this.requestId.trim();
    const body = range === undefined ? { reason, applicationId, requestId } : { reason, range, requestId };
    const view = await call("POST /api/exports", { body, signal });
    this.#fetch(view);
    return view;
  });
  readonly #cancel = new Task(this, async (signal, exportId: string) =>
    call("DELETE /api/exports/:exportId", { params: { exportId }, signal }),
  );

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const isBusy = this.#open.pending || this.now?.state === "waiting" || this.now?.state === "running";
    const hasReason = this.reason.trim() !== "" && this.requestId.trim() !== "";
    return html`<section class="panel stack" aria-label=${msg("导出录像", { id: "export.title" })}>
      <h3>${msg("导出录像", { id: "export.title" })}</h3>
      <form class="grid" @submit=${this.#whole}>
        ${field({
          id: "export-matter",
          label: msg("办件编号（整件导出）", { id: "export.matter" }),
          value: this.matter,
          maxLength: 64,
          onInput: (value) => (this.matter = value),
        })}
        ${field({
          id: "export-reason",
          label: msg("复制事由（记入台账）", { id: "export.reason" }),
          value: this.reason,
          maxLength: 200,
          onInput: (value) => (this.reason = value),
        })}
        ${field({
          id: "export-request",
          label: msg("已批准的申请编号", { id: "export.request" }),
          value: this.requestId,
          maxLength: 19,
          onInput: (value) => (this.requestId = value),
        })}
        <button type="submit" class="primary" ?disabled=${isBusy || !hasReason || this.matter.trim() === ""}>
          ${icon("paper")}${msg("导出整件", { id: "export.whole" })}
        </button>
        <button
          type="button"
          ?disabled=${isBusy || !hasReason || this.range === undefined}
          @click=${this.#excerpt}
        >
          ${icon("clock")}${msg("导出所选时段（节选）", { id: "export.excerpt" })}
        </button>
      </form>
      ${failure(this.#open.error)} ${failure(this.#cancel.error)}
      ${this.now === undefined ? nothing : this.#progress(this.now)}
    </section>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #progress(view: ExportView) {
    const done = Math.round(view.doneBytes / MEBIBYTE);
    const total = Math.max(1, Math.round(view.totalBytes / MEBIBYTE));
    const isOpen = view.state === "waiting" || view.state === "running";
    return html`<div class="row spread" role="status">
      <span>${this.#word(view.state)}</span>
      <progress
        max=${Math.max(1, view.totalBytes)}
        value=${view.doneBytes}
        aria-label=${view.fileName}
      ></progress>
      <span class="figures small">${msg(str`${done} / ${total} MiB`, { id: "export.size" })}</span>
      ${
        isOpen
          ? html`<button type="button" class="quiet" @click=${() => this.#cancel.run(view.exportId)}>
              ${msg("取消导出", { id: "export.cancel" })}
            </button>`
          : nothing
      }
    </div>`;
  }

  #word(now: ExportView["state"]): string {
    switch (now) {
      case "waiting":
        return msg("等待下载", { id: "export.waiting" });
      case "running":
        return msg("正在导出", { id: "export.running" });
      case "done":
        return msg("导出完成", { id: "export.done" });
      case "cancelled":
        return msg("已取消", { id: "export.cancelled" });
      case "failed":
        break;
    }
    return msg("导出失败，请查看磁盘空间后重试", { id: "export.failed" });
  }

  /** The browser takes the archive as a download of its own; this page only asks how far it is. */
  #fetch(view: ExportView): void {
    this.now = view;
    const link = document.createElement("a");
    link.href = view.archive;
    link.download = view.fileName;
    link.click();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#look(view.exportId), LOOK_EVERY_MS);
  }

  async #look(exportId: string): Promise<void> {
    try {
      const view = await call("GET /api/exports/:exportId", { params: { exportId } });
      if (this.now?.exportId === exportId) this.now = view;
      if (view.state !== "waiting" && view.state !== "running") clearInterval(this.#timer);
    } catch {
      // The gateway is away for a moment; the next look tells.
    }
  }

  readonly #whole = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#open.run(undefined);
  };

  readonly #excerpt = (): void => {
    if (this.range !== undefined) void this.#open.run(this.range);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-export-panel": ExportPanel;
  }
}
