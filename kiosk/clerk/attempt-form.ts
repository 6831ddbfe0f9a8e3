/** Recording an attempt at service: the way, who served, when and where, and what the way has to state. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { OfficerView } from "../../gateway/http/contract/officers.ts";
import type { AttemptField } from "../../gateway/http/contract/service.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { beijingToday } from "../text/today.ts";
import { METHOD_CHOICES, type Method, statedWord } from "./service-words.ts";

export class AttemptEvent extends Event {
  readonly attempt: AttemptField;
  constructor(attempt: AttemptField) {
    super("cg-attempt");
    this.attempt = attempt;
  }
}

const BEIJING_OFFSET = "+08:00";
const MINUTES = 16;
const EIGHT_HOURS_MS = 28_800_000;
const PERIOD_DAYS = "30";

/** Now in Beijing as `datetime-local` has it. */
const nowInBeijing = (): string => new Date(Date.now() + EIGHT_HOURS_MS).toISOString().slice(0, MINUTES);

/** What each way states, beside people, time and place. */
const STATES: Readonly<Record<Method, readonly string[]>> = {
  direct: ["signee", "relation"],
  postal: ["postalNo"],
  leaving: ["refusal", "refusedOn", "witness"],
  entrusted: ["through", "reason"],
  forwarded: ["through", "reason"],
  publicNotice: ["medium", "publishedOn", "periodDays", "reason"],
};
const TYPES: Readonly<Record<string, "date" | "number">> = {
  refusedOn: "date",
  publishedOn: "date",
  periodDays: "number",
};

@customElement("cg-attempt-form")
@localized()
export class AttemptForm extends LitElement {
  @property({ attribute: false }) officers: readonly OfficerView[] = [];
  @property() recipient = "";
  @property({ type: Boolean }) busy = false;
  @state() private method: Method = "postal";
  @state() private mail: "registered" | "express" = "express";
  @state() private placeKind: "counter" | "domicile" | "unit" | "other" = "domicile";
  @state() private values: Readonly<Record<string, string>> = {};
  @state() private servers: readonly string[] = [];
  @state() private shown = false;

