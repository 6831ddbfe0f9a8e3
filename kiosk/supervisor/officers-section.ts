/** The registry of officers: certificates with their standing today, sections, training; import from a spreadsheet. */
import { localized, msg } from "@lit/localize";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { UserId } from "../../gateway/domain/ids.ts";
import type { OfficerView } from "../../gateway/http/contract/officers.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { type Tone, chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { filePicker, readText, tableReport } from "../elements/table-report.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

type Kind = OfficerView["kind"];
interface Draft {
  readonly officerId: string;
  readonly name: string;
  readonly kind: Kind;
  readonly section: string;
  readonly certNo: string;
  readonly validFrom: string;
  readonly validTo: string;
}
const EMPTY: Draft = {
  officerId: "",
  name: "",
  kind: "officer",
  section: "",
  certNo: "",
  validFrom: "",
  validTo: "",
};

const STANDINGS: Readonly<Record<OfficerView["standing"], readonly [word: () => string, tone: Tone]>> = {
  certified: [() => msg("持证有效", { id: "standing.certified" }), "ok"],
  assistant: [() => msg("辅助人员", { id: "standing.assistant" }), "plain"],
  none: [() => msg("未持证", { id: "standing.none" }), "warn"],
  notYetValid: [() => msg("尚未生效", { id: "standing.notYetValid" }), "warn"],
  expired: [() => msg("已过期", { id: "standing.expired" }), "bad"],
  left: [() => msg("已离岗", { id: "standing.left" }), "plain"],
};

@customElement("cg-officers-section")
@localized()
export class OfficersSection extends LitElement {
  @state() private draft: Draft = EMPTY;
  readonly #officers = new Task(this, async (signal) => call("GET /api/officers", { signal }));
  readonly #save = new Task(this, async (signal, draft: Draft) => {
    const { officerId, certNo, validFrom, validTo, ...rest } = draft;
    const certificate = certNo.trim() === "" ? {} : { certNo, validFrom, validTo };
    await call("PUT /api/officers/:officerId", {
      params: { officerId: officerId.trim() as UserId },
      body: { commandId: newCommandId(), ...rest, ...certificate },
      signal,
    });
    this.draft = EMPTY;
    await this.#officers.run();
  });
  readonly #active = new Task(this, async (signal, officer: OfficerView) => {
    const { officerId, active } = officer;
    const body = { commandId: newCommandId(), active: !active };
    await call("POST /api/officers/:officerId/active", { params: { officerId }, body, signal });
    await this.#officers.run();
  });
  readonly #import = new Task(this, async (signal, file: File) => {
    const body = { commandId: newCommandId(), text: await readText(file) };
    const report = await call("POST /api/officers/import", { body, signal });
    await this.#officers.run();
    return report;
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    return html`<div class="stack">
      <div class="row spread">
        <h2>${msg("执法人员名册", { id: "officers.title" })}</h2>
        ${filePicker(msg("从表格导入（CSV）", { id: "officers.import" }), ".csv,text/csv", (file) => void this.#import.run(file))}
      </div>
      ${failure(this.#officers.error)} ${failure(this.#save.error)} ${failure(this.#active.error)}
      ${failure(this.#import.error)} ${tableReport(this.#import.value)}
      <div class="panel scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">${msg("工号", { id: "officers.id" })}</th>
              <th scope="col">${msg("姓名", { id: "officers.name" })}</th>
              <th scope="col">${msg("科室", { id: "officers.section" })}</th>
              <th scope="col">${msg("执法证号", { id: "label.certNo" })}</th>
              <th scope="col">${msg("有效期", { id: "officers.validity" })}</th>
              <th scope="col">${msg("状态", { id: "officers.standing" })}</th>
              <th scope="col">${msg("培训", { id: "officers.training" })}</th>
              <th scope="col">${msg("操作", { id: "officers.acts" })}</th>
            </tr>
          </thead>
          <tbody>
            ${(this.#officers.value ?? []).map((officer) => this.#row(officer))}
          </tbody>
        </table>
      </div>
      ${this.#form()}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#officers.run();
  }

  #row(officer: OfficerView) {
    const { officerId, name, section, certificate, standing, training, active } = officer;
    const [word, tone] = STANDINGS[standing];
    return html`<tr>
      <td>${officerId}</td>
      <td>${name}</td>
      <td>${section}</td>
      <td class="figures">${certificate?.certNo ?? "—"}</td>
      <td class="figures">
        ${certificate === null ? "—" : `${certificate.validFrom} – ${certificate.validTo}`}
      </td>
      <td>${chip(tone, word())}</td>
      <td>
        ${training.map(({ topic, on, hours }) => html`<div class="small">${on} ${topic} ${hours} h</div>`)}
      </td>
      <td>
        <div class="row">
          <button type="button" @click=${() => this.#edit(officer)}>
            ${msg("修改", { id: "officers.edit" })}
          </button>
          <button type="button" class="quiet" @click=${() => this.#active.run(officer)}>
            ${active ? msg("离岗", { id: "officers.leave" }) : msg("复岗", { id: "officers.back" })}
          </button>
        </div>
      </td>
    </tr>`;
  }

  #edit({ officerId, name, kind, section, certificate }: OfficerView): void {
    this.draft = {
      officerId,
      name,
      kind,
      section,
      certNo: certificate?.certNo ?? "",
      validFrom: certificate?.validFrom ?? "",
      validTo: certificate?.validTo ?? "",
    };
  }

  #form() {
    const text = (name: Exclude<keyof Draft, "kind">, label: string, type?: "date") =>
      field({
        id: name,
        label,
        value: this.draft[name],
        ...(type === undefined ? {} : { type }),
        onInput: (value) => (this.draft = { ...this.draft, [name]: value }),
      });
    return html`<form
      class="panel grid"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#save.run(this.draft);
      }}
    >
      ${text("officerId", msg("工号（与登录账号一致）", { id: "officers.idHint" }))}
      ${text("name", msg("姓名", { id: "officers.name" }))}
      ${choice<Kind>({
        id: "kind",
        label: msg("类别", { id: "officers.kind" }),
        value: this.draft.kind,
        choices: [
          ["officer", msg("执法人员", { id: "label.officer" })],
          ["assistant", msg("辅助人员", { id: "standing.assistant" })],
        ],
        onInput: (kind) => (this.draft = { ...this.draft, kind }),
      })}
      ${text("section", msg("科室", { id: "officers.section" }))}
      ${text("certNo", msg("执法证号", { id: "label.certNo" }))}
      ${text("validFrom", msg("有效期起", { id: "officers.validFrom" }), "date")}
      ${text("validTo", msg("有效期止", { id: "officers.validTo" }), "date")}
      <button type="submit" class="primary" ?disabled=${this.#save.pending}>
        ${msg("保存", { id: "officers.save" })}
      </button>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-officers-section": OfficersSection;
  }
}
