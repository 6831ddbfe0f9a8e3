/**
 * The exposure window, live: for how long nobody but this box has seen the log. Shown to whoever has to act when it
 * grows; it asks the gateway every few seconds.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { controls } from "../style/controls.ts";
import { span } from "../text/format.ts";
import { chip, chipStyles } from "./chip.ts";

const REFRESH_MS = 3_000;

@customElement("cg-exposure-figure")
@localized()
export class ExposureFigure extends LitElement {
  readonly #link = new Task(this, (signal) => call("GET /api/archive", { signal }));
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      .exposure {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-2) var(--space-4);
      }
    `,
  ];

  override render() {
    const { value } = this.#link;
    // Who may not see the link sees no figure either.
    if (value === undefined) return nothing;
    const { exposureMs, exposureLimitMs } = value;
    const over = exposureMs > exposureLimitMs;
    return html`<p class="exposure">
      <span>${msg("暴露窗口", { id: "exposure.title" })}</span>
      ${
        exposureMs === 0
          ? chip("ok", msg("已全部由他方见证", { id: "exposure.none" }))
          : chip(over ? "bad" : "plain", span(exposureMs))
      }
      <span class="soft small">
        ${
          over
            ? msg(str`超过上限 ${span(exposureLimitMs)}：请检查与中心档案的连接`, { id: "exposure.over" })
            : msg(str`距上一次由他方见证日志的时间，上限 ${span(exposureLimitMs)}`, { id: "exposure.hint" })
        }
      </span>
    </p>`;
  }

  override updated(): void {
    if (this.#tick.nowMs - this.#askedAtMs < REFRESH_MS) return;
    this.#askedAtMs = this.#tick.nowMs;
    void this.#link.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-exposure-figure": ExposureFigure;
  }
}
