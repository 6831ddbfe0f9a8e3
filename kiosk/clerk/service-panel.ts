/** Service 送达 of one paper: attempts with what they still lack; signing, scanning, failing and completing the open one. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { CameraId, DocumentId } from "../../gateway/domain/ids.ts";
import type { ScanPurpose } from "../../gateway/domain/scan.ts";
import type { ServiceView } from "../../gateway/http/contract/service.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { dayAndClock } from "../text/format.ts";
import { beijingToday } from "../text/today.ts";
import { uploadScan } from "../upload.ts";
import "./attempt-form.ts";
import type { AttemptEvent } from "./attempt-form.ts";
import {
  type EvidenceKind,
  FAILURE_CHOICES,
  type Failure,
  evidenceWord,
  failureWord,
  methodWord,
  statedWord,
} from "./service-words.ts";

type Attempt = ServiceView["attempts"][number];
type Piece = Attempt["evidence"][number];
type Act = (signal: AbortSignal) => Promise<ServiceView>;

const SIGNATURES: readonly EvidenceKind[] = ["serverSignature", "recipientSignature", "witnessSignature"];
const SCANS = "image/jpeg,image/png,image/tiff,application/pdf";

@customElement("cg-service-panel")
@localized()
export class ServicePanel extends LitElement {
  @property() documentId: DocumentId | undefined;
  @property() recipient = "";
  @state() private why: Failure = "absent";
  @state() private account = "";
  @state() private deliveredOn = "";
  @state() private camera = "";
  @state() private from = "";
  @state() private until = "";
  readonly #service = new Task(this, async (signal, id: DocumentId) =>
    call("GET /api/services/:documentId", { params: { documentId: id }, signal }),
  );
  readonly #around = new Task(this, async (signal) => {
    const [officers, cameras] = await Promise.all([
      call("GET /api/officers", { signal }),
      call("GET /api/cameras", { signal }),
    ]);
    return { officers, cameras };
  });
  readonly #act = new Task(this, async (signal, act: Act) => {
    const view = await act(signal);
    if (this.documentId !== undefined) await this.#service.run(this.documentId);
    this.dispatchEvent(new Event("cg-service-changed", { bubbles: true, composed: true }));
    return view;
  });

  static override readonly styles = [
    controls,
    chipStyles,
    failureStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      article {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
      }
      .lacking {
        display: grid;
        gap: var(--space-2);
      }
      .lacking li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: end;
        padding-block: var(--space-2);
        border-block-start: 1px dashed var(--line-strong);
      }
      .lacking li > b {
        flex: 1 1 14rem;
      }
      .field {
        max-inline-size: 16rem;
      }
      .failing {
        display: grid;
        grid-template-columns: 12rem 1fr auto;
        gap: var(--space-3);
        align-items: end;
      }
      .failing .field {
        max-inline-size: none;
      }
      label.button {
        position: relative;
      }
      label.button input {
        position: absolute;
        inset: 0;
        opacity: 0;
      }
    `,
  ];

  override render() {
    const view = this.#service.value;
    const open = view?.attempts.some(({ status }) => status === "open") === true;
    return html`${failure(this.#service.error)} ${failure(this.#act.error)}
    ${
      view === undefined || view.notified === null
        ? nothing
        : html`<p class="small">
            ${
              view.notified.inTime
                ? chip("ok", msg("在法定期限内送达", { id: "servicePanel.inTime" }))
                : chip("warn", msg(str`须于 ${view.notified.due} 前送达`, { id: "servicePanel.due" }))
            }
          </p>`
    }
    ${(view?.attempts ?? []).map((attempt) => this.#attempt(attempt, view))}
    ${
      view === undefined || view.served !== null || open
        ? nothing
        : html`<cg-attempt-form
            .officers=${this.#around.value?.officers ?? []}
            .recipient=${this.recipient}
            .busy=${this.#act.pending}
            @cg-attempt=${this.#record}
          ></cg-attempt-form>`
    }`;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("documentId") || this.documentId === undefined) return;
    void this.#service.run(this.documentId);
    void this.#around.run();
  }

  #attempt(attempt: Attempt, view: ServiceView | undefined) {
    const { words, failed } = attempt;
    const state =
      attempt.status === "complete"
        ? chip("ok", msg("已送达", { id: "service.served" }))
        : attempt.status === "failed"
          ? chip("bad", failed === null ? "" : failureWord(failed.why))
          : chip("warn", msg("手续未齐，尚未送达", { id: "servicePanel.open" }));
    return html`<article>
      <div class="row spread">
        <b>${methodWord(attempt.method)}　<span class="figures">${dayAndClock(attempt.happenedAt)}</span></b>
        ${state}
      </div>
      <p class="small soft">
        ${words === null ? nothing : html`${words.recipient}　${words.place}`}　${attempt.servers
          .map(({ officerId, certNo }) => `${nameOf(officerId)}${certNo === null ? "" : `（${certNo}）`}`)
          .join("、")}
      </p>
      ${
        words === null
          ? nothing
          : html`<p class="small">
              ${words.stated
                .filter(({ name }) => name !== "mail")
                .map(({ name, value }) => html`${statedWord(name)}：${value}　`)}
            </p>`
      }
      ${failed === null ? nothing : html`<p class="small">${failed.onDate} ${failed.account ?? ""}</p>`}
      ${
        attempt.evidence.length === 0
          ? nothing
          : html`<p class="row small">${attempt.evidence.map((piece) => this.#piece(piece))}</p>`
      }
      ${attempt.status === "open" ? this.#open(attempt, view) : nothing}
    </article>`;
  }

  #piece(piece: Piece) {
    const { link } = piece;
    const word = evidenceWord(piece.kind);
    if (link?.in !== "scan") return chip("ok", word);
    return html`<a
      class="button"
      href=${pathOf("/api/scans/:scanId/content", { scanId: link.scanId })}
      download
      >${icon("paper")}${word}</a
    >`;
  }

  #open(attempt: Attempt, view: ServiceView | undefined) {
    const ready = attempt.lacking.length === 0;
    return html`<ul class="lacking">
        ${attempt.lacking.map(
          ({ kind, article }) =>
            html`<li>
              <b>${evidenceWord(kind)} <span class="soft small">${article}</span></b
              >${this.#supply(attempt, kind)}
            </li>`,
        )}
      </ul>
      <div class="row">
        ${
          attempt.method === "postal"
            ? field({
                id: "deliveredOn",
                label: msg("回执上的签收日期", { id: "servicePanel.deliveredOn" }),
                type: "date",
                value: this.deliveredOn,
                onInput: (value) => (this.deliveredOn = value),
              })
            : nothing
        }
        <button
          type="button"
          class="primary"
          ?disabled=${!ready || this.#act.pending}
          @click=${() => this.#complete(attempt, view)}
        >
          ${msg("手续齐全，记为已送达", { id: "servicePanel.complete" })}
        </button>
      </div>
      <div class="failing">
        ${choice<Failure>({
          id: "why",
          label: msg("未能送达", { id: "servicePanel.failed" }),
          value: this.why,
          choices: FAILURE_CHOICES().filter(
            ([why]) => (why === "returned") === (attempt.method === "postal") || why !== "returned",
          ),
          onInput: (value) => (this.why = value),
        })}
        ${field({
          id: "account",
          label: msg("具体情况", { id: "servicePanel.account" }),
          value: this.account,
          onInput: (value) => (this.account = value),
        })}
        <button
          type="button"
          ?disabled=${this.account.trim() === "" || this.#act.pending}
          @click=${() => this.#fail(attempt, view)}
        >
          ${msg("记为未送达", { id: "servicePanel.fail" })}
        </button>
      </div>`;
  }

  #supply(attempt: Attempt, kind: EvidenceKind) {
    if (SIGNATURES.includes(kind))
      return html`<button
        type="button"
        ?disabled=${this.#act.pending}
        @click=${() => this.#add(attempt, { kind, mode: "ink", date: beijingToday() })}
      >
        ${icon("pen")}${msg("已在回证上签名", { id: "servicePanel.signed" })}
      </button>`;
    if (kind === "footage") return this.#footage(attempt);
    return html`<label class="button"
      >${icon("camera")}${msg("拍照或扫描", { id: "servicePanel.scan" })}<input
        type="file"
        accept=${SCANS}
        aria-label=${evidenceWord(kind)}
        @change=${(event: Event) => this.#scan(attempt, kind, event)}
    /></label>`;
  }

  #footage(attempt: Attempt) {
    const cameras = this.#around.value?.cameras ?? [];
    return html`${choice({
        id: "footageCamera",
        label: msg("摄像机", { id: "servicePanel.camera" }),
        value: this.camera,
        empty: "—",
        choices: cameras.map(({ id, name }) => [id as string, name] as const),
        onInput: (value) => (this.camera = value),
      })}
      ${field({
        id: "footageFrom",
        label: msg("自", { id: "servicePanel.from" }),
        type: "datetime-local",
        value: this.from,
        onInput: (value) => (this.from = value),
      })}
      ${field({
        id: "footageUntil",
        label: msg("至", { id: "servicePanel.until" }),
        type: "datetime-local",
        value: this.until,
        onInput: (value) => (this.until = value),
      })}
      <button
        type="button"
        ?disabled=${this.camera === "" || this.from === "" || this.until === "" || this.#act.pending}
        @click=${() =>
          this.#add(attempt, {
            kind: "footage",
            link: {
              in: "camera",
              cameraId: this.camera as CameraId,
              fromMs: Date.parse(`${this.from}+08:00`),
              toMs: Date.parse(`${this.until}+08:00`),
            },
          })}
      >
        ${msg("关联录像", { id: "servicePanel.linkFootage" })}
      </button>`;
  }

  #base(view = this.#service.value) {
    return {
      params: { documentId: this.documentId as DocumentId },
      base: { commandId: newCommandId(), expectedVersion: view?.version ?? 0 },
    };
  }

  readonly #record = (event: AttemptEvent): void => {
    const { params, base } = this.#base();
    const body = { ...base, attempt: event.attempt };
    void this.#act.run((signal) => call("POST /api/services/:documentId/attempts", { params, body, signal }));
  };

  #add(attempt: Attempt, piece: Piece): void {
    const { params, base } = this.#base();
    const body = { ...base, attemptId: attempt.attemptId, evidence: [piece] };
    void this.#act.run((signal) => call("POST /api/services/:documentId/evidence", { params, body, signal }));
  }

  #scan(attempt: Attempt, kind: EvidenceKind, event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    const { documentId } = this;
    if (file === undefined || documentId === undefined) return;
    const { params, base } = this.#base();
    void this.#act.run(async (signal) => {
      const scanId = await uploadScan(file, signal);
      const purpose = kind as ScanPurpose;
      const link = { kind: "document", id: documentId } as const;
      await call("POST /api/scans/:scanId/links", {
        params: { scanId },
        body: { commandId: newCommandId(), purpose, link },
        signal,
      });
      const evidence: Piece[] = [{ kind, link: { in: "scan", scanId } }];
      const body = { ...base, attemptId: attempt.attemptId, evidence };
      return call("POST /api/services/:documentId/evidence", { params, body, signal });
    });
    input.value = "";
  }

  #complete(attempt: Attempt, view: ServiceView | undefined): void {
    const { params, base } = this.#base(view);
    const body = {
      ...base,
      attemptId: attempt.attemptId,
      ...(this.deliveredOn === "" ? {} : { deliveredOn: this.deliveredOn }),
    };
    void this.#act.run((signal) =>
      call("POST /api/services/:documentId/completion", { params, body, signal }),
    );
  }

  #fail(attempt: Attempt, view: ServiceView | undefined): void {
    const { params, base } = this.#base(view);
    const { why, account } = this;
    const body = { ...base, attemptId: attempt.attemptId, why, onDate: beijingToday(), account };
    void this.#act.run(async (signal) => {
      const done = await call("POST /api/services/:documentId/failure", { params, body, signal });
      this.account = "";
      return done;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-service-panel": ServicePanel;
  }
}
