/**
 * Judging the published list item by item. Invariant: nothing is judged by default and nothing in bulk; each
 * verdict is one deliberate act with one entry behind it (I3), by mouse or by the keys 1, 2, 3.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ChecklistItemView } from "../../gateway/http/contract/intake-view.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import type { IntakeDesk } from "./desk.ts";
import "./item-act.ts";
import type { ItemAct, ItemActDoneEvent } from "./item-act.ts";

@customElement("cg-checklist")
@localized()
export class Checklist extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) items: readonly ChecklistItemView[] = [];
  /** The published list the items come from, for the basis of each. */
  @property({ attribute: false }) matter: CatalogueView["matters"][number] | undefined;
  @property({ type: Boolean }) busy = false;
  /** The form that is open, on which item. */
  @state() private open: { readonly itemId: string; readonly act: ItemAct["act"] } | undefined;

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      li {
        display: grid;
        grid-template-columns: 2.2rem minmax(0, 1fr) auto;
        gap: var(--space-2) var(--space-3);
        padding: var(--space-3);
        border-block-end: 1px solid var(--line);
        border-inline-start: 4px solid transparent;
      }
      li:focus-visible {
        outline-offset: -3px;
      }
      li.ok {
        border-inline-start-color: var(--ok);
      }
      li.deficient {
        border-inline-start-color: var(--bad);
      }
      li.verify {
        border-inline-start-color: var(--warn);
      }
      .index {
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
      }
      .name {
        font-weight: 600;
      }
      .verdicts {
        display: flex;
        gap: var(--space-1);
        align-self: start;
      }
      .verdicts button {
        min-block-size: 36px;
        padding-inline: var(--space-3);
        border-color: var(--line-strong);
        white-space: nowrap;
      }
      .verdicts button[aria-pressed="true"].ok {
        border-color: var(--ok);
        background: var(--ok-soft);
        color: var(--ok);
      }
      .verdicts button[aria-pressed="true"].deficient {
        border-color: var(--bad);
        background: var(--bad-soft);
        color: var(--bad);
      }
      .verdicts button[aria-pressed="true"].verify {
        border-color: var(--warn);
        background: var(--warn-soft);
        color: var(--warn);
      }
      .below {
        grid-column: 2 / -1;
      }
      .finding {
        display: grid;
        gap: 2px;
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius-small);
        background: var(--surface-sunk);
      }
      progress {
        inline-size: 10rem;
        block-size: 0.6rem;
        accent-color: var(--brand);
      }
    `,
  ];

  override render() {
    const judged = this.items.filter((item) => item.verdict !== null).length;
    return html`<section class="panel stack" aria-labelledby="title">
      <div class="row spread">
        <h2 id="title">${msg("材料审查", { id: "checklist.title" })}</h2>
        <span class="row">
          <progress
            value=${judged}
            max=${this.items.length}
            aria-label=${msg("审查进度", { id: "checklist.progress" })}
          ></progress>
          <span class="figures"
            >${msg(str`已判定 ${judged} / ${this.items.length}`, { id: "checklist.judged" })}</span
          >
        </span>
      </div>
      <p class="soft small">
        ${msg("选中一项后可按 1 符合、2 不符合、3 需核实，上下方向键换行。全部判定后才能作出结论。", {
          id: "checklist.keys",
        })}
      </p>
      <ol @keydown=${this.#keys}>
        ${this.items.map((item, index) => this.#row(item, index))}
      </ol>
    </section>`;
  }

  #row(item: ChecklistItemView, index: number) {
    const verdict = item.verdict?.kind;
    return html`<li tabindex="0" class=${verdict ?? ""} data-item=${item.itemId}>
      <span class="index">${index + 1}</span>
      <div>
        <span class="name">${pick(item.name)}</span>
        ${item.required ? nothing : html`<span class="soft small">${msg("（非必交）", { id: "checklist.optional" })}</span>`}
        <div class="soft small">${pick(item.requirement)}</div>
        <div class="row">
          ${
            item.handed === null
              ? chip("warn", msg("未提交", { id: "checklist.notHanded" }))
              : chip("plain", this.#handedText(item.handed), "paper")
          }
          ${
            item.correction === null
              ? nothing
              : item.correction.signed
                ? chip("ok", msg("已当场更正并签名", { id: "checklist.corrected" }))
                : chip("bad", msg("更正处尚未签名", { id: "checklist.correctionUnsigned" }))
          }
        </div>
      </div>
      <div
        class="verdicts"
        role="group"
        aria-label=${`${msg("判定", { id: "checklist.verdict" })} ${pick(item.name)}`}
      >
        ${this.#verdict(item, "ok", msg("符合", { id: "verdict.ok" }))}
        ${this.#verdict(item, "deficient", msg("不符合", { id: "verdict.deficient" }))}
        ${this.#verdict(item, "verify", msg("需核实", { id: "verdict.verify" }))}
      </div>
      <div class="below stack">${this.#finding(item)} ${this.#onTheSpot(item)} ${this.#form(item)}</div>
    </li>`;
  }

  #handedText(handed: NonNullable<ChecklistItemView["handed"]>): string {
    const form =
      handed.form === "original" ? msg("原件", { id: "form.original" }) : msg("复印件", { id: "form.copy" });
    return msg(str`${form} ${handed.copies} 份 ${handed.pages ?? 1} 页`, { id: "checklist.handed" });
  }

  #verdict(item: ChecklistItemView, kind: "ok" | "deficient" | "verify", text: string) {
    return html`<button
      type="button"
      class=${kind}
      aria-pressed=${item.verdict?.kind === kind}
      ?disabled=${this.busy || this.desk?.allows("judge") !== true}
      @click=${() => this.#judge(item, kind)}
    >
      ${text}
    </button>`;
  }

  #finding(item: ChecklistItemView) {
    const { verdict } = item;
    if (verdict === null || verdict.kind === "ok") return nothing;
    if (verdict.kind === "verify")
      return html`<div class="finding">
        <span><b>${msg("核实事项", { id: "finding.matter" })}</b> ${verdict.matter}</span>
        <span><b>${msg("原因", { id: "finding.reason" })}</b> ${verdict.reason}</span>
        <span><b>${msg("核实时限", { id: "finding.byDate" })}</b> ${verdict.byDate}</span>
      </div>`;
    return html`<div class="finding">
      <span><b>${msg("存在问题", { id: "finding.defect" })}</b> ${verdict.defect}</span>
      <span><b>${msg("应当提交", { id: "finding.requirement" })}</b> ${verdict.requirement}</span>
      <span><b>${msg("依据", { id: "finding.basis" })}</b> ${verdict.basis}</span>
    </div>`;
  }

  /** What can be put right at once, so that no notice is needed (当场补正, 当场更正). */
  #onTheSpot(item: ChecklistItemView) {
    const mayCorrect =
      item.handed !== null &&
      this.desk?.allows("correctOnSpot") === true &&
      (item.correction?.signed === false ||
        (item.verdict?.kind === "deficient" && item.verdict.correctableOnSpot));
    const maySupplement = item.handed === null && this.desk?.allows("supplementOnSpot") === true;
    if (!mayCorrect && !maySupplement) return nothing;
    const act = mayCorrect ? "correct" : "supplement";
    return html`<div class="row">
      <button type="button" ?disabled=${this.busy} @click=${() => (this.open = { itemId: item.itemId, act })}>
        ${icon(mayCorrect ? "pen" : "paper")}${
          mayCorrect
            ? msg("当场更正", { id: "checklist.correct" })
            : msg("当场补交这份材料", { id: "checklist.supplement" })
        }
      </button>
    </div>`;
  }

  #form(item: ChecklistItemView) {
    if (this.open?.itemId !== item.itemId) return nothing;
    const basis = this.matter?.items.find((known) => known.itemId === item.itemId)?.basis ?? "";
    return html`<cg-item-act
      .desk=${this.desk}
      .item=${item}
      .basis=${basis}
      .act=${this.open.act}
      .busy=${this.busy}
      @cg-item-act-done=${(event: ItemActDoneEvent) => this.#closed(event)}
    ></cg-item-act>`;
  }

  #closed(event: ItemActDoneEvent): void {
    const itemId = this.open?.itemId;
    this.open = undefined;
    if (itemId !== undefined) this.#focusRow(event.done ? this.#after(itemId) : itemId);
  }

  async #judge(item: ChecklistItemView, kind: "ok" | "deficient" | "verify"): Promise<void> {
    if (kind !== "ok") {
      this.open = { itemId: item.itemId, act: kind };
      return;
    }
    this.open = undefined;
    const { itemId } = item;
    const done = await this.desk?.command("POST /api/intakes/:id/judge", { itemId, verdict: { kind } });
    if (done === true) this.#focusRow(this.#after(itemId));
  }

  /** The next item without a verdict, or the same one when there is none. */
  #after(itemId: string): string {
    const from = this.items.findIndex((item) => item.itemId === itemId);
    const ring = [...this.items.slice(from + 1), ...this.items.slice(0, from)];
    return ring.find((item) => item.verdict === null)?.itemId ?? itemId;
  }

  #focusRow(itemId: string): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`li[data-item="${CSS.escape(itemId)}"]`)?.focus(),
    );
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLLIElement) || this.busy) return;
    const index = this.items.findIndex(
      (item) => item.itemId === (event.target as HTMLElement).dataset["item"],
    );
    const item = this.items[index];
    if (item === undefined) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = this.items[index + (event.key === "ArrowDown" ? 1 : -1)];
      if (next !== undefined) this.#focusRow(next.itemId);
    } else if (event.key === "1") void this.#judge(item, "ok");
    else if (event.key === "2") void this.#judge(item, "deficient");
    else if (event.key === "3") void this.#judge(item, "verify");
    else return;
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-checklist": Checklist;
  }
}
