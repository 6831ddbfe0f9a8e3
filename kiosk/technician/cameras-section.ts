/** Bound cameras with state and picture, and binding a new one: find, describe, bind. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import "../elements/camera-tile.ts";
import { cameraStateWord, causeWord, h265Hint } from "../elements/camera-words.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { span } from "../text/format.ts";
import "./bind-camera.ts";

const REFRESH_MS = 3_000;

const codecWord = (codec: string): string => (codec === "unknown" ? "—" : codec.toUpperCase());

@customElement("cg-cameras-section")
@localized()
export class CamerasSection extends LitElement {
  @property({ attribute: false }) counters: CatalogueView["counters"] = [];
  @state() private adding = false;
  readonly #cameras = new Task(this, async (signal) => call("GET /api/cameras", { signal }));
  readonly #unbind = new Task(this, async (signal, id: CameraView["id"]) => {
    await call("DELETE /api/cameras/:id", { params: { id }, query: { commandId: newCommandId() }, signal });
    void this.#cameras.run();
  });
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const cameras = this.#cameras.value ?? [];
    return html`<div class="stack">
      <div class="row spread">
        <h2>${msg("摄像机", { id: "technician.cameras" })}</h2>
        <button
          type="button"
          class=${this.adding ? "" : "primary"}
          aria-expanded=${this.adding}
          @click=${() => (this.adding = !this.adding)}
        >
          ${icon("camera")}${
            this.adding ? msg("收起", { id: "cameras.addClose" }) : msg("添加摄像机", { id: "cameras.add" })
          }
        </button>
      </div>
      ${failure(this.#cameras.error)} ${failure(this.#unbind.error)}
      ${
        this.adding
          ? html`<cg-bind-camera
              .counters=${this.counters}
              @cg-bound=${() => {
                this.adding = false;
                void this.#cameras.run();
              }}
            ></cg-bind-camera>`
          : nothing
      }
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
    const counter = this.counters.find(({ id }) => id === camera.counterId)?.name ?? camera.counterId;
    return html`<article class="panel stack">
      <cg-camera-tile .cameraId=${camera.id} .name=${camera.name}></cg-camera-tile>
      <div class="row spread">
        <h3>${camera.name}</h3>
        ${chip(tone, word, tone === "ok" ? "dot" : undefined)}
      </div>
      ${camera.cause === null ? nothing : html`<p class="soft">${causeWord(camera.cause)}</p>`}
      ${
        camera.hint === null
          ? nothing
          : html`<p class="soft">
              ${chip("warn", msg("仅 H.265", { id: "cameras.onlyH265" }))} ${h265Hint()}
            </p>`
      }
      <dl class="facts small">
        <dt>${msg("窗口", { id: "cameras.counter" })}</dt>
        <dd>${counter}</dd>
        <dt>${msg("地址", { id: "cameras.address" })}</dt>
        <dd>${camera.xaddr ?? camera.rtspUrl}</dd>
        <dt>${msg("编码", { id: "cameras.codec" })}</dt>
        <dd>${codecWord(camera.streamCodec ?? camera.codec)}</dd>
        <dt>${msg("子码流", { id: "cameras.sub" })}</dt>
        <dd>${camera.sub === null ? "—" : codecWord(camera.sub.codec)}</dd>
        <dt>${msg("最近片段", { id: "cameras.lastFragment" })}</dt>
        <dd>
          ${
            camera.lastFragmentAgeMs === null
              ? "—"
              : msg(str`${span(camera.lastFragmentAgeMs)}前`, { id: "cameras.ago" })
          }
        </dd>
        <dt>${msg("型号", { id: "cameras.model" })}</dt>
        <dd>${[camera.manufacturer, camera.model].filter((part) => part !== null).join(" ") || "—"}</dd>
      </dl>
      <button
        type="button"
        class="quiet"
        ?disabled=${this.#unbind.pending}
        @click=${() => this.#unbind.run(camera.id)}
      >
        ${msg("解除绑定（录像保留）", { id: "cameras.unbind" })}
      </button>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-cameras-section": CamerasSection;
  }
}
