/** The papers of an intake: preview, slip, PDF, showing at the kiosk, hand-over. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { DocumentContent } from "../../gateway/domain/document-content.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import type { IntakeView } from "../../gateway/http/contract/intake-view.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import "../elements/document-sheet.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import { dayAndClock } from "../text/format.ts";
import { language, pick } from "../text/language.ts";
import { uploadScan } from "../upload.ts";
import type { IntakeDesk } from "./desk.ts";
import "./hand-over-form.ts";
import "./service-panel.ts";

type Paper = IntakeView["papers"][number];
type PrinterId = CatalogueView["counters"][number]["printers"][number];

@customElement("cg-papers-panel")
@localized()
export class PapersPanel extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) papers: readonly Paper[] = [];
  @property() printerId: PrinterId | undefined;
  @property() applicantName = "";
  @property({ type: Boolean }) busy = false;
  @state() private shown: Paper["documentId"] | undefined;
  @state() private handing: Paper["documentId"] | undefined;
  @state() private serving: Paper["documentId"] | undefined;
  @state() private voiding: Paper["documentId"] | undefined;
  @state() private voidReason = "";
  /** What became of the last print or showing. */
  @state() private said = "";
  #shownLanguage = "";
  readonly #content = new Task(this, async (signal, id: Paper["documentId"]): Promise<DocumentContent> =>
    call("GET /api/documents/:id/content", {
      params: { id },
      query: { lang: language() === "en" ? "en" : "zh" },
      signal,
    }),
  );
  readonly #print = new Task(this, async (signal, id: Paper["documentId"], printerId: PrinterId) =>
    call("POST /api/documents/:id/print", {
      params: { id },
      body: { printerId },
      signal,
    }),
  );

  readonly #scanned = new Task(this, async (signal, id: Paper["documentId"], file: File) => {
    const scanId = await uploadScan(file, signal);
    const link = { kind: "document", id } as const;
    const body = { commandId: newCommandId(), purpose: "signedPaper", link } as const;
    await call("POST /api/scans/:scanId/links", { params: { scanId }, body, signal });
  });

  static override readonly styles = [
    controls,
    chipStyles,
    failureStyles,
    css`
      form.void {
        align-items: end;
      }
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      li {
        display: grid;
        gap: var(--space-2);
        padding-block: var(--space-3);
        border-block-end: 1px solid var(--line);
      }
      .title {
        font-family: var(--serif);
        font-size: var(--text-large);
        font-weight: 700;
      }
      .sheet {
        max-inline-size: 46rem;
      }
      label.file {
        position: relative;
      }
      label.file input {
        position: absolute;
        inset: 0;
        opacity: 0;
      }
      a.button {
        font-size: inherit;
      }
    `,
  ];

  override render() {
    const newestFirst = [...this.papers].sort((a, b) => b.issuedAt - a.issuedAt);
    return html`<section class="panel stack" aria-labelledby="title">
      <h2 id="title">${msg("文书", { id: "papersPanel.title" })}</h2>
      ${failure(this.#print.error)}
      ${
        this.#print.error === undefined
          ? nothing
          : html`<p>
              ${msg("打印失败不影响文书效力，可稍后补打或者打印 PDF。", { id: "papersPanel.printFailed" })}
            </p>`
      }
      ${failure(this.#content.error)} ${failure(this.#scanned.error)}
      <p role="status" ?hidden=${this.said === ""}>${this.said}</p>
      <ul>
        ${newestFirst.map((paper) => this.#row(paper))}
      </ul>
    </section>`;
  }

  override updated(): void {
    const wanted = `${this.shown ?? ""} ${language()}`;
    if (this.shown === undefined || wanted === this.#shownLanguage) return;
    this.#shownLanguage = wanted;
    void this.#content.run(this.shown);
  }

  #row(paper: Paper) {
    const open = this.shown === paper.documentId;
    return html`<li>
      <div class="row spread">
        <div>
          <span class="title">${pick(paper.title)}</span>
          <div class="soft small figures">${paper.number}　${dayAndClock(paper.issuedAt)}</div>
        </div>
        <div class="row">
          ${paper.finished ? nothing : chip("warn", msg("正在制作", { id: "papersPanel.unfinished" }))}
          ${paper.awaitsScan ? chip("warn", msg("待扫描签字件", { id: "papersPanel.awaitsScan" })) : nothing}
          ${
            paper.voided !== null
              ? chip("bad", msg("已作废", { id: "papersPanel.voided" }))
              : paper.kind === "serviceReceipt"
                ? nothing
                : paper.service === "served"
                  ? chip("ok", msg("已送达", { id: "service.served" }))
                  : paper.service === "unsigned"
                    ? chip("warn", msg("已交付未签收", { id: "service.unsigned" }))
                    : chip("plain", msg("未送达", { id: "service.open" }))
          }
        </div>
      </div>
      ${
        paper.voided === null
          ? nothing
          : html`<p class="small">
              ${msg(str`作废原因：${paper.voided.reason}`, { id: "papersPanel.voidedWhy" })}
              <span class="soft">${nameOf(paper.voided.by)} ${dayAndClock(paper.voided.at)}</span>
            </p>`
      }
      <div class="row">
        <button type="button" aria-expanded=${open} @click=${() => this.#toggle(paper.documentId)}>
          ${icon("eye")}${
            open ? msg("收起预览", { id: "papersPanel.hide" }) : msg("预览", { id: "papersPanel.show" })
          }
        </button>
        <button
          type="button"
          ?disabled=${!paper.finished || paper.voided !== null || this.printerId === undefined || this.#print.pending}
          @click=${() => this.#printSlip(paper)}
        >
          ${icon("printer")}${msg("打印凭条", { id: "papersPanel.print" })}
        </button>
        <a
          class="button"
          href=${pathOf("/api/documents/:id/pdf", { id: paper.documentId })}
          target="_blank"
          rel="noopener"
        >
          ${icon("paper")}${msg("打开 PDF", { id: "papersPanel.pdf" })}
        </a>
        <button
          type="button"
          ?disabled=${this.busy || paper.voided !== null}
          @click=${() => this.#present(paper, "sign")}
        >
          ${icon("person")}${msg("请申请人阅读签名", { id: "papersPanel.present" })}
        </button>
        ${
          paper.kind === "serviceReceipt" || paper.voided !== null
            ? nothing
            : html`<button
                type="button"
                aria-expanded=${this.serving === paper.documentId}
                @click=${() => (this.serving = this.serving === paper.documentId ? undefined : paper.documentId)}
              >
                ${icon("link")}${msg("其他送达方式", { id: "papersPanel.service" })}
              </button>`
        }
        ${paper.awaitsScan ? this.#scanButton(paper) : nothing}
        ${
          paper.service === "served" || paper.kind === "serviceReceipt" || paper.voided !== null
            ? nothing
            : html`<button
                  type="button"
                  aria-expanded=${this.handing === paper.documentId}
                  ?disabled=${this.busy || this.desk?.allows("handOver") !== true}
                  @click=${() => (this.handing = this.handing === paper.documentId ? undefined : paper.documentId)}
                >
                  ${icon("pen")}${msg("送达签收", { id: "papersPanel.handOver" })}
                </button>
                <button
                  type="button"
                  class="quiet"
                  aria-expanded=${this.voiding === paper.documentId}
                  ?disabled=${this.busy || this.desk?.allows("voidPaper") !== true}
                  @click=${() => (this.voiding = this.voiding === paper.documentId ? undefined : paper.documentId)}
                >
                  ${msg("作废重开", { id: "papersPanel.void" })}
                </button>`
        }
      </div>
      ${
        this.handing === paper.documentId
          ? html`<cg-hand-over-form
              .desk=${this.desk}
              .documentId=${paper.documentId}
              .applicantName=${this.applicantName}
              .busy=${this.busy}
              @cg-handed-over=${() => (this.handing = undefined)}
            ></cg-hand-over-form>`
          : nothing
      }
      ${
        this.serving === paper.documentId
          ? html`<cg-service-panel
              .documentId=${paper.documentId}
              .recipient=${this.applicantName}
            ></cg-service-panel>`
          : nothing
      }
      ${this.voiding === paper.documentId ? this.#voidForm(paper) : nothing}
      ${
        open && this.#content.value !== undefined
          ? html`<cg-document-sheet class="sheet" .content=${this.#content.value}></cg-document-sheet>`
          : nothing
      }
    </li>`;
  }

  /** The paper signed in ink, back in as a picture: it closes on that. */
  #scanButton(paper: Paper) {
    return html`<label class="button file"
      >${icon("camera")}${msg("扫描签字件", { id: "papersPanel.scanPaper" })}<input
        type="file"
        accept="image/jpeg,image/png,image/tiff,application/pdf"
        aria-label=${msg("扫描签字件", { id: "papersPanel.scanPaper" })}
        @change=${(event: Event) => {
          const input = event.currentTarget as HTMLInputElement;
          const file = input.files?.[0];
          if (file !== undefined) void this.#scanned.run(paper.documentId, file);
          input.value = "";
        }}
    /></label>`;
  }

  #voidForm(paper: Paper) {
    return html`<form
      class="row void"
      @submit=${async (event: SubmitEvent) => {
        event.preventDefault();
        const reason = this.voidReason.trim();
        const done = await this.desk?.command("POST /api/intakes/:id/void-paper", {
          documentId: paper.documentId,
          reason,
        });
        if (done !== true) return;
        this.voiding = undefined;
        this.voidReason = "";
      }}
    >
      ${field({
        id: "voidReason",
        label: msg("作废原因（编号保留，另编新号重新出具）", { id: "papersPanel.voidReason" }),
        value: this.voidReason,
        onInput: (value) => (this.voidReason = value),
      })}
      <button type="submit" ?disabled=${this.busy || this.voidReason.trim() === ""}>
        ${msg("作废并重新出具", { id: "papersPanel.voidSubmit" })}
      </button>
    </form>`;
  }

  #toggle(id: Paper["documentId"]): void {
    this.#content.reset();
    this.#shownLanguage = "";
    this.shown = this.shown === id ? undefined : id;
  }

  async #printSlip(paper: Paper): Promise<void> {
    if (this.printerId === undefined) return;
    this.said = "";
    const answer = await this.#print.run(paper.documentId, this.printerId);
    if (answer === undefined) return;
    if (answer.copyNo === 1) this.said = msg("凭条已打印。", { id: "papersPanel.printed" });
    else
      this.said = msg(str`已打印第 ${answer.copyNo} 份，凭条上注明副本。`, { id: "papersPanel.printedCopy" });
  }

  async #present(paper: Paper, purpose: "read" | "sign"): Promise<void> {
    const presented = await this.desk?.present(paper.documentId, purpose);
    if (presented === undefined) return;
    this.said = presented
      ? msg("文书已显示在窗口终端上，请申请人阅读并签名。", { id: "papersPanel.presented" })
      : msg("没有连接的窗口终端，请在纸质文书上签名。", { id: "papersPanel.noKiosk" });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-papers-panel": PapersPanel;
  }
}
