/**
 * The clerk's work on one intake: what is on screen, and the one way to change it. Invariant: every command
 * carries the version that was on screen, so of two windows only one acts; a repeat after a lost answer carries
 * the same id, so it acts once.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CounterId } from "../../gateway/domain/ids.ts";
import type { Address, Api } from "../../gateway/http/contract/api.ts";
import type { CommandAnswer, IntakeView } from "../../gateway/http/contract/intake-view.ts";
import { ApiFailure, GATEWAY_AWAY, call, newCommandId } from "../api.ts";

type NotACommand = "POST /api/intakes/:id/present";
export type CommandAddress = Exclude<Extract<Address, `POST /api/intakes/:id/${string}`>, NotACommand>;
export type CommandBody<A extends CommandAddress> = Omit<Api[A]["body"], "commandId" | "expectedVersion">;

const CONFLICT = "intake.conflict";

export class IntakeDesk implements ReactiveController {
  view: IntakeView | undefined;
  /** Shown once, to be handed to the applicant, until put aside. */
  claimCode: string | undefined;
  /** What the last command was done in spite of, such as `officerNotCertified`. */
  warnings: readonly string[] = [];
  /** Why the last command was refused; undefined after one that worked. */
  error: unknown;
  busy = false;
  /** Grows with every command and its answer, so that what shows the desk knows when to look again. */
  turn = 0;
  /** Another window has changed this intake; the view has been loaded anew. */
  changedElsewhere = false;
  readonly #host: ReactiveControllerHost;
  readonly #onFailure: (error: unknown) => void;
  #unanswered: { readonly what: string; readonly id: ReturnType<typeof newCommandId> } | undefined;

  constructor(host: ReactiveControllerHost, onFailure: (error: unknown) => void) {
    this.#host = host;
    this.#onFailure = onFailure;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  /** Puts this intake on screen. */
  async open(id: IntakeView["applicationId"]): Promise<void> {
    this.leave();
    await this.#do(async () => (this.view = await call("GET /api/intakes/:id", { params: { id } })));
  }

  leave(): void {
    this.view = undefined;
    this.claimCode = undefined;
    this.warnings = [];
    this.error = undefined;
    this.changedElsewhere = false;
    this.#host.requestUpdate();
  }

  async start(counterId: CounterId): Promise<boolean> {
    this.leave();
    return this.#do(async () => {
      const commandId = this.#idFor(`start ${counterId}`);
      this.#took(await call("POST /api/intakes", { body: { counterId, commandId } }));
    });
  }

  /**
   * Resolves true when the command was done; otherwise `error` says why not. A conflict that changed nothing a
   * person decides on, such as the kiosk's report that the notice was shown, is no reason to ask again.
   */
  async command<A extends CommandAddress>(address: A, body: CommandBody<A>): Promise<boolean> {
    const { view } = this;
    if (view === undefined || this.busy) return false;
    if (await this.#send(address, view, body)) return true;
    const conflict = this.error;
    if (!(conflict instanceof ApiFailure) || conflict.code !== CONFLICT) return false;
    const fresh = await this.#read(view.applicationId);
    if (fresh !== undefined && decidedOn(fresh) === decidedOn(view)) return this.#send(address, fresh, body);
    this.error ??= conflict;
    this.changedElsewhere = fresh !== undefined;
    this.turn += 1;
    this.#host.requestUpdate();
    return false;
  }

  /** Looks again when the gateway has a newer version than the one on screen. */
  async follow(version: number): Promise<void> {
    const { view } = this;
    if (view === undefined || this.busy || version <= view.version) return;
    const fresh = await this.#read(view.applicationId);
    if (fresh === undefined) return;
    this.changedElsewhere = decidedOn(fresh) !== decidedOn(view);
    this.#host.requestUpdate();
  }

  /** Puts a paper on the counter's kiosk; resolves whether a kiosk was there. */
  async present(
    documentId: IntakeView["papers"][number]["documentId"],
    purpose: "read" | "sign",
  ): Promise<boolean> {
    const { view } = this;
    if (view === undefined) return false;
    let presented = false;
    await this.#do(async () => {
      const answer = await call("POST /api/intakes/:id/present", {
        params: { id: view.applicationId },
        body: { documentId, purpose },
      });
      ({ presented } = answer);
    });
    return presented;
  }

  allows(action: string): boolean {
    return this.view?.actions.find((known) => known.action === action)?.allowed ?? false;
  }

  /** Why the action is not allowed now; null when it is. */
  refusal(action: string): IntakeView["actions"][number]["refusal"] {
    return this.view?.actions.find((known) => known.action === action)?.refusal ?? null;
  }

  putCodeAside(): void {
    this.claimCode = undefined;
    this.#host.requestUpdate();
  }

  async #do(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.turn += 1;
    this.error = undefined;
    this.changedElsewhere = false;
    this.#host.requestUpdate();
    try {
      await work();
      this.#unanswered = undefined;
      return true;
    } catch (error) {
      this.error = error;
      if (!(error instanceof ApiFailure) || error.code !== GATEWAY_AWAY) this.#unanswered = undefined;
      this.#onFailure(error);
      return false;
    } finally {
      this.busy = false;
      this.turn += 1;
      this.#host.requestUpdate();
    }
  }

  /** What was sent and never answered keeps its id when it is sent again. */
  #idFor(what: string): ReturnType<typeof newCommandId> {
    if (this.#unanswered?.what !== what) this.#unanswered = { what, id: newCommandId() };
    return this.#unanswered.id;
  }

  #took(answer: CommandAnswer): void {
    this.view = answer.intake;
    this.warnings = answer.warnings;
    if (answer.claimCode !== null) this.claimCode = answer.claimCode;
  }

  async #send(address: CommandAddress, view: IntakeView, body: object): Promise<boolean> {
    return this.#do(async () => {
      const commandId = this.#idFor(JSON.stringify([address, view.applicationId, view.version, body]));
      const input = {
        params: { id: view.applicationId },
        body: { ...body, commandId, expectedVersion: view.version },
      };
      this.#took(await (call as unknown as Send)(address, input));
    });
  }

  async #read(id: IntakeView["applicationId"]): Promise<IntakeView | undefined> {
    let fresh: IntakeView | undefined;
    await this.#do(async () => {
      fresh = await call("GET /api/intakes/:id", { params: { id } });
      this.view = fresh;
    });
    return fresh;
  }
}

/** What of an intake a clerk decides on, as one text; the rest may change without being seen first. */
function decidedOn({ phase, matter, applicant, agent, checklist, papers, session }: IntakeView): string {
  const served = papers.map(({ documentId, service }) => [documentId, service]);
  return JSON.stringify([phase, matter, applicant, agent, checklist, served, session.open]);
}

/** All commands answer alike; the body was checked where `command` was called. */
type Send = (address: CommandAddress, input: object) => Promise<CommandAnswer>;
