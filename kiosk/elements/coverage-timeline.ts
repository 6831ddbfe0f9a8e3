/**
 * What of an interval is recorded and what is missing, as a band and as words. Fires `cg-seek` with the time
 * that was chosen on the band; the gaps below it can be reached by keyboard.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CoverageView, GapView } from "../../gateway/http/contract/playback.ts";
import { controls } from "../style/controls.ts";
import { clock, clockSeconds, span } from "../text/format.ts";
import { causeWord } from "./camera-words.ts";
import { chip, chipStyles } from "./chip.ts";

const WIDTH = 1_000;
const TICKS = 6;
const SECONDS_SHOWN_BELOW_MS = 1_800_000;

export class SeekEvent extends Event {
  static readonly type = "cg-seek";
  readonly atMs: number;
  constructor(atMs: number) {
    super(SeekEvent.type, { bubbles: true, composed: true });
    this.atMs = atMs;
  }
}

@customElement("cg-coverage-timeline")
@localized()
export class CoverageTimeline extends LitElement {
  @property({ attribute: false }) coverage: CoverageView | undefined;
  /** Where playback stands, UTC ms. */
  @property({ type: Number }) atMs: number | undefined;

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      .band {
        display: block;
        inline-size: 100%;
        block-size: 3rem;
        border-radius: var(--radius-small);
        background: var(--bad-soft);
        cursor: pointer;
      }
      .span {
        fill: var(--ok);
      }
      .gap {
        fill: var(--bad);
        opacity: 0.35;
      }
      .here {
        stroke: var(--focus);
        stroke-width: 4;
      }
      .ticks {
        display: flex;
        justify-content: space-between;
      }
      li button {
        justify-content: start;
        min-block-size: 32px;
        padding-inline: var(--space-2);
        font-weight: 400;
      }
    `,
  ];

  override render() {
    const { coverage } = this;
    if (coverage === undefined) return nothing;
    const { fromMs, toMs, spans, gaps } = coverage;
    const endOf = (gap: GapView): number => gap.toMs ?? toMs;
    const x = (ms: number): number =>
      ((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / (toMs - fromMs)) * WIDTH;
    const bar = (from: number, to: number, kind: string) =>
      svg`<rect class=${kind} x=${x(from)} y="8" width=${Math.max(x(to) - x(from), 1.5)} height="32" />`;
    const ticks = Array.from({ length: TICKS + 1 }, (_, index) => fromMs + ((toMs - fromMs) * index) / TICKS);
    return html`<div class="stack">
      <svg
        class="band"
        viewBox="0 0 ${WIDTH} 48"
        preserveAspectRatio="none"
        role="img"
        aria-label=${this.#summary(coverage)}
        @click=${this.#seek}
      >
        ${spans.map((part) => bar(part.fromMs, part.toMs, "span"))}
        ${gaps.map((gap) => bar(gap.fromMs, endOf(gap), "gap"))}
        ${
          this.atMs === undefined
            ? nothing
            : svg`<line class="here" x1=${x(this.atMs)} x2=${x(this.atMs)} y1="0" y2="48" />`
        }
      </svg>
      <div class="ticks small soft figures">
        ${ticks.map((ms) => html`<span>${toMs - fromMs < SECONDS_SHOWN_BELOW_MS ? clockSeconds(ms) : clock(ms)}</span>`)}
      </div>
      <div class="row">
        ${
          coverage.complete
            ? chip("ok", msg("录像完整", { id: "coverage.complete" }))
            : chip("warn", msg(str`有 ${gaps.length} 处缺口`, { id: "coverage.gaps" }))
        }
        <span class="small soft">${this.#summary(coverage)}</span>
        <span class="small soft figures">${this.#grounds(coverage)}</span>
      </div>
      ${
        gaps.length === 0
          ? nothing
          : html`<ul>
              ${gaps.map((gap) => this.#gap(gap, endOf(gap)))}
            </ul>`
      }
    </div>`;
  }

  #summary(coverage: CoverageView): string {
    const coveredMs = coverage.spans.reduce((total, part) => total + part.toMs - part.fromMs, 0);
    return msg(str`已录 ${span(coveredMs)}，共 ${span(coverage.toMs - coverage.fromMs)}`, {
      id: "coverage.summary",
    });
  }

  /** The entries of the log that what is shown rests on; anybody can check them there. */
  #grounds({ spans }: CoverageView): string {
    const [first, last] = [spans[0]?.first, spans.at(-1)?.last];
    if (first === undefined || last === undefined) return "";
    return first.logId === last.logId
      ? msg(str`依据日志 ${first.logId} #${first.seq} – #${last.seq}`, { id: "coverage.grounds" })
      : msg(str`依据日志 ${first.logId} #${first.seq} – ${last.logId} #${last.seq}`, {
          id: "coverage.groundsOfTwo",
        });
  }

  #gap(gap: GapView, endMs: number) {
    return html`<li>
      <button type="button" class="quiet small" @click=${() => this.dispatchEvent(new SeekEvent(gap.fromMs))}>
        <span class="figures">${clockSeconds(gap.fromMs)} – ${clockSeconds(endMs)}</span>
        <span>${span(endMs - gap.fromMs)}</span>
        <span
          >${gap.causes.map(causeWord).join(" · ")}${gap.toMs === null ? msg("（仍在继续）", { id: "coverage.open" }) : nothing}</span
        >
        <span class="soft figures"
          >${
            gap.ref === undefined
              ? msg("没有条目说明", { id: "coverage.noEntry" })
              : msg(str`日志 ${gap.ref.logId} #${gap.ref.seq}`, { id: "coverage.entry" })
          }</span
        >
      </button>
    </li>`;
  }

  readonly #seek = (event: MouseEvent): void => {
    const { coverage } = this;
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    if (coverage === undefined || box.width === 0) return;
    const part = (event.clientX - box.left) / box.width;
    this.dispatchEvent(new SeekEvent(coverage.fromMs + part * (coverage.toMs - coverage.fromMs)));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-coverage-timeline": CoverageTimeline;
  }
  interface HTMLElementEventMap {
    "cg-seek": SeekEvent;
  }
}
