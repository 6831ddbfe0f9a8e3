/**
 * Service 送达 as the clerk records it: an attempt, its evidence, its failure or its completion; the application and
 * its 送达回证 follow. Invariant: the register is durable first; a step the application was not told of (a crash
 * between the two) is told at the next start, once.
 */
import { CodedError } from "../../domain/errors.ts";
import {
  type ApplicationId,
  type CommandId,
  type DocumentId,
  type UserId,
  commandId,
  documentId,
} from "../../domain/ids.ts";
import type { PersonRecord } from "../../domain/intake/party.ts";
import type { OfficerRegistry } from "../officers/officers.ts";
import type { Profile } from "../../domain/profile.ts";
import { type ServiceCommand, decideService } from "../../domain/service/decide.ts";
import { type Demand, lacking } from "../../domain/service/demands.ts";
import {
  type AttemptState,
  type EvidenceLink,
  type EvidencePiece,
  type Failure,
  type ServedPaper,
  type ServiceEvent,
  type ServiceState,
  evolveService,
} from "../../domain/service/service.ts";
import { type Clock, beijingDate } from "../../domain/time.ts";
import { personDraft, personOf } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import type { Intake } from "../intake.ts";
import { type LogParts, allUnder, appendAndShow, doneBefore } from "../log-work.ts";
import type { EntryDraft, LogReader, Profiles } from "../ports.ts";
import { refIn } from "../view-rows.ts";
import { type AttemptAsked, attemptOf } from "./attempt.ts";
import { type OwedRow, foreignPaperDraft, serviceDraft, serviceKey, serviceProjection } from "./entries.ts";

export interface ServicesOptions extends LogParts {
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly profiles: Profiles;
  readonly officers: Pick<OfficerRegistry, "named">;
  readonly intake: Pick<Intake, "get" | "recordService">;
  /** Hears why the application could not be told of a step; it is tried again. */
  readonly onOwed: (error: unknown) => void;
  /** Whether a piece of evidence points at something that is there. */
  readonly linked: (link: EvidenceLink) => Promise<boolean>;
}

export interface ServiceRequest {
  readonly commandId: CommandId;
  readonly by: UserId;
  readonly documentId: DocumentId;
  /** `version` of the service as the screen showed it. */
  readonly expectedVersion: number;
}

/** An attempt with its words, and what it still lacks. */
export interface AttemptView {
  readonly attempt: AttemptState;
  /** Undefined once the personal data was erased. */
  readonly words: Extract<PersonRecord, { readonly role: "service" }> | undefined;
  readonly account: string | undefined;
  readonly lacking: readonly Demand[];
}

export interface ServiceView {
  readonly state: ServiceState;
  readonly attempts: readonly AttemptView[];
  /**
   * For a notice with a limit: whether it was handed over or lawfully tried by then. Both times are recorded: when it
   * was issued (`paper.issuedMs`), and the first attempt.
   */
  readonly notified?: { readonly due: string; readonly firstAttemptMs?: number; readonly inTime: boolean };
}

export interface Services {
  /** Throws `service.*`, `officers.*`, `intake.*`; nothing is half recorded. */
  attempt(request: ServiceRequest & { readonly attempt: AttemptAsked }): Promise<ServiceView>;
  supply(
    request: ServiceRequest & { readonly attemptId: string; readonly evidence: readonly EvidencePiece[] },
  ): Promise<ServiceView>;
  /** `account` tells what happened; for returned mail its details (S4-12(2)). */
  fail(
    request: ServiceRequest & {
      readonly attemptId: string;
      readonly why: Failure;
      readonly onDate: string;
      readonly account: string;
    },
  ): Promise<ServiceView>;
  complete(
    request: ServiceRequest & { readonly attemptId: string; readonly deliveredOn?: string },
  ): Promise<ServiceView>;
  /** A paper of the bureau's own system that is to be handed over here (S4-11). */
  addForeignPaper(request: {
    readonly commandId: CommandId;
    readonly by: string;
    readonly paper: ServedPaper;
  }): Promise<ServiceView>;
  /** Throws `service.noSuchPaper`. */
  get(id: DocumentId): Promise<ServiceView>;
  /** As `get`, without words and rules. */
  state(id: DocumentId): Promise<ServiceState>;
  ofApplication(id: ApplicationId): Promise<readonly ServiceView[]>;
  /** Tells applications of steps that a crash kept from them; how many are still owed. */
  tellOwed(): Promise<number>;
}

const LONGEST_ACCOUNT = 2000;
const NOTICES = new Set(["correctionNotice", "nonAcceptanceNotice"]);

