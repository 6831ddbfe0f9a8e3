/** Secret material found: one command seals the matter; an officer decides over it here. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";
import { failure, failureStyles } from "./failure.ts";
import { field } from "./field.ts";
import { icon } from "./icon.ts";

@customElement("cg-seals-panel")
@localized()
export class SealsPanel extends LitElement {
  @state() private matterId = "";
  @state() private reason = "";
  @state() private opinion = "";
  readonly #seals = new Task(this, async (signal) => call("GET /api/seals", { signal }));
  readonly #act = new Task(this, async (signal, work: (signal: AbortSignal) => Promise<unknown>) => {
    await work(signal);
    return true;
  });

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const title = msg("涉密封存", { id: "seal.title" });
    const seals = this.#seals.value ?? [];
    return html`<section class="panel stack" aria-label=${title}>
      <h3>${title}</h3>
      <p class="soft">
        ${msg("发现涉密材料时立即封存：任何人不能调阅，相关数据暂停上传，直至负责人作出决定。", { id: "seal.how" })}
      </p>
      <form class="grid" @submit=${this.#seal}>
        ${field({
          id: "seal-matter",
          label: msg("办件编号", { id: "accessForm.matter" }),
          value: this.matterId,
          maxLength: 64,
          onInput: (value) => (this.matterId = value),
        })}
        ${field({
          id: "seal-reason",
          label: msg("封存理由", { id: "seal.reason" }),
          value: this.reason,
          maxLength: 500,
          onInput: (value) => (this.reason = value),
        })}
        <button
          type="submit"
          ?disabled=${this.matterId.trim() === "" || this.reason.trim() === "" || this.#act.pending}
        >
          ${icon("warning")}${msg("立即封存", { id: "seal.now" })}
        </button>
      </form>
      ${failure(this.#act.error)} ${failure(this.#seals.error)}
      ${seals.map(
        ({ matterId, sealedBy, sealedAt, state: standing }) =>
          html`<p>
            ${icon("warning")} ${matterId} ·
            ${msg(str`${nameOf(sealedBy)} 于 ${dayAndClock(sealedAt)} 封存`, { id: "seal.by" })} ·
            ${
              standing === "pending"
                ? msg("待负责人决定", { id: "seal.pending" })
                : msg("决定继续封存", { id: "seal.kept" })
            }
          </p>`,
      )}
      ${seals.length === 0 ? nothing : this.#decision(seals[0]?.matterId ?? "")}
    </section>`;
  }

  override firstUpdated(): void {
    void this.#seals.run();
  }

  #decision(matterId: string) {
    const decide = (decision: "release" | "keep") => () =>
      this.#run((signal) =>
        call("POST /api/matters/:matterId/seal-decision", {
          params: { matterId },
          body: { commandId: newCommandId(), decision, opinion: this.opinion.trim() },
          signal,
        }),
      );
    const isReady = this.opinion.trim() !== "" && !this.#act.pending;
    return html`<div class="grid">
      ${field({
        id: "seal-opinion",
        label: msg(str`负责人对 ${matterId} 的意见`, { id: "seal.opinion" }),
        value: this.opinion,
        maxLength: 500,
        onInput: (value) => (this.opinion = value),
      })}
      <button type="button" ?disabled=${!isReady} @click=${decide("release")}>
        ${msg("解除封存", { id: "seal.release" })}
      </button>
      <button type="button" ?disabled=${!isReady} @click=${decide("keep")}>
        ${msg("继续封存", { id: "seal.keep" })}
      </button>
    </div>`;
  }

  readonly #seal = (event: SubmitEvent): void => {
    event.preventDefault();
    const matterId = this.matterId.trim();
    void this.#run((signal) =>
      call("POST /api/matters/:matterId/seal", {
        params: { matterId },
        body: { commandId: newCommandId(), reason: this.reason.trim() },
        signal,
      }),
    );
  };

  async #run(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    if ((await this.#act.run(work)) === undefined) return;
    this.matterId = "";
    this.reason = "";
    this.opinion = "";
    await this.#seals.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-seals-panel": SealsPanel;
  }
}
