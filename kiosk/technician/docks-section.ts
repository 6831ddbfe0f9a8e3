/** The docks with their bays, and what has come in through them. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { DockView } from "../../gateway/http/contract/docks.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { type Tone, chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock, size } from "../text/format.ts";

const REFRESH_MS = 5_000;

const BAYS: Readonly<Record<string, readonly [word: () => string, tone: Tone]>> = {
  empty: [() => msg("空闲", { id: "bay.empty" }), "plain"],
  uploading: [() => msg("正在上传", { id: "bay.uploading" }), "warn"],
  full: [() => msg("存储已满", { id: "bay.full" }), "warn"],
  charging: [() => msg("充电", { id: "bay.charging" }), "ok"],
  fault: [() => msg("故障", { id: "bay.fault" }), "bad"],
};

@customElement("cg-docks-section")
@localized()
export class DocksSection extends LitElement {
  readonly #docks = new Task(this, async (signal) => {
    const [docks, files] = await Promise.all([
      call("GET /api/docks", { signal }),
      call("GET /api/dock-files", { query: { limit: 20 }, signal }),
    ]);
    return { docks, files };
  });
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const { docks = [], files = [] } = this.#docks.value ?? {};
    return html`<div class="stack">
      <h2>${msg("采集站", { id: "technician.docks" })}</h2>
      ${failure(this.#docks.error)}
      ${docks.length === 0 ? html`<p class="panel soft">${msg("没有采集站。", { id: "docks.none" })}</p>` : nothing}
      <div class="cards">${docks.map((dock) => this.#dock(dock))}</div>
      <section class="panel stack" aria-labelledby="files">
        <h3 id="files">${msg("最近接收的文件", { id: "docks.files" })}</h3>
        <div class="scroll" tabindex="0" role="group" aria-labelledby="files">
          <table>
            <thead>
              <tr>
                <th scope="col">${msg("接收时间", { id: "docks.receivedAt" })}</th>
                <th scope="col">${msg("原文件名", { id: "docks.vendorName" })}</th>
                <th scope="col">${msg("大小", { id: "docks.size" })}</th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              ${files.map(
                (file) =>
                  html`<tr>
                    <td>${dayAndClock(file.storedAt)}</td>
                    <td>${file.claims[0]?.vendorName ?? file.fileId}</td>
                    <td>${size(file.sizeBytes)}</td>
                    <td>${file.sha256.slice(0, 16)}…</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>
    </div>`;
  }

  override updated(): void {
    if (this.#tick.nowMs - this.#askedAtMs < REFRESH_MS) return;
    this.#askedAtMs = this.#tick.nowMs;
    void this.#docks.run();
  }

  #dock(dock: DockView) {
    return html`<article class="panel stack">
      <div class="row spread">
        <h3>${dock.id} <span class="soft small">${dock.vendor} ${dock.model} ${dock.firmware}</span></h3>
        ${
          dock.state === "online"
            ? chip("ok", msg("在线", { id: "docks.online" }))
            : dock.state === "offline"
              ? chip("plain", msg("已正常下线", { id: "docks.offline" }))
              : dock.state === "lost"
                ? chip("bad", msg("失去联系", { id: "docks.lost" }))
                : chip("warn", msg("尚未上线", { id: "docks.unknown" }))
        }
      </div>
      <p class="soft small">
        ${msg("状态自", { id: "docks.since" })} ${dayAndClock(dock.since)}
        ${dock.missing === 0 ? nothing : chip("warn", msg(str`缺 ${dock.missing} 条消息`, { id: "docks.missing" }))}
      </p>
      <ul class="stack">
        ${dock.bays.map((bay) => {
          const known = BAYS[bay.state];
          return html`<li class="row spread">
            <span>
              ${msg("槽位", { id: "docks.bay" })} ${bay.bay}
              ${bay.camera === null ? nothing : html`<span class="soft small">${bay.camera}</span>`}
            </span>
            <span class="row">
              ${bay.batteryPercent === null ? nothing : html`<span class="small">${bay.batteryPercent}%</span>`}
              ${known === undefined ? chip("plain", bay.state) : chip(known[1], known[0]())}
            </span>
          </li>`;
        })}
      </ul>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-docks-section": DocksSection;
  }
}