  static override readonly styles = [
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(15.5rem, 1fr));
        gap: var(--space-3);
        align-items: end;
        padding: var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface-sunk);
      }
      .field input,
      .field select {
        min-inline-size: 0;
        max-inline-size: 100%;
      }
      fieldset {
        grid-column: 1 / -1;
        border: 0;
        padding: 0;
        margin: 0;
      }
      .people {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
      }
      label.check {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
        min-block-size: var(--target);
      }
      label.check input {
        inline-size: 1.25rem;
        block-size: 1.25rem;
      }
    `,
  ];

  override render() {
    return html`<form @submit=${this.#submit}>
      ${choice<Method>({
        id: "method",
        label: msg("送达方式", { id: "attempt.method" }),
        value: this.method,
        choices: METHOD_CHOICES(),
        onInput: (value) => (this.method = value),
      })}
      ${
        this.method === "postal"
          ? choice<"registered" | "express">({
              id: "mail",
              label: msg("邮件种类", { id: "attempt.mail" }),
              value: this.mail,
              choices: [
                ["express", msg("特快专递", { id: "attempt.express" })],
                ["registered", msg("挂号信", { id: "attempt.registered" })],
              ],
              onInput: (value) => (this.mail = value),
            })
          : nothing
      }
      ${STATES[this.method].map((name) => this.#field(name, statedWord(name), TYPES[name]))}
      ${this.#field("happenedAt", msg("送达时间", { id: "attempt.happenedAt" }), "datetime-local")}
      ${choice({
        id: "placeKind",
        label: msg("地点类别", { id: "attempt.placeKind" }),
        value: this.placeKind,
        choices: [
          ["domicile", msg("住所", { id: "attempt.domicile" })],
          ["unit", msg("单位", { id: "attempt.unit" })],
          ["counter", msg("本窗口", { id: "attempt.counter" })],
          ["other", msg("其他地点", { id: "attempt.otherPlace" })],
        ] as const,
        onInput: (value) => (this.placeKind = value),
      })}
      ${this.#field("place", msg("送达地点", { id: "attempt.place" }))} ${this.#people()}
      <button type="submit" class="primary" ?disabled=${this.busy}>
        ${msg("记录这次送达", { id: "attempt.submit" })}
      </button>
    </form>`;
  }

  #people() {
    const active = this.officers.filter((officer) => officer.active && officer.kind === "officer");
    return html`<fieldset>
      <legend>${msg("送达人（外出送达须两人以上）", { id: "attempt.servers" })}</legend>
      <div class="people">
        ${
          active.length === 0
            ? this.#field("servers", msg("送达人工号，多人用逗号分开", { id: "attempt.serverIds" }))
            : active.map(
                ({ officerId, name, certificate }) =>
                  html`<label class="check"
                    ><input
                      type="checkbox"
                      .checked=${this.servers.includes(officerId)}
                      @change=${() => this.#toggle(officerId)}
                    />${name} <span class="soft small">${certificate?.certNo ?? "—"}</span></label
                  >`,
              )
        }
        <label class="check"
          ><input type="checkbox" .checked=${this.shown} @change=${() => (this.shown = !this.shown)} />${msg(
            "已出示执法证件",
            { id: "attempt.credentialsShown" },
          )}</label
        >
      </div>
    </fieldset>`;
  }

  #toggle(id: string): void {
    this.servers = this.servers.includes(id)
      ? this.servers.filter((one) => one !== id)
      : [...this.servers, id];
  }

  #value(name: string): string {
    const given = this.values[name];
    if (given !== undefined) return given;
    if (name === "happenedAt") return nowInBeijing();
    if (name === "signee") return this.recipient;
    if (name === "refusedOn" || name === "publishedOn") return beijingToday();
    return name === "periodDays" ? PERIOD_DAYS : "";
  }

  #field(name: string, label: string, type?: "date" | "number" | "datetime-local") {
    return field({
      id: name,
      label,
      value: this.#value(name),
      ...(type === undefined ? {} : { type }),
      // An emptied time is no time: the browser asks for it before anything is sent.
      required: type === "datetime-local" || type === "date",
      onInput: (value) => (this.values = { ...this.values, [name]: value }),
    });
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = (name: string): string => this.#value(name).trim();
    const typed = text("servers")
      .split(/[,，\s]+/)
      .filter((id) => id !== "");
    const base = {
      servers: (this.servers.length > 0 ? this.servers : typed) as AttemptField["servers"],
      happenedAt: Date.parse(`${text("happenedAt")}${BEIJING_OFFSET}`),
      placeKind: this.placeKind,
      place: text("place"),
      credentialsShown: this.shown,
    };
    this.dispatchEvent(new AttemptEvent(this.#way(base, text)));
  };

  #way(
    base: Pick<AttemptField, "servers" | "happenedAt" | "placeKind" | "place" | "credentialsShown">,
    text: (name: string) => string,
  ): AttemptField {
    const { method } = this;
    switch (method) {
      case "direct": {
        const relation = text("relation");
        return { ...base, method, signee: text("signee"), ...(relation === "" ? {} : { relation }) };
      }
      case "postal":
        return { ...base, method, mail: this.mail, postalNo: text("postalNo") };
      case "leaving": {
        const witness = text("witness");
        return {
          ...base,
          method,
          refusal: text("refusal"),
          refusedOn: text("refusedOn"),
          ...(witness === "" ? {} : { witness }),
        };
      }
      case "publicNotice":
        return {
          ...base,
          method,
          medium: text("medium"),
          publishedOn: text("publishedOn"),
          periodDays: Number(text("periodDays")),
          reason: text("reason"),
        };
      case "entrusted":
      case "forwarded":
        break;
    }
    return { ...base, method, through: text("through"), reason: text("reason") };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-attempt-form": AttemptForm;
  }
  interface HTMLElementEventMap {
    "cg-attempt": AttemptEvent;
  }
}
