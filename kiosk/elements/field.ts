/** A labelled input with hint and problem, joined by ids in the same shadow root, so that labels are heard. */
import { type TemplateResult, html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";

export interface FieldOptions {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password" | "tel" | "date" | "number" | "datetime-local";
  readonly hint?: string;
  /** What is wrong with the value; shown below and announced. */
  readonly problem?: string | undefined;
  readonly required?: boolean;
  readonly autocomplete?: "off" | "username" | "current-password" | "new-password";
  readonly maxLength?: number;
  readonly onBlur?: () => void;
}

function describedBy(options: {
  id: string;
  hint?: string;
  problem?: string | undefined;
}): string | undefined {
  const ids = [
    options.hint === undefined ? "" : `${options.id}-hint`,
    options.problem === undefined ? "" : `${options.id}-problem`,
  ].filter((id) => id !== "");
  return ids.length === 0 ? undefined : ids.join(" ");
}

function notes(options: { id: string; hint?: string; problem?: string | undefined }) {
  return html`${
    options.hint === undefined
      ? nothing
      : html`<span class="hint" id="${options.id}-hint">${options.hint}</span>`
  }
  ${
    options.problem === undefined
      ? nothing
      : html`<span class="problem" id="${options.id}-problem">${options.problem}</span>`
  }`;
}

export function field(options: FieldOptions): TemplateResult {
  return html`<div class="field">
    <label for=${options.id}>${options.label}</label>
    <input
      id=${options.id}
      name=${options.id}
      type=${options.type ?? "text"}
      .value=${options.value}
      ?required=${options.required ?? false}
      autocomplete=${options.autocomplete ?? "off"}
      maxlength=${ifDefined(options.maxLength)}
      aria-invalid=${options.problem === undefined ? "false" : "true"}
      aria-describedby=${ifDefined(describedBy(options))}
      @input=${(event: InputEvent) => options.onInput((event.currentTarget as HTMLInputElement).value)}
      @blur=${() => options.onBlur?.()}
    />
    ${notes(options)}
  </div>`;
}

export interface ChoiceOptions<Value extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: Value | "";
  readonly choices: readonly (readonly [value: Value, text: string])[];
  readonly onInput: (value: Value) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  /** Text of the empty first choice; left out when there is always a value. */
  readonly empty?: string;
}

export function choice<Value extends string>(options: ChoiceOptions<Value>): TemplateResult {
  return html`<div class="field">
    <label for=${options.id}>${options.label}</label>
    <select
      id=${options.id}
      name=${options.id}
      aria-invalid=${options.problem === undefined ? "false" : "true"}
      aria-describedby=${ifDefined(describedBy(options))}
      @change=${(event: Event) => options.onInput((event.currentTarget as HTMLSelectElement).value as Value)}
    >
      ${
        options.empty === undefined
          ? nothing
          : html`<option value="" ?selected=${options.value === ""}>${options.empty}</option>`
      }
      ${options.choices.map(
        ([value, text]) => html`<option value=${value} ?selected=${value === options.value}>${text}</option>`,
      )}
    </select>
    ${notes(options)}
  </div>`;
}
