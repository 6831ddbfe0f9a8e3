/** The clerk's page: today's intakes at the left, the one at work in the middle. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CounterId } from "../../gateway/domain/ids.ts";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import type { IntakeRow } from "../../gateway/http/contract/intake-view.ts";
import { ApiFailure, GATEWAY_AWAY, call } from "../api.ts";
import { Session } from "../controllers/session.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import "../elements/access-desk.ts";
import "../elements/desk-frame.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import "../elements/sign-in.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import { IntakeDesk } from "./desk.ts";
import type { ChooseEvent } from "./intake-list.ts";
import "./intake-list.ts";
import "./intake-page.ts";

const REFRESH_MS = 4_000;
const TICK_MS = 1_000;
const COUNTER_KEY = "counter";

interface Standing {
  readonly rows: readonly IntakeRow[];
  readonly cameras: readonly CameraView[];
}

@customElement("cg-clerk")
@localized()
export class ClerkPage extends LitElement {
  @state() private catalogue: CatalogueView | undefined;
  @state() private counterId: CounterId | undefined;
  /** Requests for viewing and copying instead of an intake. */
  @state() private access = false;
  readonly #session = new Session(this, () => void this.#begin());
  readonly #desk = new IntakeDesk(this, (error) => this.#session.noticeFailure(error));
  readonly #standing = new Task(this, async (signal): Promise<Standing> => {
    const [rows, cameras] = await Promise.all([
      call("GET /api/intakes", { query: { limit: 100 }, signal }),
      call("GET /api/cameras", { signal }),
    ]);
    return { rows, cameras };
  });
  readonly #tick = new Ticking(this, TICK_MS);
  #refreshedAtMs = 0;

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      .page {
        display: grid;
        grid-template-columns: 19rem minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
        block-size: 100%;
      }
      nav {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--space-4);
        padding: var(--space-4);
        border-inline-end: 1px solid var(--line);
        background: var(--surface-sunk);
        overflow: auto;
      }
      nav .primary {
        inline-size: 100%;
        min-block-size: 3.2rem;
        font-size: var(--text-large);
      }
      h2 {
        font-size: var(--text-large);
      }
      .content {
        padding: var(--space-5);
        overflow: auto;
      }
      .empty {
        display: grid;
        place-items: center;
        align-content: center;
        gap: var(--space-4);
        min-block-size: 60vh;
        color: var(--ink-soft);
        text-align: center;
      }
      .empty .icon {
        inline-size: 4rem;
        block-size: 4rem;
        stroke-width: 1.2;
        color: var(--accent);
      }
      @media (max-width: 56rem) {
        .page {
          grid-template-columns: 1fr;
          grid-template-rows: none;
          block-size: auto;
        }
      }
    `,
  ];

  override render() {
    const heading = msg("窗口受理", { id: "clerk.title" });
    if (this.#session.view === undefined) return nothing;
    if (this.#session.view === null)
      return html`<cg-sign-in .session=${this.#session} .heading=${heading}></cg-sign-in>`;
    const away = this.#standing.error;
    return html`<cg-desk-frame
      .session=${this.#session}
      .heading=${this.catalogue === undefined ? heading : `${pick(this.catalogue.authority.name)} · ${heading}`}
      .away=${away instanceof ApiFailure && away.code === GATEWAY_AWAY}
    >
      <div class="page">
        <nav aria-label=${msg("受理列表", { id: "clerk.list" })}>
          ${this.#counters()}
          <button
            type="button"
            class="primary"
            ?disabled=${this.counterId === undefined || this.#desk.busy}
            @click=${this.#start}
          >
            ${msg("开始受理", { id: "clerk.start" })}
          </button>
          <button type="button" aria-pressed=${this.access} @click=${() => (this.access = !this.access)}>
            ${icon("eye")}${msg("查阅复制申请", { id: "access.requests" })}
          </button>
          <h2>${msg("最近的受理", { id: "clerk.today" })}</h2>
          <cg-intake-list
            .rows=${this.#standing.value?.rows ?? []}
            .chosen=${this.#desk.view?.applicationId ?? ""}
            @cg-choose=${this.#choose}
          ></cg-intake-list>
        </nav>
        <div class="content">${this.access ? html`<cg-access-desk></cg-access-desk>` : this.#content()}</div>
      </div>
    </cg-desk-frame>`;
  }

  override updated(): void {
    if (!this.#session.view) return;
    if (this.#tick.nowMs - this.#refreshedAtMs >= REFRESH_MS || this.#listIsBehind()) void this.#refresh();
  }

  #counters() {
    const counters = this.catalogue?.counters ?? [];
    if (counters.length < 2) return counters[0] === undefined ? nothing : html`<b>${counters[0].name}</b>`;
    return choice({
      id: "counter",
      label: msg("我的窗口", { id: "clerk.counter" }),
      value: this.counterId ?? "",
      empty: msg("请选择窗口", { id: "clerk.chooseCounter" }),
      choices: counters.map(({ id, name }) => [id, name] as const),
      onInput: (value) => {
        this.counterId = value;
        sessionStorage.setItem(COUNTER_KEY, value);
      },
    });
  }

  #content() {
    const { view } = this.#desk;
    const warnings = this.catalogue?.profile.warnings ?? [];
    if (view === undefined)
      return html`<div class="stack">
        ${failure(this.#desk.error)}
        ${warnings.map((warning) => html`<p class="panel">${icon("warning")} ${pick(warning)}</p>`)}
        <div class="empty">
          ${icon("paper")}
          <p>${msg("从左侧选择一件受理，或者开始新的受理。", { id: "clerk.empty" })}</p>
        </div>
      </div>`;
    return html`<cg-intake-page
      .desk=${this.#desk}
      .view=${view}
      .catalogue=${this.catalogue}
      .cameras=${this.#standing.value?.cameras ?? []}
      .counterId=${this.counterId}
      .busy=${this.#desk.busy}
      .claimCode=${this.#desk.claimCode}
      .turn=${this.#desk.turn}
    ></cg-intake-page>`;
  }

  /** The clerk's own command has changed the intake on screen since the list was read. */
  #listIsBehind(): boolean {
    const { view } = this.#desk;
    const row = this.#standing.value?.rows.find(({ applicationId }) => applicationId === view?.applicationId);
    return row !== undefined && view !== undefined && row.version < view.version && !this.#standing.pending;
  }

  readonly #choose = (event: ChooseEvent): void => {
    this.access = false;
    void this.#desk.open(event.applicationId);
  };

  readonly #start = async (): Promise<void> => {
    this.access = false;
    if (this.counterId !== undefined) await this.#desk.start(this.counterId);
    await this.#refresh();
  };

  async #begin(): Promise<void> {
    this.catalogue = await call("GET /api/catalogue", {});
    const counters = this.catalogue.counters.map(({ id }) => id);
    const remembered = sessionStorage.getItem(COUNTER_KEY);
    this.counterId = counters.length === 1 ? counters[0] : counters.find((id) => id === remembered);
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#refreshedAtMs = Date.now();
    await this.#standing.run();
    if (this.#standing.error !== undefined) this.#session.noticeFailure(this.#standing.error);
    const open = this.#standing.value?.rows.find(
      (row) => row.applicationId === this.#desk.view?.applicationId,
    );
    if (open !== undefined) await this.#desk.follow(open.version);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-clerk": ClerkPage;
  }
}
