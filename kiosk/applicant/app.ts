/**
 * The applicant's page: shows what the counter's clerk presents, and to a person with a claim their own papers.
 * Invariant: one element holds one visit; the wipe replaces it by a fresh one, so nothing of a visit survives,
 * and a claim that this element did not open itself is never shown but wiped.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { KioskState } from "../../gateway/http/contract/kiosk.ts";
import { ApiFailure } from "../api.ts";
import { IdleWatch } from "../controllers/idle.ts";
import { LiveState } from "../controllers/live.ts";
import { reading } from "../controllers/reading.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { icon } from "../elements/icon.ts";
import "../elements/reading-toggles.ts";
import { clock, shortDay } from "../text/format.ts";
import { language, pick } from "../text/language.ts";
import { appStyles } from "./app.styles.ts";
import "./away-screen.ts";
import "./bind-screen.ts";
import {
  type PaperId,
  bind,
  claim,
  listPapers,
  readState,
  reportNoticeShown,
  resumeBinding,
} from "./calls.ts";
import "./claim-screen.ts";
import "./done-screen.ts";
import "./guides-screen.ts";
import type { LeaveEvent, Step, StepEvent } from "./events.ts";
import "./home-screen.ts";
import "./idle-dialog.ts";
import "./notice-screen.ts";
import "./paper-screen.ts";
import type { OpenPaperEvent } from "./papers-screen.ts";
import "./papers-screen.ts";
import "./sign-screen.ts";
import { settleWipe, wipeIsOwed, wipePage } from "./wiping.ts";

const ANSWER_WITHIN_MS = 30_000;
const SHORTEST_QUIET_MS = 5_000;
const RETRY_MS = 2_000;
const KEEP_CLAIM_EVERY_MS = 20_000;

@customElement("cg-applicant")
@localized()
export class ApplicantPage extends LitElement {
  @state() private kiosk: KioskState | undefined;
  @state() private bound: "asking" | "yes" | "no" = "asking";
  @state() private step: Step = "home";
  @state() private documentId: PaperId | undefined;
  @state() private signed: readonly PaperId[] = [];
  /** The application whose notice the person has put aside. */
  @state() private noticePutAside = "";
  #claim: "none" | "trying" | "own" = "none";
  #revision = -1;
  #claimKeptAtMs = 0;
  #reporting = "";
  #wiping = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #now = new Ticking(this, 1_000);
  readonly #papers = new Task(this, async (signal) => listPapers(signal));
  readonly #idle = new IdleWatch(
    this,
    () => void this.#wipe("idle"),
    () => this.#keepClaim(),
  );
  readonly #live = new LiveState<KioskState>(this, {
    path: "/api/kiosk/stream",
    read: readState,
    onMessage: (state) => this.#take(state),
    onOpen: () => (this.#revision = -1),
  });

  static override readonly styles = appStyles;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#retry);
  }

  override render() {
    const screen = this.#screen();
    return html`<header>
        <div class="place">
          <span class="authority"
            >${this.kiosk?.authority === undefined ? nothing : pick(this.kiosk.authority)}</span
          >
          <span class="counter">${this.kiosk?.counterName ?? nothing}</span>
        </div>
        <time>${shortDay(this.#now.nowMs)}<b>${clock(this.#now.nowMs)}</b></time>
        <cg-reading-toggles></cg-reading-toggles>
      </header>
      <main
        @cg-step=${(event: StepEvent) => this.#go(event.step)}
        @cg-leave=${(event: LeaveEvent) => this.#wipe(event.cause)}
        @cg-open-paper=${(event: OpenPaperEvent) => this.#openPaper(event.documentId)}
        @cg-stay=${() => this.#idle.extend()}
      >
        ${screen}
        ${
          this.#idle.secondsLeft === undefined
            ? nothing
            : html`<cg-idle-dialog .secondsLeft=${this.#idle.secondsLeft}></cg-idle-dialog>`
        }
      </main>
      <footer>
        ${icon("person")}<span>${msg("需要帮助？请向窗口工作人员示意。", { id: "app.help" })}</span>
      </footer>`;
  }

  override updated(): void {
    const { kiosk } = this;
    const changedReading = language() === "en" || reading().largeText || reading().highContrast;
    const inUse = this.step !== "home" || this.#presented() !== undefined || changedReading;
    const quietMs = Math.max((kiosk?.idleWipeMs ?? 0) - ANSWER_WITHIN_MS, SHORTEST_QUIET_MS);
    this.#idle.watch(inUse && !this.#wiping, { warnAfterMs: quietMs, answerWithinMs: ANSWER_WITHIN_MS });
    this.#reportNotice();
  }

  #screen() {
    const { kiosk, step } = this;
    if (this.bound === "no") return html`<cg-bind-screen .bindWith=${this.#bind}></cg-bind-screen>`;
    if (kiosk === undefined || !this.#live.connected || wipeIsOwed())
      return html`<cg-away-screen></cg-away-screen>`;
    const notice = this.#notice();
    if (notice !== undefined && step === "home")
      return html`<cg-notice-screen
        .text=${notice.text}
        .version=${notice.noticeVersion}
      ></cg-notice-screen>`;
    const presented = this.#presented();
    const claimed = this.#papers.value?.papers.find((paper) => paper.documentId === this.documentId);
    const maySign =
      presented === undefined
        ? claimed?.served === false &&
          claimed.kind !== "serviceReceipt" &&
          !this.signed.includes(claimed.documentId)
        : presented.purpose === "sign" && !presented.signed;
    const documentId = presented?.documentId ?? this.documentId;
    const several = (this.#papers.value?.papers.length ?? 0) > 1;
    if (step === "sign") return html`<cg-sign-screen .documentId=${documentId}></cg-sign-screen>`;
    if (step === "done" || step === "onPaper")
      return html`<cg-done-screen .onPaper=${step === "onPaper"} .mayGoBack=${several}></cg-done-screen>`;
    if (step === "claim") return html`<cg-claim-screen .claimWith=${this.#claimWith}></cg-claim-screen>`;
    if (step === "verify") return html`<cg-verify-screen></cg-verify-screen>`;
    if (step === "guides") return html`<cg-guides-screen></cg-guides-screen>`;
    if (step === "papers")
      return html`<cg-papers-screen
        .claimed=${this.#papers.value}
        .error=${this.#papers.error}
      ></cg-papers-screen>`;
    if (step === "paper" || presented !== undefined)
      return html`<cg-paper-screen
        .documentId=${documentId}
        .claimed=${this.#claim === "own"}
        .mayGoBack=${several}
        .maySign=${maySign}
      ></cg-paper-screen>`;
    return html`<cg-home-screen .recording=${kiosk.recording}></cg-home-screen>`;
  }

  #notice() {
    const screen = this.kiosk?.screen;
    return screen?.kind === "recordingNotice" && screen.applicationId !== this.noticePutAside
      ? screen
      : undefined;
  }

  /** The paper the clerk has put on this screen, unless a person with a claim is reading their own. */
  #presented() {
    const screen = this.kiosk?.screen;
    return screen?.kind === "document" && this.#claim === "none" ? screen : undefined;
  }

  async #start(): Promise<void> {
    const running = new AbortController();
    try {
      const { hash } = location;
      if (hash.startsWith("#bind=")) {
        history.replaceState(null, "", location.pathname);
        await bind(decodeURIComponent(hash.slice("#bind=".length)), running.signal);
      } else await resumeBinding(running.signal);
      await settleWipe();
      this.bound = "yes";
      this.#live.open();
    } catch (error) {
      if (error instanceof ApiFailure && (error.status === 401 || error.status === 403)) this.bound = "no";
      else if (this.isConnected) this.#retry = setTimeout(() => void this.#start(), RETRY_MS);
    }
  }

  readonly #bind = async (code: string, signal: AbortSignal): Promise<void> => {
    await bind(code, signal);
    this.bound = "yes";
    this.#live.open();
  };

  readonly #claimWith = async (code: string, last4: string, signal: AbortSignal): Promise<void> => {
    this.#claim = "trying";
    try {
      const state = await claim(code, last4, signal);
      this.#claim = "own";
      this.#take(state);
    } catch (error) {
      this.#claim = "none";
      throw error;
    }
    const papers = (await this.#papers.run())?.papers ?? [];
    const [only] = papers;
    if (papers.length === 1 && only !== undefined) this.#openPaper(only.documentId);
    else this.step = "papers";
  };

  #take(state: KioskState): void {
    if (state.revision < this.#revision) return;
    this.#revision = state.revision;
    const foreign = state.claim !== null && this.#claim === "none";
    const over = state.claim === null && this.#claim === "own";
    this.kiosk = state;
    if (foreign || over) void this.#wipe(foreign ? "request" : "idle");
  }

  /** The gateway ends a claim that nothing was asked of: somebody who reads for long is not away. */
  #keepClaim(): void {
    const now = Date.now();
    if (this.#claim !== "own" || now - this.#claimKeptAtMs < KEEP_CLAIM_EVERY_MS) return;
    this.#claimKeptAtMs = now;
    void this.#papers.run();
  }

  #go(step: Step): void {
    if (step === "done" && this.documentId !== undefined) this.signed = [...this.signed, this.documentId];
    if (step === "home") {
      const screen = this.kiosk?.screen;
      if (screen?.kind === "recordingNotice") this.noticePutAside = screen.applicationId;
    }
    if (step === "papers") void this.#papers.run();
    // Few need it, so it is no weight on the first screen.
    if (step === "verify") void import("./verify-screen.ts");
    this.step = step;
  }

  #openPaper(documentId: PaperId): void {
    this.documentId = documentId;
    this.step = "paper";
  }

  /** The showing is logged once the notice has really been painted on a visible page. */
  #reportNotice(): void {
    const notice = this.#notice();
    if (
      notice === undefined ||
      notice.shown ||
      this.step !== "home" ||
      this.#reporting === notice.applicationId
    )
      return;
    this.#reporting = notice.applicationId;
    requestAnimationFrame(() => {
      reportNoticeShown(notice, AbortSignal.timeout(10_000)).then(
        (state) => this.#take(state),
        () => (this.#reporting = ""),
      );
    });
  }

  async #wipe(cause: "done" | "idle" | "request"): Promise<void> {
    if (this.#wiping) return;
    this.#wiping = true;
    this.#idle.watch(false);
    await wipePage(cause);
    this.replaceWith(document.createElement("cg-applicant"));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-applicant": ApplicantPage;
  }
}
