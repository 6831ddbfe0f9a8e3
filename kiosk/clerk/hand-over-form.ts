/** Handing a paper over at the counter (送达): who takes it, as what, and whether they signed. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DocumentId } from "../../gateway/domain/ids.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import type { IntakeDesk } from "./desk.ts";
import { beijingToday } from "./today.ts";
import { RELATIONS, worded } from "./words.ts";

type Signed = "ink" | "stroke" | "no";

@customElement("cg-hand-over-form")
@localized()
export class HandOverForm extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property() documentId: DocumentId | undefined;
  @property() applicantName = "";
  @property({ type: Boolean }) busy = false;
  @state() private name: string | undefined;
  @state() private relation: (typeof RELATIONS)[number][0] = "self";
  @state() private signed: Signed = "ink";

  static override readonly styles = [
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--space-3);
        align-items: end;
        padding: var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface-sunk);
      }
    `,
  ];

  override render() {
    return html`<form @submit=${this.#submit}>
      ${field({
        id: "recipient",
        label: msg("签收人", { id: "handOver.recipient" }),
        value: this.#name,
        onInput: (value) => (this.name = value),
      })}
      ${choice({
        id: "relation",
        label: msg("身份", { id: "itemAct.relation" }),
        value: this.relation,
        choices: worded(RELATIONS),
        onInput: (value) => (this.relation = value),
      })}
      ${choice<Signed>({
        id: "signed",
        label: msg("签名", { id: "handOver.signed" }),
        value: this.signed,
        choices: [
          ["ink", msg("已在纸质文书上签名", { id: "handOver.ink" })],
          ["stroke", msg("已在终端屏幕上签名", { id: "handOver.stroke" })],
          ["no", msg("未签名（不算送达）", { id: "handOver.unsigned" })],
        ],
        onInput: (value) => (this.signed = value),
      })}
      <button type="submit" class="primary" ?disabled=${this.busy || this.#name.trim() === ""}>
        ${msg("记录送达", { id: "handOver.submit" })}
      </button>
    </form>`;
  }

  get #name(): string {
    return this.name ?? this.applicantName;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.documentId === undefined) return;
    const done = await this.desk?.command("POST /api/intakes/:id/hand-over", {
      documentId: this.documentId,
      recipient: { name: this.#name.trim(), relation: this.relation },
      ...(this.signed === "no" ? {} : { signature: { mode: this.signed, date: beijingToday() } }),
    });
    if (done === true) this.dispatchEvent(new Event("cg-handed-over"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-hand-over-form": HandOverForm;
  }
}
