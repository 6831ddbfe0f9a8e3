/** One camera among many: a still that renews itself, and the moving picture of it on request. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { controls } from "../style/controls.ts";
import { icon } from "./icon.ts";
import "./live-view.ts";
import "./snapshot.ts";

@customElement("cg-camera-tile")
@localized()
export class CameraTile extends LitElement {
  @property() cameraId = "";
  @property() name = "";
  @state() private live = false;

  static override readonly styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      button {
        justify-self: start;
      }
    `,
  ];

  override render() {
    return html`${
        this.live
          ? html`<cg-live-view .cameraId=${this.cameraId} .name=${this.name}></cg-live-view>`
          : html`<cg-snapshot .cameraId=${this.cameraId} .name=${this.name}></cg-snapshot>`
      }
      <button
        type="button"
        class="quiet small"
        aria-pressed=${this.live}
        @click=${() => (this.live = !this.live)}
      >
        ${icon("eye")}${
          this.live ? msg("停止实时画面", { id: "live.stop" }) : msg("看实时画面", { id: "live.start" })
        }
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-camera-tile": CameraTile;
  }
}
