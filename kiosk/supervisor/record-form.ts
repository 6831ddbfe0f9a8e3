/** A record's form, made from the catalogue: its fields, who signs, circumstances, footage or the ground where there is none. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CatalogueView } from "../../gateway/http/contract/records.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { pick } from "../text/language.ts";
import {
  type Circumstances,
  bodyOfCircumstances,
  circumstances,
  circumstancesStyles,
  freshCircumstances,
  isTimely,
} from "./record-circumstances.ts";

type Kind = CatalogueView["kinds"][number];
type Activity = CatalogueView["activities"][number];

@customElement("cg-record-form")
@localized()
export class RecordForm extends LitElement {
  @property({ attribute: false }) catalogue: CatalogueView | undefined;
  @state() private activity: Activity | "" = "";
  @state() private kind = "";
  @state() private matter = "";
  @state() private caseId = "";
  @state() private texts: Readonly<Record<string, string>> = {};
  @state() private names: Readonly<Record<string, string>> = {};
  @state() private ground = "";
  @state() private groundText = "";
  @state() private circumstances: Circumstances = freshCircumstances(Date.now());
  readonly #cameras = new Task(this, async (signal) => call("GET /api/cameras", { signal }));
  readonly #files = new Task(this, async (signal) =>
    call("GET /api/dock-files", { query: { limit: 200 }, signal }),
  );
  readonly #save = new Task(this, async (signal) => {
    const row = this.#row();
    if (row === undefined || this.activity === "") return;
    const caseId = this.caseId === "" ? await this.#open(this.activity, signal) : this.caseId;
    await call("POST /api/cases/:caseId/records", {
      params: { caseId },
      body: {
        commandId: newCommandId(),
        kind: row.kind,
        ...bodyOfCircumstances(this.circumstances),
        fields: Object.fromEntries(
          row.fields.flatMap((name) => {
            const text = (this.texts[name] ?? "").trim();
            return text === "" ? [] : [[name, text]];
          }),
        ),
        signatures: row.signers.flatMap(({ roles }) => {
          const [role = ""] = roles;
          const names = (this.names[role] ?? "").split(/[、，,]/).map((name) => name.trim());
          return names.filter((name) => name !== "").map((name) => ({ role, name, how: "signed" as const }));
        }),
        scans: [],
        ...(this.ground === "" || this.groundText.trim() === ""
          ? {}
          : { avReason: { code: this.ground, text: this.groundText.trim() } }),
      },
      signal,
    });
    this.dispatchEvent(new CustomEvent("recorded"));
  });

  static override readonly styles = [controls, deskPage, failureStyles, circumstancesStyles];

  override render() {
    const { catalogue } = this;
    if (catalogue === undefined) return nothing;
    const row = this.#row();
    const kinds = catalogue.kinds.filter(
      ({ activities, stage }) =>
        this.activity !== "" && stage !== "intake" && activities.includes(this.activity),
    );
    return html`<form
      class="panel stack"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#save.run();
      }}
    >
      ${failure(this.#save.error)}
      <div class="grid">
        ${choice<Activity>({
          id: "activity",
          label: msg("执法行为", { id: "record.activity" }),
          value: this.activity,
          empty: msg("请选择", { id: "record.choose" }),
          choices: catalogue.activities.map((one) => {
            const word = catalogue.words.activities[one];
            return [one, word === undefined ? one : pick(word)] as const;
          }),
          onInput: (value) => {
            this.activity = value;
            this.kind = "";
          },
        })}
        ${choice<string>({
          id: "kind",
          label: msg("文书", { id: "record.kind" }),
          value: this.kind,
          empty: msg("请选择", { id: "record.choose" }),
          choices: kinds.map(({ kind, name }) => [kind, pick(name)] as const),
          onInput: (value) => (this.kind = value),
        })}
        ${field({
          id: "case",
          label: msg("案件编号（新案件留空）", { id: "record.case" }),
          value: this.caseId,
          maxLength: 64,
          onInput: (value) => (this.caseId = value.trim()),
        })}
        ${
          this.caseId === ""
            ? field({
                id: "title",
                label: msg("案由", { id: "record.title" }),
                value: this.matter,
                required: true,
                maxLength: 300,
                onInput: (value) => (this.matter = value),
              })
            : nothing
        }
      </div>
      ${failure(this.#cameras.error)} ${failure(this.#files.error)}
      ${
        row === undefined
          ? nothing
          : html`${circumstances(this.circumstances, {
              catalogue,
              cameras: this.#cameras.value ?? [],
              files: this.#files.value ?? [],
              set: (change) => (this.circumstances = { ...this.circumstances, ...change }),
            })}
            ${this.#fields(row, catalogue)}`
      }
      <div class="row">
        <button
          type="submit"
          class="primary"
          ?disabled=${this.#save.pending || row === undefined || !isTimely(this.circumstances)}
        >
          ${msg("保存记录", { id: "record.save" })}
        </button>
      </div>
    </form>`;
  }

  override firstUpdated(): void {
    void this.#cameras.run();
    void this.#files.run();
  }

  #row(): Kind | undefined {
    return this.catalogue?.kinds.find(({ kind }) => kind === this.kind);
  }

  async #open(activity: Activity, signal: AbortSignal): Promise<string> {
    const { caseId } = await call("POST /api/cases", {
      body: { commandId: newCommandId(), activity, title: this.matter.trim(), authorityBasis: "own" },
      signal,
    });
    // A second try after a refusal records into the matter that is open already.
    this.caseId = caseId;
    return caseId;
  }

  #fields(row: Kind, { words, avReasons }: CatalogueView) {
    return html`<div class="grid">
        ${row.fields.map((name) => {
          const word = words.fields[name];
          return field({
            id: `field-${name}`,
            label: word === undefined ? name : pick(word),
            value: this.texts[name] ?? "",
            maxLength: 20_000,
            onInput: (value) => (this.texts = { ...this.texts, [name]: value }),
          });
        })}
        ${row.signers.map(({ roles, count }) => {
          const [role = ""] = roles;
          const label = roles.map((one) => {
            const word = words.signers[one];
            return word === undefined ? one : pick(word);
          });
          return field({
            id: `signer-${role}`,
            label: `${label.join("／")} ${msg("签字", { id: "record.signature" })}`,
            value: this.names[role] ?? "",
            ...(count > 1 ? { hint: msg("多人用顿号分开", { id: "record.severalNames" }) } : {}),
            maxLength: 120,
            onInput: (value) => (this.names = { ...this.names, [role]: value }),
          });
        })}
      </div>
      ${
        row.av.length === 0
          ? nothing
          : html`<div class="grid">
              ${choice<string>({
                id: "ground",
                label: msg("没有音像记录的原因", { id: "record.ground" }),
                value: this.ground,
                empty: msg("有音像记录", { id: "record.linked" }),
                choices: avReasons.map((code) => {
                  const word = words.avReasons[code];
                  return [code, word === undefined ? code : pick(word)] as const;
                }),
                onInput: (value) => (this.ground = value),
              })}
              ${field({
                id: "ground-text",
                label: msg("具体情况", { id: "record.groundText" }),
                value: this.groundText,
                maxLength: 2000,
                onInput: (value) => (this.groundText = value),
              })}
            </div>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-record-form": RecordForm;
  }
}
