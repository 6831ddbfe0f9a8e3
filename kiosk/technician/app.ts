/** The technician's page: cameras, counters with printers and kiosks, docks, health. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import { call } from "../api.ts";
import { Session } from "../controllers/session.ts";
import "../elements/desk-frame.ts";
import { deskTabs } from "../elements/desk-tabs.ts";
import "../elements/sign-in.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import "./archive-section.ts";
import "./cameras-section.ts";
import "./counters-section.ts";
import "./docks-section.ts";
import "./health-section.ts";

type Tab = "cameras" | "counters" | "docks" | "archive" | "health";

@customElement("cg-technician")
@localized()
export class TechnicianPage extends LitElement {
  @state() private tab: Tab = "cameras";
  @state() private catalogue: CatalogueView | undefined;
  readonly #session = new Session(this, () => void this.#begin());

  static override readonly styles = [controls, deskPage];

  override render() {
    const heading = msg("设备维护", { id: "technician.title" });
    if (this.#session.view === undefined) return nothing;
    if (this.#session.view === null)
      return html`<cg-sign-in .session=${this.#session} .heading=${heading}></cg-sign-in>`;
    return html`<cg-desk-frame .session=${this.#session} .heading=${heading}>
      ${deskTabs<Tab>(
        [
          ["cameras", msg("摄像机", { id: "technician.cameras" })],
          ["counters", msg("窗口设备", { id: "technician.counters" })],
          ["docks", msg("采集站", { id: "technician.docks" })],
          ["archive", msg("中心档案", { id: "technician.archive" })],
          ["health", msg("运行状况", { id: "technician.health" })],
        ],
        this.tab,
        (tab) => (this.tab = tab),
      )}
      <div class="content">${this.#section()}</div>
    </cg-desk-frame>`;
  }

  #section() {
    const counters = this.catalogue?.counters ?? [];
    switch (this.tab) {
      case "cameras":
        return html`<cg-cameras-section .counters=${counters}></cg-cameras-section>`;
      case "counters":
        return html`<cg-counters-section .counters=${counters}></cg-counters-section>`;
      case "docks":
        return html`<cg-docks-section></cg-docks-section>`;
      case "archive":
        return html`<cg-archive-section></cg-archive-section>`;
      case "health":
        break;
    }
    return html`<cg-health-section></cg-health-section>`;
  }

  async #begin(): Promise<void> {
    this.catalogue = await call("GET /api/catalogue", {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-technician": TechnicianPage;
  }
}
