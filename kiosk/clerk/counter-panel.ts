/** What the counter's camera does and sees, and whether the recording notice has been shown. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import "../elements/camera-tile.ts";
import { cameraStateWord, causeWord } from "../elements/camera-words.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { controls } from "../style/controls.ts";

@customElement("cg-counter-panel")
@localized()
export class CounterPanel extends LitElement {
  @property({ attribute: false }) cameras: readonly CameraView[] = [];
  /** Undefined while no counter session is open. */
  @property({ attribute: false }) noticeShown: boolean | undefined;

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      h2 {
        font-size: var(--text-large);
      }
    `,
  ];

  override render() {
    return html`<section class="panel stack" aria-labelledby="title">
      <div class="row spread">
        <h2 id="title">${msg("窗口录像", { id: "counter.title" })}</h2>
        ${
          this.noticeShown === undefined
            ? nothing
            : this.noticeShown
              ? chip("ok", msg("已告知录像", { id: "counter.noticeShown" }))
              : chip("warn", msg("告知未显示", { id: "counter.noticeOpen" }))
        }
      </div>
      ${
        this.cameras.length === 0
          ? html`<p class="soft small">
              ${msg("本窗口没有摄像机。受理照常进行，以文字记录为准。", { id: "counter.noCamera" })}
            </p>`
          : this.cameras.map((camera) => this.#camera(camera))
      }
    </section>`;
  }

  #camera(camera: CameraView) {
    const [word, tone] = cameraStateWord(camera.state);
    return html`<div class="stack">
      <cg-camera-tile .cameraId=${camera.id} .name=${camera.name}></cg-camera-tile>
      <div class="row spread">
        <span>${camera.name}</span>${chip(tone, word, tone === "ok" ? "dot" : undefined)}
      </div>
      ${
        camera.state === "recording"
          ? nothing
          : html`<p class="small soft">
              ${camera.cause === null ? nothing : causeWord(camera.cause)}
              ${msg("录像中断会自动记为缺口，不影响受理。", { id: "counter.gap" })}
            </p>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-counter-panel": CounterPanel;
  }
}
