/** The link to the central archive: enrolment with the archive's one line, how the hand-over stands, handing over now. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { ArchiveView } from "../../gateway/http/contract/archive.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import "../elements/exposure-figure.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";

const REFRESH_MS = 3_000;

@customElement("cg-archive-section")
@localized()
export class ArchiveSection extends LitElement {
  @state() private line = "";
  readonly #link = new Task(this, (signal) => call("GET /api/archive", { signal }));
  readonly #enrol = new Task(this, async (signal) => {
    await call("POST /api/archive/enrol", { body: { line: this.line.trim() }, signal });
    this.line = "";
    void this.#link.run();
  });
  readonly #handOver = new Task(this, async (signal) => {
    const { packs } = await call("POST /api/archive/hand-over", { signal });
    void this.#link.run();
    return packs;
  });
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const { value } = this.#link;
    return html`<div class="stack">
      <h2>${msg("中心档案", { id: "technician.archive" })}</h2>
      ${failure(this.#link.error)} ${value === undefined ? "" : this.#state(value)}
      ${value?.enrolled === false ? this.#form() : ""}
    </div>`;
  }

  override updated(): void {
    if (this.#tick.nowMs - this.#askedAtMs < REFRESH_MS) return;
    this.#askedAtMs = this.#tick.nowMs;
    void this.#link.run();
  }

  #state(link: ArchiveView) {
    const sealed = this.#handOver.value;
    return html`<section class="panel stack" aria-live="polite">
      <p>
        ${
          !link.enrolled
            ? chip("plain", msg("尚未登记", { id: "archive.notEnrolled" }))
            : link.fault === null
              ? chip("ok", msg("已连接", { id: "archive.connected" }))
              : chip("bad", msg(str`连接中断：${link.fault}`, { id: "archive.fault" }))
        }
        ${link.url ?? ""}
      </p>
      <p class="soft">
        ${
          link.lastPassAt === null
            ? msg("尚未同步。链路中断不影响受理，资料留在本机。", { id: "archive.noPass" })
            : msg(str`最近一次同步：${dayAndClock(link.lastPassAt)}`, { id: "archive.lastPass" })
        }
      </p>
      ${
        link.withheldPacks === 0
          ? ""
          : html`<p>
              ${chip(
                "warn",
                msg(str`因封存暂缓移交 ${link.withheldPacks} 个包，待负责人决定`, { id: "archive.withheld" }),
              )}
            </p>`
      }
      <cg-exposure-figure></cg-exposure-figure>
      ${failure(this.#handOver.error)}
      ${
        link.enrolled
          ? html`<p>
              <button type="button" ?disabled=${this.#handOver.pending} @click=${() => this.#handOver.run()}>
                ${msg("立即移交", { id: "archive.handOver" })}
              </button>
              ${sealed === undefined ? "" : msg(str`已封装 ${sealed} 个包`, { id: "archive.sealed" })}
            </p>`
          : ""
      }
    </section>`;
  }

  #form() {
    return html`<section class="panel stack">
      <h3>${msg("登记到中心档案", { id: "archive.enrolTitle" })}</h3>
      <label class="stack">
        ${msg("中心档案启动时显示的登记信息（一整行）", { id: "archive.line" })}
        <textarea
          rows="3"
          spellcheck="false"
          autocomplete="off"
          maxlength="400"
          .value=${this.line}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLTextAreaElement) this.line = event.target.value;
          }}
        ></textarea>
      </label>
      ${failure(this.#enrol.error)}
      <p>
        <button
          type="button"
          class="primary"
          ?disabled=${this.#enrol.pending || this.line.trim().length < 80}
          @click=${() => this.#enrol.run()}
        >
          ${msg("登记", { id: "archive.enrol" })}
        </button>
      </p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-archive-section": ArchiveSection;
  }
}
