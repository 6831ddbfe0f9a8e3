/** Registers a request for viewing or copying. Fires `cg-requested` with what the rule makes of it. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { AccessRequestView } from "../../gateway/http/contract/access.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { actWords, materialWords, requesterWords } from "../text/access-words.ts";
import { failure, failureStyles } from "./failure.ts";
import { choice, field } from "./field.ts";
import { icon } from "./icon.ts";

type Requester = AccessRequestView["requester"];
const entries = <Key extends string>(
  words: Readonly<Record<Key, string>>,
): readonly (readonly [Key, string])[] =>
  (Object.keys(words) as Key[]).map((key) => [key, words[key]] as const);

export class RequestedEvent extends Event {
  static readonly type = "cg-requested";
  readonly request: AccessRequestView;
  constructor(request: AccessRequestView) {
    super(RequestedEvent.type, { bubbles: true, composed: true });
    this.request = request;
  }
}

@customElement("cg-access-request-form")
@localized()
export class AccessRequestForm extends LitElement {
  @state() private requester: Requester = "party";
  @state() private act: AccessRequestView["act"] = "copy";
  @state() private material: AccessRequestView["material"] = "conclusive";
  @state() private inProceeding = false;
  @state() private name = "";
  @state() private unit = "";
  @state() private number = "";
  @state() private matterId = "";
  @state() private purpose = "";
  /** The same until the request is there, so that pressing twice registers once. */
  #commandId = newCommandId();
  readonly #ask = new Task(this, async (signal) => {
    const { requester, act, material, inProceeding } = this;
    const unit = this.unit.trim();
    const person = { name: this.name.trim(), number: this.number.trim(), ...(unit === "" ? {} : { unit }) };
    return call("POST /api/access-requests", {
      body: {
        commandId: this.#commandId,
        requester,
        act,
        material,
        inProceeding,
        matterId: this.matterId.trim(),
        purpose: this.purpose.trim(),
        ...(requester === "staff" ? {} : { person }),
      },
      signal,
    });
  });

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    return html`<form class="panel stack" @submit=${this.#submit}>
      <h3>${msg("登记查阅（复制）申请", { id: "accessForm.title" })}</h3>
      <div class="grid">
        ${choice<Requester>({
          id: "requester",
          label: msg("申请人", { id: "accessForm.requester" }),
          value: this.requester,
          choices: entries(requesterWords()),
          onInput: (value) => (this.requester = value),
        })}
        ${choice<AccessRequestView["act"]>({
          id: "act",
          label: msg("申请事项", { id: "accessForm.act" }),
          value: this.act,
          choices: entries(actWords()),
          onInput: (value) => (this.act = value),
        })}
        ${choice<AccessRequestView["material"]>({
          id: "material",
          label: msg("内容", { id: "accessForm.material" }),
          value: this.material,
          choices: entries(materialWords()),
          onInput: (value) => (this.material = value),
        })}
        ${field({
          id: "matter",
          label: msg("办件编号", { id: "accessForm.matter" }),
          value: this.matterId,
          maxLength: 64,
          required: true,
          onInput: (value) => (this.matterId = value),
        })}
        ${this.requester === "staff" ? nothing : this.#person()}
        ${field({
          id: "purpose",
          label: msg("用途", { id: "accessForm.purpose" }),
          value: this.purpose,
          maxLength: 500,
          required: true,
          onInput: (value) => (this.purpose = value),
        })}
      </div>
      <label class="row">
        <input
          type="checkbox"
          .checked=${this.inProceeding}
          @change=${(event: Event) => (this.inProceeding = (event.currentTarget as HTMLInputElement).checked)}
        />
        ${msg("本案已进入行政诉讼或者行政复议程序", { id: "accessForm.inProceeding" })}
      </label>
      ${failure(this.#ask.error)}
      <div class="row">
        <button type="submit" class="primary" ?disabled=${!this.#isComplete || this.#ask.pending}>
          ${icon("paper")}${msg("登记申请", { id: "accessForm.submit" })}
        </button>
      </div>
    </form>`;
  }

  #person() {
    return html`${field({
      id: "name",
      label: msg("姓名", { id: "accessForm.name" }),
      value: this.name,
      maxLength: 100,
      required: true,
      onInput: (value) => (this.name = value),
    })}
    ${field({
      id: "unit",
      label: msg("单位（没有可不填）", { id: "accessForm.unit" }),
      value: this.unit,
      maxLength: 100,
      onInput: (value) => (this.unit = value),
    })}
    ${field({
      id: "number",
      label: msg("证件号码", { id: "accessForm.number" }),
      value: this.number,
      maxLength: 40,
      required: true,
      onInput: (value) => (this.number = value),
    })}`;
  }

  get #isComplete(): boolean {
    const isNamed = this.requester === "staff" || (this.name.trim() !== "" && this.number.trim() !== "");
    return isNamed && this.matterId.trim() !== "" && this.purpose.trim() !== "";
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const request = await this.#ask.run();
    if (request === undefined) return;
    this.#commandId = newCommandId();
    this.name = "";
    this.number = "";
    this.unit = "";
    this.purpose = "";
    this.dispatchEvent(new RequestedEvent(request));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-access-request-form": AccessRequestForm;
  }
  interface HTMLElementEventMap {
    "cg-requested": RequestedEvent;
  }
}
