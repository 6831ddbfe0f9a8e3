/**
 * Registering applicant, agent and matter. Invariant: what is typed is checked by the same rules as the gateway
 * before it is sent, and the gateway has the last word.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PersonIdKind } from "../../gateway/domain/intake/party.ts";
import type { CaseView } from "../../gateway/http/contract/bureau.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import { call, newCommandId } from "../api.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import "./case-inbox.ts";
import type { CaseEvent } from "./case-inbox.ts";
import type { CommandBody, IntakeDesk } from "./desk.ts";
import {
  type PartyDraft,
  EMPTY_PARTY,
  agentOf,
  applicantOf,
  problemOfField,
  problemsOf,
} from "./party-draft.ts";
import { beijingToday } from "../text/today.ts";
import { ID_KINDS, worded } from "./words.ts";

type Body = CommandBody<"POST /api/intakes/:id/register">;

@customElement("cg-register-form")
@localized()
export class RegisterForm extends LitElement {
  @property({ attribute: false }) desk: IntakeDesk | undefined;
  @property({ attribute: false }) catalogue: CatalogueView | undefined;
  @property({ type: Boolean }) busy = false;
  @state() private draft: PartyDraft = EMPTY_PARTY;
  @state() private matterCode = "";
  @state() private previous = "";
  @state() private oral = false;
  @state() private statement = "";
  /** Fields that were left once, or all after the first try to send. */
  @state() private touched: ReadonlySet<string> = new Set();
  @state() private tried = false;

  /** The case that filled the form. */
  #caseNo = "";

  static override readonly styles = [
    controls,
    css`
      h2 {
        font-size: var(--text-title);
        font-family: var(--serif);
      }
      h3 {
        font-size: var(--text-large);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
        gap: var(--space-4);
      }
      .wide {
        grid-column: 1 / -1;
      }
      .kinds {
        display: flex;
        gap: var(--space-2);
      }
      .matters {
        display: grid;
        gap: var(--space-2);
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
    const { draft } = this;
    const person = draft.kind === "person";
    return html`<form class="panel stack" novalidate @submit=${this.#submit}>
      <h2>${msg("申请登记", { id: "register.title" })}</h2>
      <cg-case-inbox @cg-case=${(event: CaseEvent) => this.#take(event.chosen)}></cg-case-inbox>
      <fieldset class="stack">
        <legend>${msg("申请事项", { id: "register.matter" })}</legend>
        <div class="matters">
          ${(this.catalogue?.matters ?? []).map(
            (matter) =>
              html`<label class="check">
                <input
                  type="radio"
                  name="matter"
                  value=${matter.code}
                  .checked=${this.matterCode === matter.code}
                  @change=${() => (this.matterCode = matter.code)}
                />
                <span>${pick(matter.name)} <span class="soft small">${matter.code}</span></span>
              </label>`,
          )}
        </div>
        ${
          this.tried && this.matterCode === ""
            ? html`<span class="problem" role="alert"
                >${msg("请选择申请事项", { id: "register.noMatter" })}</span
              >`
            : nothing
        }
      </fieldset>
      <div class="row spread">
        <h3>${msg("申请人", { id: "register.applicant" })}</h3>
        <div class="kinds" role="group" aria-label=${msg("申请人类型", { id: "register.kind" })}>
          <button type="button" aria-pressed=${person} @click=${() => this.#set("kind", "person")}>
            ${msg("个人", { id: "register.person" })}
          </button>
          <button type="button" aria-pressed=${!person} @click=${() => this.#set("kind", "company")}>
            ${msg("单位", { id: "register.company" })}
          </button>
        </div>
      </div>
      <div class="grid">
        ${person ? this.#person() : this.#company()}
        ${this.#field("phone", msg("联系电话", { id: "register.phone" }), { type: "tel" })}
        <div class="wide">
          ${this.#field("address", msg("联系地址（可不填）", { id: "register.address" }))}
        </div>
      </div>
      <label class="check">
        <input
          type="checkbox"
          .checked=${draft.hasAgent}
          @change=${() => this.#set("hasAgent", !draft.hasAgent)}
        />
        ${msg("由委托代理人办理", { id: "register.hasAgent" })}
      </label>
      ${draft.hasAgent ? html`<div class="grid">${this.#agent()}</div>` : nothing}
      <label class="check">
        <input type="checkbox" .checked=${this.oral} @change=${() => (this.oral = !this.oral)} />
        ${msg("口头申请：制作记录，申请人当场签名", { id: "register.oral" })}
      </label>
      ${
        this.oral
          ? field({
              id: "statement",
              label: msg("口头申请的内容（写入口头申请记录）", { id: "register.statement" }),
              value: this.statement,
              maxLength: 1000,
              problem:
                this.tried && this.statement.trim() === ""
                  ? msg("请写明口头申请的内容", { id: "register.noStatement" })
                  : undefined,
              onInput: (value) => (this.statement = value),
            })
          : nothing
      }
      <details>
        <summary>${msg("重新申请（曾被退回）", { id: "register.resubmission" })}</summary>
        ${field({
          id: "previous",
          label: msg("原申请编号", { id: "register.previous" }),
          value: this.previous,
          onInput: (value) => (this.previous = value.trim()),
        })}
      </details>
      <div class="row">
        <button class="primary" type="submit" ?disabled=${this.busy}>
          ${msg("登记并进入收件", { id: "register.submit" })}
        </button>
      </div>
    </form>`;
  }

  #person() {
    return html`${this.#field("name", msg("姓名", { id: "register.name" }))}
    ${choice<PersonIdKind>({
      id: "idKind",
      label: msg("证件类型", { id: "register.idKind" }),
      value: this.draft.idKind,
      choices: worded(ID_KINDS),
      onInput: (value) => this.#set("idKind", value),
    })}
    ${this.#field("idNumber", msg("证件号码", { id: "register.idNumber" }))}`;
  }

  #company() {
    return html`${this.#field("name", msg("单位名称", { id: "register.companyName" }))}
    ${this.#field("creditCode", msg("统一社会信用代码", { id: "register.creditCode" }))}
    ${this.#field("representative", msg("法定代表人（负责人）", { id: "register.representative" }))}
    ${this.#field("contactName", msg("联系人", { id: "register.contactName" }))}`;
  }

  #agent() {
    return html`${this.#field("agentName", msg("代理人姓名", { id: "register.agentName" }))}
      ${choice<PersonIdKind>({
        id: "agentIdKind",
        label: msg("代理人证件类型", { id: "register.agentIdKind" }),
        value: this.draft.agentIdKind,
        choices: worded(ID_KINDS),
        onInput: (value) => this.#set("agentIdKind", value),
      })}
      ${this.#field("agentIdNumber", msg("代理人证件号码", { id: "register.agentIdNumber" }))}
      ${this.#field("agentPhone", msg("代理人电话", { id: "register.agentPhone" }), { type: "tel" })}
      <div class="wide">
        ${this.#field("authorisation", msg("委托权限与期限（照委托书填写）", { id: "register.authorisation" }))}
      </div>`;
  }

  #field(name: TextField, label: string, options: { readonly type?: "tel" } = {}) {
    const problem =
      this.tried || this.touched.has(name) ? problemOfField(this.draft, name, beijingToday()) : undefined;
    return field({
      id: name,
      label,
      value: this.draft[name],
      problem,
      ...options,
      onInput: (value) => this.#set(name, value),
      onBlur: () => {
        if (this.draft[name] !== "") this.touched = new Set([...this.touched, name]);
      },
    });
  }

  #set<Name extends keyof PartyDraft>(name: Name, value: PartyDraft[Name]): void {
    this.draft = { ...this.draft, [name]: value };
  }

  /** A case of the bureau's own system fills the form; what it says is checked here like anything typed. */
  #take({ caseNo, matterCode, applicant }: CaseView): void {
    if (applicant === null) return;
    this.draft = { ...this.draft, ...applicant };
    this.matterCode = matterCode;
    this.#caseNo = caseNo;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.tried = true;
    await this.updateComplete;
    const problems = problemsOf(this.draft, beijingToday());
    const unsaid = this.oral && this.statement.trim() === "";
    if (this.matterCode === "" || problems.length > 0 || unsaid) {
      this.renderRoot.querySelector<HTMLElement>("[aria-invalid=true], input[name=matter]")?.focus();
      return;
    }
    const applicant = applicantOf(this.draft);
    const agent = agentOf(this.draft);
    const body: Body = {
      matterCode: this.matterCode,
      applicant,
      ...(agent === undefined ? {} : { agent }),
      ...(this.oral
        ? {
            oral: {
              signatory: {
                name: applicant.kind === "company" ? applicant.contactName : applicant.name,
                relation: applicant.kind === "company" ? "receivingStaff" : "self",
              },
              statement: this.statement.trim(),
              signature: { mode: "ink" as const, date: beijingToday() },
            },
          }
        : {}),
      ...(this.previous === ""
        ? {}
        : { previousApplicationId: this.previous as NonNullable<Body["previousApplicationId"]> }),
    };
    const registered = await this.desk?.command("POST /api/intakes/:id/register", body);
    const applicationId = this.desk?.view?.applicationId;
    if (registered !== true || this.#caseNo === "" || applicationId === undefined) return;
    await call("POST /api/bureau/cases/link", {
      body: { commandId: newCommandId(), caseNo: this.#caseNo, applicationId },
    });
  };
}

type TextField = Exclude<keyof PartyDraft, "kind" | "idKind" | "agentIdKind" | "hasAgent">;

declare global {
  interface HTMLElementTagNameMap {
    "cg-register-form": RegisterForm;
  }
}
