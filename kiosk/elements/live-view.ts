/**
 * What a camera sees now, as moving picture. Invariant: nothing is streamed while the page is hidden, the view is
 * out of sight or the element is gone; a codec that the browser lacks is said, and stills are shown instead.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { pathOf } from "../api.ts";
import { LivePlayer } from "../controllers/live-picture.ts";
import { icon } from "./icon.ts";
import "./snapshot.ts";

@customElement("cg-live-view")
@localized()
export class LiveView extends LitElement {
  @property() cameraId = "";
  @property() name = "";
  @query("video") private video!: HTMLVideoElement | null;
  readonly #player = new LivePlayer(this, () => this.video);
  #seen = true;
  #sight: IntersectionObserver | undefined;

  static override readonly styles = css`
    :host {
      display: block;
    }
    .frame {
      position: relative;
      aspect-ratio: 16 / 9;
      border-radius: var(--radius-small);
      background: #10161f;
      color: #d5dce6;
      overflow: hidden;
    }
    video {
      inline-size: 100%;
      block-size: 100%;
      object-fit: contain;
    }
    p {
      display: flex;
      gap: 0.5em;
      align-items: center;
      margin: 0;
      padding: var(--space-2);
      font-size: var(--text-small);
    }
    .frame p {
      position: absolute;
      inset-block-end: 0;
      inset-inline: 0;
      background: rgb(16 22 31 / 80%);
    }
    [hidden] {
      display: none;
    }
  `;

  override render() {
    const { state } = this.#player;
    return html`<div class="frame" ?hidden=${state === "unplayable"}>
        <video
          muted
          playsinline
          disablepictureinpicture
          aria-label=${`${msg("实时画面", { id: "snapshot.alt" })} ${this.name}`}
        ></video>
        ${
          state === "connecting"
            ? html`<p role="status">${icon("camera")}${msg("正在连接画面…", { id: "live.connecting" })}</p>`
            : state === "away"
              ? html`<p role="status">${icon("warning")}${msg("画面中断，正在重连", { id: "live.away" })}</p>`
              : nothing
        }
      </div>
      ${state === "unplayable" ? this.#stills() : nothing}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(([entry]) => {
      this.#seen = entry?.isIntersecting ?? true;
      this.#follow();
    });
    this.#sight.observe(this);
    document.addEventListener("visibilitychange", this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    document.removeEventListener("visibilitychange", this.#follow);
  }

  override updated(): void {
    // The attribute alone does not mute what a script plays.
    if (this.video !== null) this.video.muted = true;
    this.#follow();
  }

  #stills() {
    return html`<cg-snapshot .cameraId=${this.cameraId} .name=${this.name}></cg-snapshot>
      <p role="alert">
        ${icon("warning")}
        ${msg("浏览器不能实时播放该编码（如 H.265），改为显示静态画面。可在摄像机上启用 H.264 子码流。", {
          id: "live.unplayable",
        })}
      </p>`;
  }

  readonly #follow = (): void => {
    const isWanted = this.isConnected && this.cameraId !== "" && this.#seen && !document.hidden;
    this.#player.play(isWanted ? pathOf("/api/cameras/:id/live", { id: this.cameraId }) : undefined);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-live-view": LiveView;
  }
}
