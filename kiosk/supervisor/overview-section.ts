/** All cameras of the hall at a glance: state, newest picture, live on request. Looking is a row of the ledger. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { cameraStateWord, causeWord } from "../elements/camera-words.ts";
import "../elements/camera-tile.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import "../elements/exposure-figure.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

const REFRESH_MS = 3_000;

@customElement("cg-overview-section")
@localized()
export class OverviewSection extends LitElement {
  readonly #cameras = new Task(this, async (signal) => call("GET /api/cameras", { signal }));
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const cameras = this.#cameras.value ?? [];
    return html`<div class="stack">
      <h2>${msg("画面总览", { id: "supervisor.overview" })}</h2>
      <cg-exposure-figure></cg-exposure-figure>
      ${failure(this.#cameras.error)}
      ${
        cameras.length === 0
          ? html`<p class="panel soft">${msg("还没有绑定摄像机。", { id: "cameras.none" })}</p>`
          : html`<div class="cards">${cameras.map((camera) => this.#card(camera))}</div>`
      }
    </div>`;
  }

  override updated(): void {
    if (this.#tick.nowMs - this.#askedAtMs < REFRESH_MS) return;
    this.#askedAtMs = this.#tick.nowMs;
    void this.#cameras.run();
  }

  #card(camera: CameraView) {
    const [word, tone] = cameraStateWord(camera.state);
    return html`<article class="panel stack">
      <cg-camera-tile .cameraId=${camera.id} .name=${camera.name}></cg-camera-tile>
      <div class="row spread">
        <h3>${camera.name}</h3>
        ${chip(tone, word, tone === "ok" ? "dot" : undefined)}
      </div>
      ${camera.cause === null ? nothing : html`<p class="soft">${causeWord(camera.cause)}</p>`}
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-overview-section": OverviewSection;
  }
}
