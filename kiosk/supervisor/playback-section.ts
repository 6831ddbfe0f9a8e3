/**
 * Looking at footage: choose camera, interval and reason, see what is there, then open it. Invariant: nothing is
 * played before the viewing is in the access ledger.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { CameraId } from "../../gateway/domain/ids.ts";
import type { CoverageView, ViewingView } from "../../gateway/http/contract/playback.ts";
import { call, pathOf } from "../api.ts";
import { FootagePlayer } from "../controllers/footage-player.ts";
import { Task } from "../controllers/task.ts";
import { SeekEvent } from "../elements/coverage-timeline.ts";
import "../elements/coverage-timeline.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { fieldMs, fieldTime } from "../text/field-time.ts";
import { clockMilliseconds, clockSeconds, dayAndClock } from "../text/format.ts";
import type { ExportRange } from "./export-panel.ts";
import "./export-panel.ts";

const HALF_HOUR_MS = 1_800_000;
const MINUTE_MS = 60_000;
const THUMBNAILS = 8;
/** What is younger is still being recorded and would look like a gap. */
const NOT_YET_MS = 5_000;

@customElement("cg-playback-section")
@localized()
export class PlaybackSection extends LitElement {
  @state() private cameraId: CameraId | "" = "";
  @state() private from = fieldTime(Date.now() - HALF_HOUR_MS);
  /** The minute that runs is looked at too: the field holds no seconds. */
  @state() private to = fieldTime(Date.now() + MINUTE_MS);
  @state() private reason = "";
  /** Of an approved request; empty for an inspection. */
  @state() private requestId = "";
  @state() private atMs: number | undefined;
  @query("video") private video!: HTMLVideoElement | null;
  readonly #cameras = new Task(this, async (signal) => call("GET /api/cameras", { signal }));
  readonly #coverage = new Task(this, async (signal, id: CameraId, fromMs: number, toMs: number) =>
    call("GET /api/cameras/:id/coverage", { params: { id }, query: { fromMs, toMs }, signal }),
  );
  readonly #viewing = new Task(this, async (signal, cameraId: CameraId, fromMs: number, toMs: number) =>
    call("POST /api/viewings", {
      body: {
        cameraId,
        fromMs,
        toMs,
        reason: this.reason.trim(),
        ...(this.requestId.trim() === "" ? {} : { requestId: this.requestId.trim() }),
      },
      signal,
    }),
  );

  readonly #segments = new Task(this, async (signal, viewingId: string) =>
    call("GET /api/viewings/:viewingId/segments", { params: { viewingId }, signal }),
  );
  readonly #footage = new FootagePlayer(this, () => this.video);

  static override readonly styles = [
    controls,
    deskPage,
    failureStyles,
    css`
      video {
        inline-size: 100%;
        max-block-size: 68vh;
        border-radius: var(--radius-small);
        background: #10161f;
      }
      [hidden] {
        display: none;
      }
      .stills {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr));
        gap: var(--space-2);
      }
      .stills button {
        display: grid;
        padding: var(--space-1, 4px);
      }
      .stills img {
        inline-size: 100%;
        aspect-ratio: 16 / 9;
        object-fit: contain;
        background: #10161f;
      }
    `,
  ];

  override render() {
    const viewing = this.#viewing.value;
    return html`<div class="stack">
      <h2>${msg("录像回放", { id: "supervisor.playback" })}</h2>
      ${failure(this.#cameras.error)}
      <form class="panel stack" @submit=${this.#look}>
        <div class="grid">
          ${choice<CameraId>({
            id: "camera",
            label: msg("摄像机", { id: "playback.camera" }),
            value: this.cameraId,
            empty: msg("请选择", { id: "playback.choose" }),
            choices: (this.#cameras.value ?? []).map(({ id, name }) => [id, name]),
            onInput: (value) => (this.cameraId = value),
          })}
          ${field({
            id: "from",
            label: msg("开始（北京时间）", { id: "playback.from" }),
            type: "datetime-local",
            value: this.from,
            onInput: (value) => (this.from = value),
          })}
          ${field({
            id: "to",
            label: msg("结束（北京时间）", { id: "playback.to" }),
            type: "datetime-local",
            value: this.to,
            onInput: (value) => (this.to = value),
          })}
          <button type="submit" ?disabled=${this.#range === undefined || this.#coverage.pending}>
            ${icon("eye")}${msg("查看录像情况", { id: "playback.look" })}
          </button>
        </div>
      </form>
      ${failure(this.#coverage.error)}
      ${this.#coverage.value === undefined ? nothing : this.#covered(this.#coverage.value)}
      ${failure(this.#viewing.error)} ${viewing === undefined ? nothing : this.#player(viewing)}
      <cg-export-panel .range=${this.#chosen}></cg-export-panel>
    </div>`;
  }

  override firstUpdated(): void {
    void this.#cameras.run();
  }

  get #range(): { readonly id: CameraId; readonly fromMs: number; readonly toMs: number } | undefined {
    const fromMs = fieldMs(this.from);
    const toMs = Math.min(fieldMs(this.to), Date.now() - NOT_YET_MS);
    if (this.cameraId === "" || !(toMs > fromMs)) return undefined;
    return { id: this.cameraId, fromMs, toMs };
  }

  /** The period whose coverage is on screen. */
  get #chosen(): ExportRange | undefined {
    const { cameraId, fromMs, toMs, spans = [] } = this.#coverage.value ?? {};
    return cameraId === undefined || fromMs === undefined || toMs === undefined || spans.length === 0
      ? undefined
      : { cameraId, fromMs, toMs };
  }

  #covered(coverage: CoverageView) {
    return html`<section class="panel stack" aria-label=${msg("录像情况", { id: "playback.coverage" })}>
      <cg-coverage-timeline
        .coverage=${coverage}
        .atMs=${this.atMs}
        @cg-seek=${this.#seek}
      ></cg-coverage-timeline>
      <form class="grid" @submit=${this.#open}>
        ${field({
          id: "reason",
          label: msg("调阅事由（记入台账）", { id: "playback.reason" }),
          value: this.reason,
          maxLength: 200,
          onInput: (value) => (this.reason = value),
        })}
        ${field({
          id: "request",
          label: msg("申请编号（监督检查可不填）", { id: "playback.request" }),
          value: this.requestId,
          maxLength: 19,
          onInput: (value) => (this.requestId = value),
        })}
        <button
          type="submit"
          class="primary"
          ?disabled=${this.reason.trim() === "" || coverage.spans.length === 0 || this.#viewing.pending}
        >
          ${msg("登记并回放", { id: "playback.open" })}
        </button>
      </form>
    </section>`;
  }

  #player(viewing: ViewingView) {
    const { state } = this.#footage;
    return html`<section class="panel stack">
      <video
        controls
        muted
        playsinline
        ?hidden=${state === "unplayable"}
        aria-label=${msg("录像", { id: "playback.video" })}
        @timeupdate=${this.#followed}
        @seeked=${this.#followed}
      ></video>
      <div class="row" ?hidden=${state === "unplayable"}>
        <button type="button" class="quiet small" @click=${() => this.#footage.step(-1)}>
          ${icon("back")}${msg("上一帧", { id: "playback.pictureBack" })}
        </button>
        <button type="button" class="quiet small" @click=${() => this.#footage.step(1)}>
          ${icon("arrow")}${msg("下一帧", { id: "playback.pictureOn" })}
        </button>
        <output class="figures">${this.atMs === undefined ? nothing : clockMilliseconds(this.atMs)}</output>
      </div>
      ${failure(this.#segments.error)} ${this.#thumbnails(viewing)}
      ${
        state === "unplayable"
          ? this.#warning(
              msg(
                "浏览器无法播放这段录像（可能是 H.265 编码）。可在摄像机上启用 H.264 子码流，或导出后播放。",
                { id: "playback.unplayable" },
              ),
              this.#footage.codec,
            )
          : state === "failed"
            ? this.#warning(
                msg("录像读取失败，请重新登记回放。", { id: "playback.failed" }),
                this.#footage.problem,
              )
            : nothing
      }
      <p class="small soft">
        ${msg("节选，仅供查阅。本次调阅有效至", { id: "playback.until" })} ${dayAndClock(viewing.until)}
      </p>
    </section>`;
  }

  #warning(text: string, more = "") {
    return html`<p role="alert">${icon("warning")} ${text} <span class="soft small">${more}</span></p>`;
  }

  /** Stills along the recorded time; each leads to its moment. */
  #thumbnails({ viewingId, coverage }: ViewingView) {
    const { fromMs, toMs, spans } = coverage;
    const times = Array.from({ length: THUMBNAILS }, (_, index) =>
      Math.round(fromMs + ((toMs - fromMs) * (index + 0.5)) / THUMBNAILS),
    ).filter((ms) => spans.some((part) => part.fromMs <= ms && ms < part.toMs));
    return html`<div class="stills">
      ${times.map(
        (atMs) =>
          html`<button type="button" class="quiet small" @click=${() => this.#seek(new SeekEvent(atMs))}>
            <img
              loading="lazy"
              alt=""
              src=${pathOf("/api/viewings/:viewingId/thumbnails/:atMs", { viewingId, atMs })}
            />
            <span class="figures">${clockSeconds(atMs)}</span>
          </button>`,
      )}
    </div>`;
  }

  readonly #look = (event: SubmitEvent): void => {
    event.preventDefault();
    const range = this.#range;
    if (range === undefined) return;
    this.#footage.close();
    this.#viewing.reset();
    this.atMs = undefined;
    void this.#coverage.run(range.id, range.fromMs, range.toMs);
  };

  async #play({ cameraId, fromMs, toMs }: CoverageView): Promise<void> {
    const viewing = await this.#viewing.run(cameraId, fromMs, toMs);
    if (viewing === undefined) return;
    const segments = await this.#segments.run(viewing.viewingId);
    await this.updateComplete;
    if (segments === undefined || this.#viewing.value !== viewing) return;
    this.#footage.open({ base: viewing.playlist.replace(/[^/]*$/, ""), segments });
    this.video?.play().catch(() => undefined);
  }

  readonly #open = (event: SubmitEvent): void => {
    event.preventDefault();
    const coverage = this.#coverage.value;
    if (coverage === undefined) return;
    void this.#play(coverage);
  };

  readonly #followed = (): void => {
    this.atMs = this.#footage.atMs;
  };

  readonly #seek = (event: SeekEvent): void => this.#footage.seek(event.atMs);
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-playback-section": PlaybackSection;
  }
}
