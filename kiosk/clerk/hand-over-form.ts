/** Handing a paper over at the counter (送达): who takes it, as what, and whether they signed. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DocumentId } from "../../gateway/domain/ids.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import type { IntakeDesk } from "./desk.ts";
import { beijingToday } from "../text/today.ts";
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

  /** The entry of the newest signature on the kiosk, `logId/seq`; undefined when there is none. */
  readonly #stroke = new Task(this, async (signal, id: DocumentId): Promise<string | undefined> => {
    const { signatures } = await call("GET /api/documents/:id", { params: { id }, query: {}, signal });
    const newest = signatures.toSorted((a, b) => b.at - a.at)[0];
    return newest === undefined ? undefined : `${newest.ref.logId}/${newest.ref.seq}`;
  });

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
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
    const unsigned = this.#stroke.state.name === "complete" && this.#stroke.value === undefined;
    return html`${failure(this.#stroke.error)}
      ${
        unsigned && this.signed === "stroke"
          ? html`<p role="alert">
              ${msg("终端上还没有这份文书的签名。请先请申请人在终端上签名。", { id: "handOver.noStroke" })}
            </p>`
          : nothing
      }
      <form @submit=${this.#submit}>
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
    const { documentId, signed } = this;
    if (documentId === undefined) return;
    const evidence = signed === "stroke" ? await this.#stroke.run(documentId) : undefined;
    if (signed === "stroke" && evidence === undefined) return;
    const done = await this.desk?.command("POST /api/intakes/:id/hand-over", {
      documentId,
      recipient: { name: this.#name.trim(), relation: this.relation },
      ...(signed === "no"
        ? {}
        : {
            signature: {
              mode: signed,
              date: beijingToday(),
              ...(evidence === undefined ? {} : { evidence }),
            },
          }),
    });
    if (done === true) this.dispatchEvent(new Event("cg-handed-over"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-hand-over-form": HandOverForm;
  }
}
