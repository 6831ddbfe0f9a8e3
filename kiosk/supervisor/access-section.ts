/** The ledger of views and copies (调阅台账). */
import { localized, msg } from "@lit/localize";
import { LitElement, html } from "lit";
import { customElement } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { AccessRow } from "../../gateway/http/contract/supervisor.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";
import { type Page, joined, ledgerTable } from "./ledger.ts";

const ACTS: Readonly<Record<string, () => string>> = {
  view: () => msg("查阅", { id: "act.view" }),
  playback: () => msg("回放录像", { id: "act.playback" }),
  claim: () => msg("凭码查阅", { id: "act.claim" }),
  copy: () => msg("复制", { id: "act.copy" }),
  print: () => msg("打印", { id: "act.print" }),
  live: () => msg("实时查看", { id: "act.live" }),
  snapshot: () => msg("查看画面", { id: "act.snapshot" }),
};

@customElement("cg-access-section")
@localized()
export class AccessSection extends LitElement {
  readonly #rows = new Task(this, async (signal, before?: string): Promise<Page<AccessRow>> => {
    const page = await call("GET /api/ledgers/access", {
      query: before === undefined ? {} : { before },
      signal,
    });
    return joined(before === undefined ? undefined : this.#rows.value, page);
  });

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const title = msg("调阅台账", { id: "supervisor.access" });
    return html`<div class="stack">
      <h2>${title}</h2>
      ${failure(this.#rows.error)}
      ${ledgerTable<AccessRow>(
        title,
        this.#rows.value,
        [
          [msg("时间", { id: "access.at" }), (row) => dayAndClock(row.at)],
          [msg("人员", { id: "access.by" }), (row) => nameOf(row.by)],
          [msg("行为", { id: "access.act" }), (row) => ACTS[row.act]?.() ?? row.act],
          [msg("对象", { id: "access.subject" }), (row) => row.subject],
          [
            msg("录像时段", { id: "access.range" }),
            (row) =>
              row.fromMs === null || row.toMs === null
                ? ""
                : `${dayAndClock(row.fromMs)} – ${dayAndClock(row.toMs)}`,
          ],
          [msg("事由", { id: "access.reason" }), (row) => row.reason ?? ""],
        ],
        (next) => void this.#rows.run(next),
      )}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#rows.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-access-section": AccessSection;
  }
}
