/**
 * A field to sign on with finger or pen. Fires `cg-strokes` after every stroke and after clearing. Invariant:
 * what leaves it are points with their times, in the field's own pixels; removing the element wipes the canvas.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import SignaturePad from "signature_pad";
import type { StrokesField } from "../../gateway/http/contract/kiosk.ts";
import { controls } from "../style/controls.ts";
import { icon } from "./icon.ts";

export class StrokesEvent extends Event {
  static readonly type = "cg-strokes";
  /** Undefined when the field is empty. */
  readonly drawn: StrokesField | undefined;
  constructor(drawn: StrokesField | undefined) {
    super(StrokesEvent.type, { bubbles: true, composed: true });
    this.drawn = drawn;
  }
}

@customElement("cg-signature-field")
@localized()
export class SignatureField extends LitElement {
  @query("canvas") private canvas!: HTMLCanvasElement;
  @state() private empty = true;
  #pad: SignaturePad | undefined;
  #resized: ResizeObserver | undefined;

  static override readonly styles = [
    controls,
    css`
      .frame {
        position: relative;
        block-size: clamp(220px, 34vh, 460px);
        border: 2px solid var(--line-strong);
        border-radius: var(--radius);
        background: #fff;
        overflow: hidden;
      }
      canvas {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        touch-action: none;
        cursor: crosshair;
      }
      .guide {
        position: absolute;
        inset-inline: 6%;
        inset-block-end: 22%;
        border-block-end: 2px dashed #a3acb8;
        color: #4a5666;
        pointer-events: none;
      }
    `,
  ];

  override render() {
    return html`<div class="stack">
      <div class="frame">
        <div class="guide">
          <span ?hidden=${!this.empty}>${msg("请在此处签名", { id: "signature.guide" })}</span>
        </div>
        <canvas role="img" aria-label=${msg("签名区域，请用手指或笔书写", { id: "signature.area" })}></canvas>
      </div>
      <div class="row">
        <button type="button" ?disabled=${this.empty} @click=${() => this.clear()}>
          ${icon("erase")}${msg("清除重写", { id: "signature.clear" })}
        </button>
      </div>
    </div>`;
  }

  override firstUpdated(): void {
    this.#pad = new SignaturePad(this.canvas, { minWidth: 1.2, maxWidth: 4.2, penColor: "#101820" });
    this.#pad.addEventListener("endStroke", () => this.#tell());
    this.#resized = new ResizeObserver(() => this.#fit());
    this.#resized.observe(this.canvas);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.#pad?.off();
    this.#pad?.clear();
  }

  clear(): void {
    this.#pad?.clear();
    this.#tell();
  }

  /** A canvas is emptied when its size changes, so what was drawn is drawn again at the new size. */
  #fit(): void {
    const ratio = Math.max(devicePixelRatio, 1);
    const width = Math.round(this.canvas.offsetWidth * ratio);
    const height = Math.round(this.canvas.offsetHeight * ratio);
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.getContext("2d")?.scale(ratio, ratio);
    this.#pad?.redraw();
  }

  #tell(): void {
    const groups = this.#pad?.toData() ?? [];
    this.empty = groups.length === 0;
    const firstMs = groups[0]?.points[0]?.time ?? 0;
    const drawn: StrokesField = {
      width: this.canvas.offsetWidth,
      height: this.canvas.offsetHeight,
      strokes: groups.map(({ points }) =>
        points.map(({ x, y, time, pressure }) => ({
          x: Math.max(0, x),
          y: Math.max(0, y),
          tMs: Math.max(0, Math.round(time - firstMs)),
          pressure,
        })),
      ),
    };
    this.dispatchEvent(new StrokesEvent(this.empty ? undefined : drawn));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-signature-field": SignatureField;
  }
  interface HTMLElementEventMap {
    "cg-strokes": StrokesEvent;
  }
}
