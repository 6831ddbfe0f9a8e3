/** Handing the intake to a colleague 受办分离: who has it, who takes it, why; the limits keep running. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { Api } from "../../gateway/http/contract/api.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import type { IntakeDesk } from "./desk.ts";

type Colleagues = Api["GET /api/colleagues"]["answer"];

@customElement("cg-colleague-form")
@localized()
export class ColleagueForm extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  /** Who has it in hand now. */
  @property() handler = "";
  @property({ type: Boolean }) busy = false;
  @state() private to: Colleagues[number]["id"] | "" = "";
  @state() private reason = "";
  readonly #colleagues = new Task(this, async (signal): Promise<Colleagues> =>
    call("GET /api/colleagues", { signal }),
  );

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
        padding-block-start: var(--space-3);
      }
    `,
  ];

  override render() {
    return html`<details class="panel" @toggle=${this.#opened}>
      <summary>${msg(str`经办：${nameOf(this.handler)}　转交同事`, { id: "colleague.summary" })}</summary>
      <form @submit=${this.#submit}>
        ${failure(this.#colleagues.error)}
        ${choice({
          id: "to",
          label: msg("接手人", { id: "colleague.to" }),
          value: this.to,
          empty: msg("请选择", { id: "outcome.choose" }),
          choices: (this.#colleagues.value ?? []).map(({ id, name }) => [id, name] as const),
          onInput: (value) => (this.to = value),
        })}
        ${field({
          id: "reason",
          label: msg("转交原因", { id: "colleague.reason" }),
          value: this.reason,
          onInput: (value) => (this.reason = value),
        })}
        <button
          type="submit"
          ?disabled=${this.busy || this.to === "" || this.reason.trim() === "" || this.desk?.allows("handToColleague") !== true}
        >
          ${msg("转交", { id: "colleague.submit" })}
        </button>
      </form>
    </details>`;
  }

  readonly #opened = (event: Event): void => {
    if ((event.currentTarget as HTMLDetailsElement).open) void this.#colleagues.run();
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.to === "") return;
    const done = await this.desk?.command("POST /api/intakes/:id/hand-to-colleague", {
      toUserId: this.to,
      reason: this.reason.trim(),
    });
    if (done !== true) return;
    this.to = "";
    this.reason = "";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-colleague-form": ColleagueForm;
  }
}
