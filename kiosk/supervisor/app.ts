/** The supervisor's page: playback, all cameras at a glance, body-camera files, ledgers. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Role } from "../../gateway/domain/roles.ts";
import { Session } from "../controllers/session.ts";
import "../elements/access-desk.ts";
import "../elements/desk-frame.ts";
import { deskTabs } from "../elements/desk-tabs.ts";
import "../elements/sign-in.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import "./access-section.ts";
import "./approvals-section.ts";
import "./decisions-section.ts";
import "./case-files-section.ts";
import "./documents-section.ts";
import "./files-section.ts";
import "./guides-section.ts";
import "./officers-section.ts";
import "./overview-section.ts";
import "./oversight-section.ts";
import "./playback-section.ts";
import "./records-section.ts";

type Tab =
  | "records"
  | "caseFiles"
  | "playback"
  | "approvals"
  | "overview"
  | "files"
  | "access"
  | "documents"
  | "requests"
  | "oversight"
  | "officers"
  | "guides"
  | "decisions";

/** Who a section is for where not everybody of this page may read what it shows. */
const READERS: Partial<Record<Tab, readonly Role[]>> = {
  approvals: ["supervisor", "leader"],
  overview: ["supervisor"],
  decisions: ["supervisor", "leader"],
  guides: ["supervisor", "leader"],
};

@customElement("cg-supervisor")
@localized()
export class SupervisorPage extends LitElement {
  @state() private chosen: Tab | undefined;
  readonly #session = new Session(this);

  static override readonly styles = [controls, deskPage];

  override render() {
    const heading = msg("监督检查", { id: "supervisor.title" });
    if (this.#session.view === undefined) return nothing;
    if (this.#session.view === null)
      return html`<cg-sign-in .session=${this.#session} .heading=${heading}></cg-sign-in>`;
    const tabs = this.#tabs().filter(([tab]) => this.#reads(tab));
    const tab = this.chosen ?? tabs[0]?.[0] ?? "records";
    return html`<cg-desk-frame .session=${this.#session} .heading=${heading}>
      ${deskTabs<Tab>(tabs, tab, (next) => (this.chosen = next))}
      <div class="content">${this.#section(tab)}</div>
    </cg-desk-frame>`;
  }

  #reads(tab: Tab): boolean {
    const readers = READERS[tab];
    return readers === undefined || this.#session.has(...readers);
  }

  #tabs(): readonly (readonly [tab: Tab, text: string])[] {
    return [
      ["playback", msg("录像回放", { id: "supervisor.playback" })],
      ["approvals", msg("受理结论审批", { id: "supervisor.approvals" })],
      ["overview", msg("画面总览", { id: "supervisor.overview" })],
      ["files", msg("执法记录仪", { id: "supervisor.files" })],
      ["records", msg("全过程记录", { id: "records.title" })],
      ["caseFiles", msg("案卷", { id: "caseFiles.title" })],
      ["documents", msg("文书台账", { id: "supervisor.documents" })],
      ["access", msg("调阅台账", { id: "supervisor.access" })],
      ["requests", msg("查阅复制审批", { id: "supervisor.requests" })],
      ["oversight", msg("抽查与整改", { id: "oversight.title" })],
      ["decisions", msg("审批期限", { id: "supervisor.decisions" })],
      ["officers", msg("执法人员", { id: "supervisor.officers" })],
      ["guides", msg("服务指南", { id: "supervisor.guides" })],
    ];
  }

  #section(tab: Tab) {
    switch (tab) {
      case "playback":
        return html`<cg-playback-section></cg-playback-section>`;
      case "approvals":
        return html`<cg-approvals-section
          ?leader=${this.#session.view?.user.roles.includes("leader") === true}
        ></cg-approvals-section>`;
      case "overview":
        return html`<cg-overview-section></cg-overview-section>`;
      case "files":
        return html`<cg-files-section></cg-files-section>`;
      case "records":
        return html`<cg-records-section></cg-records-section>`;
      case "caseFiles":
        return html`<cg-case-files-section
          .roles=${this.#session.view?.user.roles ?? []}
        ></cg-case-files-section>`;
      case "documents":
        return html`<cg-documents-section></cg-documents-section>`;
      case "requests":
        return html`<cg-access-desk books></cg-access-desk>`;
      case "oversight":
        return html`<cg-oversight-section></cg-oversight-section>`;
      case "officers":
        return html`<cg-officers-section></cg-officers-section>`;
      case "guides":
        return html`<cg-guides-section></cg-guides-section>`;
      case "decisions":
        return html`<cg-decisions-section></cg-decisions-section>`;
      case "access":
        break;
    }
    return html`<cg-access-section></cg-access-section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-supervisor": SupervisorPage;
  }
}
