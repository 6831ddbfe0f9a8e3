/** Taking papers in, item by item of the published list: at first, or what a notice asked for. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ChecklistItemView } from "../../gateway/http/contract/intake-view.ts";
import { field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import type { IntakeDesk } from "./desk.ts";
import { refusalNote, refusalStyles } from "./refusal.ts";
import { FORMS, MEDIA, worded } from "./words.ts";

export type Handed = NonNullable<ChecklistItemView["handed"]>;

/** A paper as it usually comes: as the published list asks for it. */
export function usualHanded({ itemId, wanted }: ChecklistItemView): Handed {
  return { itemId, ...wanted, pages: 1, medium: "paper" };
}

@customElement("cg-receive-form")
@localized()
export class ReceiveForm extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) items: readonly ChecklistItemView[] = [];
  /** Whether this answers a notice (补正) or is the first hand-in. */
  @property({ type: Boolean }) supplement = false;
  @property({ type: Boolean }) busy = false;
  @state() private handed: ReadonlyMap<string, Handed> = new Map();
  /** 补录: when it really happened, as the input gives it in Beijing time, and why it is entered late. */
  @state() private happenedAt = "";
  @state() private lateReason = "";

  static override readonly styles = [
    controls,
    refusalStyles,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      td {
        vertical-align: middle;
      }
      td:first-child {
        inline-size: 50%;
      }
      label.check {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        min-block-size: var(--target);
      }
      label.check .small {
        display: block;
      }
      input[type="checkbox"] {
        flex: none;
        inline-size: 1.35rem;
        block-size: 1.35rem;
        accent-color: var(--brand);
      }
      input.count {
        inline-size: 5rem;
      }
      select {
        min-inline-size: 6rem;
      }
      .scroll {
        container-type: inline-size;
      }
      @container (max-width: 46rem) {
        thead {
          display: none;
        }
        tr {
          display: flex;
          flex-wrap: wrap;
          gap: var(--space-1) var(--space-3);
          padding-block: var(--space-2);
          border-block-end: 1px solid var(--line);
        }
        td {
          padding: 0;
          border: 0;
        }
        td:first-child {
          inline-size: 100%;
        }
        tr:not(.handed) td:not(:first-child) {
          display: none;
        }
        td[data-name]::before {
          content: attr(data-name);
          margin-inline-end: var(--space-2);
          color: var(--ink-soft);
          font-size: var(--text-small);
        }
        td[data-name] > select {
          inline-size: auto;
          min-inline-size: 5rem;
        }
        td[data-name] > input.count {
          inline-size: 3.6rem;
        }
        td:nth-child(2) {
          padding-inline-start: calc(1.35rem + var(--space-3));
        }
      }
    `,
  ];

  override render() {
    const action = this.supplement ? "receiveSupplement" : "receive";
    const refusal = this.desk?.refusal(action) ?? null;
    return html`<form class="panel stack" @submit=${this.#submit}>
      <h2>
        ${
          this.supplement
            ? msg("接收补正材料", { id: "receive.supplementTitle" })
            : msg("接收材料", { id: "receive.title" })
        }
      </h2>
      <p class="soft">
        ${
          this.supplement
            ? msg("勾选收到的补正材料。收件后即出具补正材料接收凭证。", { id: "receive.supplementLead" })
            : msg("勾选已交的材料。收件后即出具收件凭证，办理期限自收件起算。", { id: "receive.lead" })
        }
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">${msg("材料", { id: "receive.item" })}</th>
              <th scope="col">${msg("形式", { id: "receive.form" })}</th>
              <th scope="col">${msg("份数", { id: "receive.copies" })}</th>
              <th scope="col">${msg("页数", { id: "receive.pages" })}</th>
              <th scope="col">${msg("介质", { id: "receive.medium" })}</th>
            </tr>
          </thead>
          <tbody>
            ${this.items.map((item) => this.#row(item))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>${msg("补录（材料此前已收，例如停电时）", { id: "receive.late" })}</summary>
        <div class="row">
          ${field({
            id: "happenedAt",
            label: msg("实际收到时间", { id: "receive.happenedAt" }),
            type: "datetime-local",
            value: this.happenedAt,
            onInput: (value) => (this.happenedAt = value),
          })}
          ${field({
            id: "lateReason",
            label: msg("补录原因", { id: "receive.lateReason" }),
            value: this.lateReason,
            onInput: (value) => (this.lateReason = value),
          })}
        </div>
      </details>
      ${refusalNote(refusal, "why")}
      <div class="row">
        <button
          class="primary"
          type="submit"
          aria-describedby=${refusal === null ? nothing : "why"}
          ?disabled=${this.busy || refusal !== null || this.handed.size === 0 || this.#halfLate}
        >
          ${
            this.supplement
              ? msg("收件并出具补正材料接收凭证", { id: "receive.supplementSubmit" })
              : msg("收件并出具收件凭证", { id: "receive.submit" })
          }
        </button>
        <button type="button" class="quiet" @click=${this.#all}>
          ${msg("全部勾选", { id: "receive.all" })}
        </button>
      </div>
    </form>`;
  }

  #row(item: ChecklistItemView) {
    const handed = this.handed.get(item.itemId);
    const name = pick(item.name);
    const off = handed === undefined;
    return html`<tr class=${off ? "" : "handed"}>
      <td>
        <label class="check">
          <input
            type="checkbox"
            .checked=${!off}
            @change=${() => this.#put(item.itemId, off ? usualHanded(item) : undefined)}
          />
          <span>
            ${name}${item.required ? nothing : html` <span class="soft small">${msg("（非必交）", { id: "receive.optional" })}</span>`}
            <span class="soft small">${pick(item.requirement)}</span>
          </span>
        </label>
      </td>
      <td data-name=${msg("形式", { id: "receive.form" })}>
        ${this.#select(item.itemId, name, "form", worded(FORMS), handed)}
      </td>
      <td data-name=${msg("份数", { id: "receive.copies" })}>
        ${this.#count(item.itemId, name, "copies", handed)}
      </td>
      <td data-name=${msg("页数", { id: "receive.pages" })}>
        ${this.#count(item.itemId, name, "pages", handed)}
      </td>
      <td data-name=${msg("介质", { id: "receive.medium" })}>
        ${this.#select(item.itemId, name, "medium", worded(MEDIA), handed)}
      </td>
    </tr>`;
  }

  #select(
    itemId: string,
    name: string,
    part: "form" | "medium",
    choices: readonly (readonly [string, string])[],
    handed: Handed | undefined,
  ) {
    return html`<select
      aria-label="${name} ${
        part === "form" ? msg("形式", { id: "receive.form" }) : msg("介质", { id: "receive.medium" })
      }"
      ?disabled=${handed === undefined}
      @change=${(event: Event) =>
        handed !== undefined &&
        this.#put(itemId, { ...handed, [part]: (event.currentTarget as HTMLSelectElement).value })}
    >
      ${choices.map(
        ([value, text]) =>
          html`<option value=${value} ?selected=${handed?.[part] === value}>${text}</option>`,
      )}
    </select>`;
  }

  #count(itemId: string, name: string, part: "copies" | "pages", handed: Handed | undefined) {
    return html`<input
      class="count"
      type="number"
      min="1"
      max="999"
      aria-label="${name} ${
        part === "copies" ? msg("份数", { id: "receive.copies" }) : msg("页数", { id: "receive.pages" })
      }"
      ?disabled=${handed === undefined}
      .value=${handed === undefined ? "" : `${handed[part] ?? 1}`}
      @input=${(event: InputEvent) => {
        const value = (event.currentTarget as HTMLInputElement).valueAsNumber;
        if (handed !== undefined && Number.isSafeInteger(value) && value > 0)
          this.#put(itemId, { ...handed, [part]: value });
      }}
    />`;
  }

  #put(itemId: string, handed: Handed | undefined): void {
    const next = new Map(this.handed);
    if (handed === undefined) next.delete(itemId);
    else next.set(itemId, handed);
    this.handed = next;
  }

  readonly #all = (): void => {
    this.handed = new Map(
      this.items.map((item) => [item.itemId, this.handed.get(item.itemId) ?? usualHanded(item)]),
    );
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const atMs = Date.parse(`${this.happenedAt}:00+08:00`);
    const body = {
      items: [...this.handed.values()],
      ...(this.happenedAt === "" ? {} : { late: { atMs, reason: this.lateReason.trim() } }),
    };
    const done = await (this.supplement
      ? this.desk?.command("POST /api/intakes/:id/receive-supplement", body)
      : this.desk?.command("POST /api/intakes/:id/receive", body));
    if (done !== true) return;
    this.handed = new Map();
    this.happenedAt = "";
    this.lateReason = "";
  };

  /** A time without a reason, or a reason without a time. */
  get #halfLate(): boolean {
    return (this.happenedAt === "") !== (this.lateReason.trim() === "");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-receive-form": ReceiveForm;
  }
}
