/**
 * A picture of what a camera sees now, asked for again every few seconds. Invariant: nothing is asked for while
 * the page is hidden or the picture is out of sight, and the last picture is freed with the element.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fetchBlob, pathOf } from "../api.ts";
import { icon } from "./icon.ts";

const EVERY_MS = 3_000;

@customElement("cg-snapshot")
@localized()
export class Snapshot extends LitElement {
  @property() cameraId = "";
  @property() name = "";
  @state() private url: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #seen = true;
  #sight: IntersectionObserver | undefined;
  #running: AbortController | undefined;

  static override readonly styles = css`
    :host {
      display: block;
    }
    .frame {
      display: grid;
      place-items: center;
      aspect-ratio: 16 / 9;
      border-radius: var(--radius-small);
      background: #10161f;
      color: #d5dce6;
      overflow: hidden;
    }
    img {
      inline-size: 100%;
      block-size: 100%;
      object-fit: contain;
    }
    p {
      display: flex;
      gap: 0.5em;
      align-items: center;
      margin: 0;
      font-size: var(--text-small);
    }
  `;

  override render() {
    return html`<div class="frame">
      ${
        this.url === undefined
          ? html`<p>${icon("camera")}${msg("暂无画面", { id: "snapshot.none" })}</p>`
          : html`<img src=${this.url} alt=${`${msg("实时画面", { id: "snapshot.alt" })} ${this.name}`} />`
      }
    </div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(([entry]) => (this.#seen = entry?.isIntersecting ?? true));
    this.#sight.observe(this);
    this.#timer = setInterval(() => void this.#refresh(), EVERY_MS);
    void this.updateComplete.then(() => this.#refresh());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#sight?.disconnect();
    this.#running?.abort();
    this.#show(undefined);
  }

  async #refresh(): Promise<void> {
    if (this.cameraId === "" || document.hidden || !this.#seen || this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    try {
      const path = pathOf("/api/cameras/:id/snapshot", { id: this.cameraId });
      const picture = await fetchBlob(path, running.signal);
      if (!running.signal.aborted) this.#show(URL.createObjectURL(picture));
    } catch {
      // No picture is a state of its own here; why there is none stands on the camera's chip.
      if (!running.signal.aborted) this.#show(undefined);
    } finally {
      this.#running = undefined;
    }
  }

  #show(url: string | undefined): void {
    if (this.url !== undefined) URL.revokeObjectURL(this.url);
    this.url = url;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-snapshot": Snapshot;
  }
}
