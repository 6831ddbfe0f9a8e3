/** The form of one act on one item of the list: deficient, to verify, handed in at once, or put right at once. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ChecklistItemView } from "../../gateway/http/contract/intake-view.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import type { IntakeDesk } from "./desk.ts";
import { usualHanded } from "./receive-form.ts";
import { beijingToday } from "../text/today.ts";
import { FORMS, RELATIONS, worded } from "./words.ts";

export type ItemAct = { readonly act: "deficient" | "verify" | "supplement" | "correct" };

export class ItemActDoneEvent extends Event {
  static readonly type = "cg-item-act-done";
  /** False when the form was put aside. */
  readonly done: boolean;
  constructor(done: boolean) {
    super(ItemActDoneEvent.type, { bubbles: true, composed: true });
    this.done = done;
  }
}

/** Goes onto the paper, which is Chinese. */
const NOT_HANDED_IN = {
  zh: "未提交该材料",
  en: "This material was not handed in",
} as const;

@customElement("cg-item-act")
@localized()
export class ItemActForm extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) item: ChecklistItemView | undefined;
  @property() basis = "";
  @property() act: ItemAct["act"] = "deficient";
  @property({ type: Boolean }) busy = false;
  @state() private values: Readonly<Record<string, string>> = {};
  @state() private correctable = false;
  @state() private entitled = false;
  @state() private signed = false;

  static override readonly styles = [
    controls,
    css`
      form {
        display: grid;
        gap: var(--space-3);
        padding: var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface-sunk);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--space-3);
      }
      .check {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-block-size: var(--target);
      }
      .check input {
        inline-size: 1.25rem;
        block-size: 1.25rem;
      }
    `,
  ];

  override render() {
    return html`<form @submit=${this.#submit} @keydown=${this.#escape}>
      ${
        this.act === "deficient"
          ? this.#deficient()
          : this.act === "verify"
            ? this.#verify()
            : this.act === "supplement"
              ? this.#supplement()
              : this.#correct()
      }
      <div class="row">
        <button type="submit" class="primary" ?disabled=${this.busy || !this.#complete}>
          ${msg("确定", { id: "itemAct.submit" })}
        </button>
        <button type="button" class="quiet" @click=${() => this.#done(false)}>
          ${msg("取消", { id: "itemAct.cancel" })}
        </button>
      </div>
    </form>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("input:not([type=checkbox]), select")?.focus();
  }

  #deficient() {
    const handed = this.item !== undefined && this.item.handed !== null;
    return html`<datalist id="defects">
        <option value=${msg("未提交该材料", { id: "defect.missing" })}></option>
        <option value=${msg("未签名或者未盖章", { id: "defect.unsigned" })}></option>
        <option value=${msg("已超过有效期", { id: "defect.expired" })}></option>
        <option value=${msg("内容不清，无法辨认", { id: "defect.unclear" })}></option>
        <option value=${msg("与其他材料不一致", { id: "defect.contradicts" })}></option>
      </datalist>
      ${field({
        id: "defect",
        label: msg("存在问题", { id: "finding.defect" }),
        value: this.#value("defect"),
        onInput: (value) => this.#set("defect", value),
        ...(handed ? {} : { hint: msg("该材料未提交", { id: "itemAct.notHanded" }) }),
      })}
      ${field({
        id: "requirement",
        label: msg("应当提交", { id: "finding.requirement" }),
        value: this.#value("requirement"),
        onInput: (value) => this.#set("requirement", value),
      })}
      ${field({
        id: "basis",
        label: msg("依据", { id: "finding.basis" }),
        value: this.#value("basis"),
        onInput: (value) => this.#set("basis", value),
      })}
      ${
        handed
          ? this.#check(
              msg("可以当场更正", { id: "itemAct.correctable" }),
              this.correctable,
              (on) => (this.correctable = on),
            )
          : nothing
      }`;
  }

  #verify() {
    return html`${field({
      id: "matter",
      label: msg("核实事项", { id: "finding.matter" }),
      value: this.#value("matter"),
      onInput: (value) => this.#set("matter", value),
    })}
    ${field({
      id: "reason",
      label: msg("原因", { id: "finding.reason" }),
      value: this.#value("reason"),
      onInput: (value) => this.#set("reason", value),
    })}
    ${field({
      id: "byDate",
      label: msg("核实时限", { id: "finding.byDate" }),
      type: "date",
      value: this.#value("byDate"),
      onInput: (value) => this.#set("byDate", value),
    })}`;
  }

  #supplement() {
    return html`<div class="grid">
      ${choice({
        id: "form",
        label: msg("形式", { id: "receive.form" }),
        value: this.#value("form") === "copy" ? "copy" : "original",
        choices: worded(FORMS),
        onInput: (value) => this.#set("form", value),
      })}
      ${field({
        id: "copies",
        label: msg("份数", { id: "receive.copies" }),
        type: "number",
        value: this.#value("copies"),
        onInput: (value) => this.#set("copies", value),
      })}
      ${field({
        id: "pages",
        label: msg("页数", { id: "receive.pages" }),
        type: "number",
        value: this.#value("pages"),
        onInput: (value) => this.#set("pages", value),
      })}
    </div>`;
  }

  #correct() {
    return html`${field({
        id: "place",
        label: msg("更正处", { id: "itemAct.place" }),
        hint: msg("例如：第 2 页 经营场所", { id: "itemAct.placeHint" }),
        value: this.#value("place"),
        onInput: (value) => this.#set("place", value),
      })}
      <div class="grid">
        ${field({
          id: "before",
          label: msg("原来写作", { id: "itemAct.before" }),
          value: this.#value("before"),
          onInput: (value) => this.#set("before", value),
        })}
        ${field({
          id: "after",
          label: msg("更正为", { id: "itemAct.after" }),
          value: this.#value("after"),
          onInput: (value) => this.#set("after", value),
        })}
        ${field({
          id: "corrector",
          label: msg("更正人", { id: "itemAct.corrector" }),
          value: this.#value("corrector"),
          onInput: (value) => this.#set("corrector", value),
        })}
        ${choice({
          id: "relation",
          label: msg("身份", { id: "itemAct.relation" }),
          value: this.#value("relation"),
          choices: worded(RELATIONS),
          onInput: (value) => this.#set("relation", value),
        })}
      </div>
      ${this.#check(msg("已核对其有权更正", { id: "itemAct.entitled" }), this.entitled, (on) => (this.entitled = on))}
      ${this.#check(
        msg("已在更正处签名或盖章并注明今天的日期", { id: "itemAct.signed" }),
        this.signed,
        (on) => (this.signed = on),
      )}`;
  }

  #check(label: string, on: boolean, set: (on: boolean) => void) {
    return html`<label class="check">
      <input type="checkbox" .checked=${on} @change=${() => set(!on)} />
      ${label}
    </label>`;
  }

  /** What was typed, or what usually stands there: in Chinese whatever the screen's language, as the paper is. */
  #value(name: string): string {
    const usual: Readonly<Record<string, string>> = {
      defect: this.item?.handed === null ? NOT_HANDED_IN.zh : "",
      requirement: this.item === undefined ? "" : this.item.requirement.zh || this.item.name.zh,
      basis: this.basis,
      form: this.item?.wanted.form ?? "original",
      copies: `${this.item?.wanted.copies ?? 1}`,
      pages: "1",
      relation: "self",
    };
    return this.values[name] ?? usual[name] ?? "";
  }

  get #complete(): boolean {
    const needed = {
      deficient: ["defect", "requirement", "basis"],
      verify: ["matter", "reason", "byDate"],
      supplement: ["copies", "pages"],
      correct: ["place", "before", "after", "corrector"],
    }[this.act];
    return (
      needed.every((name) => this.#value(name).trim() !== "") && (this.act !== "correct" || this.entitled)
    );
  }

  #set(name: string, value: string): void {
    this.values = { ...this.values, [name]: value };
  }

  #done(done: boolean): void {
    this.dispatchEvent(new ItemActDoneEvent(done));
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#done(false);
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!this.#complete || this.item === undefined) return;
    if ((await this.#send(this.item)) === true) this.#done(true);
  };

  #send(item: ChecklistItemView): Promise<boolean> | undefined {
    const { itemId } = item;
    const value = (name: string): string => this.#value(name).trim();
    switch (this.act) {
      case "deficient":
        return this.desk?.command("POST /api/intakes/:id/judge", {
          itemId,
          verdict: {
            kind: "deficient",
            defect: value("defect"),
            requirement: value("requirement"),
            basis: value("basis"),
            correctableOnSpot: this.correctable,
          },
        });
      case "verify":
        return this.desk?.command("POST /api/intakes/:id/judge", {
          itemId,
          verdict: {
            kind: "verify",
            matter: value("matter"),
            reason: value("reason"),
            byDate: value("byDate"),
          },
        });
      case "supplement":
        return this.desk?.command("POST /api/intakes/:id/supplement-on-spot", {
          item: {
            ...usualHanded(item),
            form: value("form") === "copy" ? "copy" : "original",
            copies: Number(value("copies")),
            pages: Number(value("pages")),
          },
        });
      case "correct":
        break;
    }
    return this.desk?.command("POST /api/intakes/:id/correct-on-spot", {
      itemId,
      place: value("place"),
      before: value("before"),
      after: value("after"),
      corrector: { name: value("corrector"), relation: value("relation") },
      entitled: this.entitled,
      ...(this.signed ? { signature: { mode: "ink", date: beijingToday() } } : {}),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-item-act": ItemActForm;
  }
  interface HTMLElementEventMap {
    "cg-item-act-done": ItemActDoneEvent;
  }
}
