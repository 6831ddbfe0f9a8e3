/**
 * One request: who asks for what, which credentials are still to be shown, whose approval is next and by which
 * article. Fires `cg-requested` after every step. Invariant: what may be done next is what the gateway says.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { StrokesField } from "../../gateway/http/contract/kiosk.ts";
import type { AccessRequestView } from "../../gateway/http/contract/access.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { type ScanRef, uploadScan } from "../scan-upload.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import {
  type Credential,
  actWords,
  credentialWords,
  materialWords,
  officeWords,
  requesterWords,
  statusWords,
} from "../text/access-words.ts";
import { articleName } from "../text/article.ts";
import { dayAndClock } from "../text/format.ts";
import { RequestedEvent } from "./access-request-form.ts";
import { failure, failureStyles } from "./failure.ts";
import { field } from "./field.ts";
import { icon } from "./icon.ts";
import type { StrokesEvent } from "./signature-field.ts";
import "./signature-field.ts";

@customElement("cg-access-request-card")
@localized()
export class AccessRequestCard extends LitElement {
  @property({ attribute: false }) request: AccessRequestView | undefined;
  @state() private opinion = "";
  @state() private files: Readonly<Partial<Record<Credential, File>>> = {};
  @state() private drawn: StrokesField | undefined;
  readonly #step = new Task(this, async (signal, work: (signal: AbortSignal) => Promise<AccessRequestView>) =>
    work(signal),
  );

  static override readonly styles = [
    controls,
    deskPage,
    failureStyles,
    css`
      .steps {
        display: grid;
        gap: var(--space-2);
      }
      .steps li {
        display: flex;
        gap: var(--space-2);
        align-items: baseline;
      }
    `,
  ];

  override render() {
    const { request } = this;
    if (request === undefined) return nothing;
    const who = request.person === null ? request.registeredBy : request.person.name;
    return html`<section class="panel stack" aria-label=${request.requestId}>
      <div class="row spread">
        <h3>${requesterWords()[request.requester]} ${who}</h3>
        <b>${statusWords()[request.status]}</b>
      </div>
      <p>
        ${actWords()[request.act]} · ${materialWords()[request.material]} ·
        ${request.matterId ?? request.footage?.cameraId ?? ""} · ${request.purpose}
      </p>
      <p class="small soft">
        ${dayAndClock(request.at)} · ${request.requestId}
        ${
          request.article === null
            ? nothing
            : html`· ${msg(str`依据：${articleName(request.article)}`, { id: "failure.article" })}`
        }
        ${
          request.outsideThisRule
            ? html`· ${msg("不适用查阅规定，由负责人决定", { id: "accessCard.outside" })}`
            : nothing
        }
      </p>
      ${this.#steps(request)} ${failure(this.#step.error)} ${this.#next(request)}
    </section>`;
  }

  #steps({ steps, approvals, shown }: AccessRequestView) {
    if (steps.length === 0 && shown.length === 0) return nothing;
    return html`<ol class="steps">
      ${shown.map(({ kind }) => html`<li>${icon("check")} ${credentialWords()[kind]}</li>`)}
      ${steps.map(({ office }, index) => {
        const given = approvals[index];
        if (given === undefined) return html`<li>${icon("ring")} ${officeWords()[office]}</li>`;
        return html`<li>
          ${icon(given.approved ? "check" : "cross")} ${officeWords()[office]}
          ${nameOf(given.by)}：${given.opinion}
        </li>`;
      })}
    </ol>`;
  }

  #next(request: AccessRequestView) {
    switch (request.status) {
      case "credentials":
        return this.#credentials(request);
      case "approval":
        return this.#approval(request);
      case "granted":
        return this.#granted(request);
      case "refused":
      case "closed":
        break;
    }
    return nothing;
  }

  #credentials(request: AccessRequestView) {
    const wanted = [...new Set(request.credentials.flat())];
    const isEnough = request.credentials.every((group) =>
      group.some((kind) => this.files[kind] !== undefined),
    );
    return html`<form class="stack" @submit=${(event: SubmitEvent) => this.#show(event, request.requestId)}>
      <p>
        ${msg("请出示：", { id: "accessCard.show" })}
        ${request.credentials.map((group) => group.map((kind) => credentialWords()[kind]).join(" / ")).join("、")}
      </p>
      <div class="grid">
        ${wanted.map(
          (kind) =>
            html`<div class="field">
              <label for=${kind}>${credentialWords()[kind]}</label>
              <input
                id=${kind}
                type="file"
                accept="image/jpeg,image/png,application/pdf"
                @change=${(event: Event) => this.#choose(kind, event)}
              />
            </div>`,
        )}
        <button type="submit" class="primary" ?disabled=${!isEnough || this.#step.pending}>
          ${msg("已核验原件并留存影像", { id: "accessCard.checked" })}
        </button>
      </div>
    </form>`;
  }

  #approval({ requestId, steps, approvals }: AccessRequestView) {
    const step = steps[approvals.length];
    if (step === undefined) return nothing;
    const decide = (approved: boolean) =>
      this.#run((signal) =>
        call("POST /api/access-requests/:requestId/decision", {
          params: { requestId },
          body: { commandId: newCommandId(), approved, opinion: this.opinion.trim() },
          signal,
        }),
      );
    const isReady = this.opinion.trim() !== "" && !this.#step.pending;
    return html`<div class="stack">
      ${field({
        id: "opinion",
        label: msg(str`${officeWords()[step.office]}意见`, { id: "accessCard.opinion" }),
        value: this.opinion,
        maxLength: 500,
        onInput: (value) => (this.opinion = value),
      })}
      <div class="row">
        <button type="button" class="primary" ?disabled=${!isReady} @click=${() => decide(true)}>
          ${icon("check")}${msg("同意", { id: "accessCard.approve" })}
        </button>
        <button type="button" ?disabled=${!isReady} @click=${() => decide(false)}>
          ${icon("cross")}${msg("不同意", { id: "accessCard.refuse" })}
        </button>
      </div>
    </div>`;
  }

  #granted({ requestId, supplies, receiptAt, looks }: AccessRequestView) {
    return html`<div class="stack">
      <p>
        ${msg(str`已调阅 ${looks} 次，已提供 ${supplies.length} 份。`, { id: "accessCard.given" })}
        ${receiptAt === null ? nothing : msg("申请人已签收。", { id: "accessCard.signed" })}
      </p>
      ${supplies.length > 0 && receiptAt === null ? this.#receipt(requestId) : nothing}
      <div class="row">
        <button
          type="button"
          ?disabled=${this.#step.pending}
          @click=${() =>
            this.#run((signal) =>
              call("POST /api/access-requests/:requestId/close", {
                params: { requestId },
                body: { commandId: newCommandId(), how: "done" },
                signal,
              }),
            )}
        >
          ${msg("办结", { id: "accessCard.close" })}
        </button>
      </div>
    </div>`;
  }

  #receipt(requestId: string) {
    return html`<cg-signature-field
        @cg-strokes=${(event: StrokesEvent) => (this.drawn = event.drawn)}
      ></cg-signature-field>
      <div class="row">
        <button
          type="button"
          class="primary"
          ?disabled=${this.drawn === undefined || this.#step.pending}
          @click=${() => this.#sign(requestId)}
        >
          ${icon("pen")}${msg("申请人签收复制件", { id: "accessCard.sign" })}
        </button>
      </div>`;
  }

  #choose(kind: Credential, event: Event): void {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    if (file !== undefined) this.files = { ...this.files, [kind]: file };
  }

  readonly #show = (event: SubmitEvent, requestId: string): void => {
    event.preventDefault();
    void this.#run(async (signal) => {
      const shown: { kind: Credential; scan: ScanRef }[] = [];
      for (const [kind, file] of Object.entries(this.files) as [Credential, File][])
        shown.push({ kind, scan: await uploadScan(file, { kind: "record", id: requestId }, signal) });
      return call("POST /api/access-requests/:requestId/credentials", {
        params: { requestId },
        body: { commandId: newCommandId(), shown },
        signal,
      });
    });
  };

  #sign(requestId: string): void {
    const { drawn } = this;
    if (drawn === undefined) return;
    const strokes = drawn.strokes.map((stroke) =>
      stroke.map(({ x, y, tMs, pressure }) => (pressure === undefined ? [x, y, tMs] : [x, y, tMs, pressure])),
    );
    void this.#run((signal) =>
      call("POST /api/access-requests/:requestId/receipt", {
        params: { requestId },
        body: { commandId: newCommandId(), signature: { mode: "stroke", strokes } },
        signal,
      }),
    );
  }

  async #run(work: (signal: AbortSignal) => Promise<AccessRequestView>): Promise<void> {
    const request = await this.#step.run(work);
    if (request === undefined) return;
    this.opinion = "";
    this.files = {};
    this.dispatchEvent(new RequestedEvent(request));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-access-request-card": AccessRequestCard;
  }
}