/** To be called before the store catches up, since it registers a view. */
export function createServices(options: ServicesOptions): Services {
  const { clock, intake, profiles, officers } = options;
  const table = options.views.register(serviceProjection);
  const turns = inTurn();

  const stateOf = async (id: DocumentId): Promise<ServiceState> => {
    const row = await table.get(serviceKey.state(id));
    if (row === undefined) throw new CodedError("service.noSuchPaper");
    return row as unknown as ServiceState;
  };
  const person = async (id: string | undefined): Promise<PersonRecord | undefined> => {
    const ref = id === undefined ? undefined : refIn(await table.get(serviceKey.person(id)));
    if (ref === undefined) return undefined;
    try {
      return personOf((await options.reader.readRecord(ref)).body.json)?.person;
    } catch (error) {
      if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
      throw error;
    }
  };
  /** Rules of the application's own profile version. */
  const rulesOf = async (id: ApplicationId): Promise<Profile> => {
    const { profile } = await intake.get(id);
    return profiles.find(profile.id, profile.version) ?? profiles.current();
  };

  const viewOf = async (state: ServiceState): Promise<ServiceView> => {
    const { paper } = state;
    const view = await intake.get(paper.applicationId);
    const profile = await rulesOf(paper.applicationId);
    const attempts = await Promise.all(
      state.attempts.map(async (attempt): Promise<AttemptView> => {
        const words = await person(attempt.personId);
        const account = await person(attempt.failed?.accountPersonId);
        return {
          attempt,
          words:
            words?.role === "service"
              ? words
              : words?.role === "recipient"
                ? counterWords(words.signatory, paper)
                : undefined,
          account: account?.role === "serviceAccount" ? account.account : undefined,
          lacking: attempt.status === "failed" ? [] : lacking(attempt, profile),
        };
      }),
    );
    const kind = view.papers.find((one) => one.documentId === paper.documentId)?.kind;
    const limit = view.clocks.find((one) => one.kind === "noticeStatutory");
    if (kind === undefined || limit === undefined || !NOTICES.has(kind)) return { state, attempts };
    const firstAttemptMs = state.attempts
      .map(({ happenedMs }) => happenedMs)
      .toSorted((a, b) => a - b)
      .at(0);
    const inTime = firstAttemptMs !== undefined && beijingDate(firstAttemptMs) <= limit.due;
    return {
      state,
      attempts,
      notified: { due: limit.due, inTime, ...(firstAttemptMs === undefined ? {} : { firstAttemptMs }) },
    };
  };

  /** Tells the application what was recorded, as one command whose id follows from the step: a repeat does nothing. */
  const tell = async (
    state: ServiceState,
    step: "attempted" | "completed",
    version: number,
    attemptId: string,
  ) => {
    const { paper, served } = state;
    const attempt = state.attempts.find((one) => one.attemptId === attemptId);
    if (attempt === undefined) throw new RangeError("an attempt that was not made can't be told");
    const { state: application } = await intake.get(paper.applicationId);
    await intake.recordService({
      commandId: commandId(`service-${paper.documentId}-${version}`.replaceAll(".", "-")),
      actor: { userId: attempt.by, role: "clerk" },
      device: "register",
      applicationId: paper.applicationId,
      expectedVersion: application.version,
      step,
      documentId: paper.documentId,
      method: attempt.method,
      personId: attempt.personId,
      foreign: paper.foreign,
      ...(step === "completed" && served !== undefined ? { servedMs: served.servedMs } : {}),
    });
  };
  /** The register is durable by now: what the application can't take at once stays owed and is told later. */
  const tellOrOwe = async (state: ServiceState, event: ServiceEvent): Promise<void> => {
    if (event.type !== "attempted" && event.type !== "completed") return;
    const attemptId = event.type === "attempted" ? event.attempt.attemptId : event.attemptId;
    try {
      await tell(state, event.type, event.version, attemptId);
    } catch (error) {
      options.onOwed(error);
    }
  };

  const perform = (
    request: ServiceRequest,
    make: (
      state: ServiceState,
      profile: Profile,
    ) => Promise<{
      readonly command: ServiceCommand;
      readonly persons?: readonly { readonly personId: string; readonly person: PersonRecord }[];
    }>,
  ): Promise<ServiceView> =>
    turns.run(`paper/${request.documentId}`, async () => {
      const before = await stateOf(request.documentId);
      if ((await doneBefore(table, request.commandId)) === undefined) {
        if (before.version !== request.expectedVersion)
          throw new CodedError("service.conflict", {
            expected: request.expectedVersion,
            actual: before.version,
          });
        const profile = await rulesOf(before.paper.applicationId);
        const { command, persons = [] } = await make(before, profile);
        const nowMs = clock.wallMs();
        const { facts, warnings } = decideService(before, command, { nowMs, profile });
        const meta = {
          commandId: request.commandId,
          by: request.by,
          atMs: nowMs,
          profile: { id: profile.id, version: profile.version },
          ...(warnings.length === 0 ? {} : { warnings }),
        };
        let state = before;
        const drafts: EntryDraft[] = persons.map((one) =>
          personDraft(before.paper.applicationId, one.personId, one.person),
        );
        const events = facts.map((fact): ServiceEvent => {
          const event: ServiceEvent = { ...fact, version: state.version + 1, meta };
          state = evolveService(state, event);
          drafts.push(serviceDraft(request.documentId, event));
          return event;
        });
        await appendAndShow(options, drafts);
        for (const event of events) await tellOrOwe(state, event);
      }
      return viewOf(await stateOf(request.documentId));
    });

  return {
    attempt: (request) =>
      perform(request, async (state) => {
        const named = await officers.named(request.attempt.servers);
        const personId = `${request.documentId}.s${state.version + 1}`;
        const { applicant, papers } = await intake.get(state.paper.applicationId);
        const known = papers.find((one) => one.documentId === state.paper.documentId);
        // A voided number serves nobody; what took its place is served.
        if (known?.voided !== undefined) throw new CodedError("service.noSuchPaper");
        const failed = state.attempts.filter((one) => one.status === "failed");
        const { attempt, words } = attemptOf(request.attempt, {
          state,
          named,
          personId,
          recipient: applicant?.name,
          failed,
        });
        return {
          command: { type: "attempt", attempt, officers: named },
          persons: [{ personId, person: words }],
        };
      }),
    supply: (request) =>
      perform(request, async () => {
        for (const { link, kind } of request.evidence)
          if (link !== undefined && !(await options.linked(link)))
            throw new CodedError("service.badEvidence", { kind });
        return {
          command: { type: "supply", attemptId: request.attemptId, evidence: request.evidence },
        };
      }),
    fail: (request) =>
      perform(request, async (state) => {
        const account = request.account.trim();
        if (account === "" || account.length > LONGEST_ACCOUNT)
          throw new CodedError("service.badText", { field: "account" });
        const personId = `${request.documentId}.s${state.version + 1}`;
        const { attemptId, why, onDate } = request;
        return {
          command: { type: "fail", attemptId, why, onDate, accountPersonId: personId },
          persons: [{ personId, person: { role: "serviceAccount", account } }],
        };
      }),
    complete: (request) =>
      perform(request, async () => {
        const { attemptId, deliveredOn } = request;
        return {
          command: { type: "complete", attemptId, ...(deliveredOn === undefined ? {} : { deliveredOn }) },
        };
      }),
    addForeignPaper: ({ commandId: id, by, paper }) =>
      turns.run(`paper/${paper.documentId}`, async () => {
        if ((await doneBefore(table, id)) === undefined) {
          if ((await table.get(serviceKey.state(paper.documentId))) !== undefined)
            throw new CodedError("service.conflict", { expected: 0, actual: 1 });
          await appendAndShow(options, [foreignPaperDraft({ ...paper, commandId: id, by })]);
        }
        return viewOf(await stateOf(paper.documentId));
      }),
    get: async (id) => viewOf(await stateOf(id)),
    state: stateOf,
    async ofApplication(id) {
      const rows = await allUnder(table, serviceKey.of(id, ""));
      return Promise.all(
        rows.map(async ([key]) => viewOf(await stateOf(documentId(key.slice(key.lastIndexOf("/") + 1))))),
      );
    },
    async tellOwed() {
      for (const [, row] of await allUnder(table, "owed/")) {
        const { documentId: id, step, version, attemptId } = row as unknown as OwedRow;
        const state = await stateOf(id);
        try {
          await tell(state, step, version, attemptId);
        } catch (error) {
          options.onOwed(error);
        }
      }
      return (await allUnder(table, "owed/")).length;
    },
  };
}

function counterWords(
  signatory: { readonly name: string; readonly relation: string },
  paper: ServedPaper,
): Extract<PersonRecord, { readonly role: "service" }> {
  const { name, relation } = signatory;
  return {
    role: "service",
    recipient: name,
    place: "",
    served: [{ title: paper.title, number: paper.number, copies: 1 }],
    made: { method: "direct", signee: name, ...(relation === "self" ? {} : { relation }) },
  };
}
