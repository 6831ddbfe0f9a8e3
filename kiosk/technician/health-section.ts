/** The figures that say whether the box is well, and the one list of alarms. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";
import type { AlarmView, Healthz } from "../../gateway/http/contract/health.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock, size, span } from "../text/format.ts";

const REFRESH_MS = 3_000;

@customElement("cg-health-section")
@localized()
export class HealthSection extends LitElement {
  readonly #health = new Task(this, async (signal) => {
    const [figures, alarms] = await Promise.all([
      call("GET /healthz", { signal }),
      call("GET /api/alarms", { query: { open: true }, signal }),
    ]);
    return { figures, alarms };
  });
  readonly #seen = new Task(this, async (signal, alarm: AlarmView) => {
    const { code, subject } = alarm;
    await call("POST /api/alarms/seen", { body: { code, subject }, signal });
    void this.#health.run();
  });
  readonly #tick = new Ticking(this, REFRESH_MS);
  #askedAtMs = 0;

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
        gap: var(--space-4);
      }
      .figures .panel {
        display: grid;
        gap: var(--space-1);
      }
      .figures b {
        font-size: 1.7rem;
        line-height: 1.2;
      }
    `,
  ];

  override render() {
    const { value } = this.#health;
    return html`<div class="stack">
      <h2>${msg("运行状况", { id: "technician.health" })}</h2>
      ${failure(this.#health.error)} ${failure(this.#seen.error)}
      ${value === undefined ? "" : this.#figures(value.figures)}
      ${value === undefined ? "" : this.#alarms(value.alarms)}
    </div>`;
  }

  override updated(): void {
    if (this.#tick.nowMs - this.#askedAtMs < REFRESH_MS) return;
    this.#askedAtMs = this.#tick.nowMs;
    void this.#health.run();
  }

  #figures(figures: Healthz) {
    const age = (ms: number | null): string =>
      ms === null ? msg("尚无", { id: "health.none" }) : msg(str`${span(ms)}前`, { id: "health.ago" });
    return html`<div class="figures">
      ${this.#figure(
        msg("暴露窗口", { id: "health.exposure" }),
        figures.exposureMs === null
          ? msg("尚无外部见证", { id: "health.noSighting" })
          : span(figures.exposureMs),
        msg("距上一次由他方见证日志的时间", { id: "health.exposureHint" }),
      )}
      ${this.#figure(
        msg("证据日志条目", { id: "health.logSize" }),
        figures.log.size.toLocaleString("en-US"),
        msg(str`最近检查点：${age(figures.log.checkpointAgeMs)}`, { id: "health.checkpoint" }),
      )}
      ${this.#figure(
        msg("可用空间", { id: "health.free" }),
        size(figures.freeBytes),
        msg("数据盘", { id: "health.freeHint" }),
      )}
      ${this.#figure(
        msg("正在录像的摄像机", { id: "health.cameras" }),
        `${figures.cameras.filter((camera) => camera.state === "recording").length} / ${figures.cameras.length}`,
        msg("录像中断记为缺口，不影响受理", { id: "health.camerasHint" }),
      )}
      ${this.#figure(
        msg("已运行", { id: "health.uptime" }),
        span(figures.uptimeS * 1_000),
        msg(str`版本 ${figures.version}`, { id: "health.version" }),
      )}
    </div>`;
  }

  #figure(name: string, value: string, hint: string) {
    return html`<div class="panel">
      <span class="soft">${name}</span><b>${value}</b><span class="soft small">${hint}</span>
    </div>`;
  }

  #alarms(alarms: readonly AlarmView[]) {
    return html`<section class="panel stack" aria-labelledby="alarms">
      <h3 id="alarms">${msg("未解除的告警", { id: "health.alarms" })}</h3>
      ${
        alarms.length === 0
          ? html`<p>${chip("ok", msg("没有告警", { id: "health.noAlarms" }))}</p>`
          : html`<ul class="stack">
              ${alarms.map(
                (alarm) =>
                  html`<li class="row spread">
                    <span>
                      ${chip("bad", alarm.code)} ${alarm.subject}
                      <span class="soft small">
                        ${msg(str`自 ${dayAndClock(alarm.since)} 起，共 ${alarm.count} 次`, { id: "health.alarmSince" })}
                        ${alarm.detail}
                      </span>
                    </span>
                    ${
                      alarm.seenBy === null
                        ? html`<button type="button" @click=${() => this.#seen.run(alarm)}>
                            ${msg("已知悉", { id: "health.see" })}
                          </button>`
                        : chip("plain", msg(str`${alarm.seenBy} 已知悉`, { id: "health.seenBy" }))
                    }
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-health-section": HealthSection;
  }
}
