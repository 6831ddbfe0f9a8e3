/** A record's form, made from the catalogue: its fields, who signs, and the ground where there is no footage. */
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

type Kind = CatalogueView["kinds"][number];
type Activity = CatalogueView["activities"][number];

const MINUTE_MS = 60_000;

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
  readonly #save = new Task(this, async (signal) => {
    const row = this.#row();
    if (row === undefined || this.activity === "") return;
    const caseId = this.caseId === "" ? await this.#open(this.activity, signal) : this.caseId;
    const endMs = Date.now();
    await call("POST /api/cases/:caseId/records", {
      params: { caseId },
      body: {
        commandId: newCommandId(),
        kind: row.kind,
        startMs: endMs - MINUTE_MS,
        endMs,
        flags: [],
        fields: { ...this.texts },
        officers: [],
        signatures: row.signers.flatMap(({ roles }) => {
          const [role = ""] = roles;
          const name = (this.names[role] ?? "").trim();
          return name === "" ? [] : [{ role, name, how: "signed" as const }];
        }),
        footage: [],
        scans: [],
        ...(this.ground === "" || this.groundText.trim() === ""
          ? {}
          : { avReason: { code: this.ground, text: this.groundText.trim() } }),
      },
      signal,
    });
    this.dispatchEvent(new CustomEvent("recorded"));
  });

  static override readonly styles = [controls, deskPage, failureStyles];

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
      ${row === undefined ? nothing : this.#fields(row, catalogue)}
      <div class="row">
        <button type="submit" class="primary" ?disabled=${this.#save.pending || row === undefined}>
          ${msg("保存记录", { id: "record.save" })}
        </button>
      </div>
    </form>`;
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
        ${row.signers.map(({ roles }) => {
          const [role = ""] = roles;
          const label = roles.map((one) => {
            const word = words.signers[one];
            return word === undefined ? one : pick(word);
          });
          return field({
            id: `signer-${role}`,
            label: `${label.join("／")} ${msg("签字", { id: "record.signature" })}`,
            value: this.names[role] ?? "",
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
                empty: msg("有音像记录，另行关联", { id: "record.linked" }),
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
