/**
 * Turns decided facts into one append: events, personal data, documents with their numbers. Invariant: transition,
 * number and document are durable together or not at all (I7).
 */
import type { DocumentFacts } from "../domain/document.ts";
import { documentRecord } from "../domain/document-record.ts";
import { evolve } from "../domain/intake/evolve.ts";
import type { IntakeEvent, IntakeFact, IssuedPaper } from "../domain/intake/events.ts";
import { papersOf } from "../domain/intake/papers-of.ts";
import type { Agent, Applicant, PersonRecord } from "../domain/intake/party.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import { CodedError } from "../domain/errors.ts";
import { type ApplicationId, type CommandId, documentId } from "../domain/ids.ts";
import { beijingDate } from "../domain/time.ts";
import { documentDraft, eventDraft, personDraft } from "./entries.ts";
import { buildFacts } from "./facts/build.ts";
import type { FactsInput } from "./facts/input.ts";
import type { IntakeOptions } from "./intake.ts";
import { numberGiver } from "./numbers.ts";
import type { EntryDraft, ViewTable } from "./ports.ts";
import type { Stored } from "./stored.ts";
import { warningsOf } from "./warnings.ts";
import type { World } from "./world.ts";

export interface NewPerson {
  readonly personId: string;
  readonly person: PersonRecord;
}

export interface Step {
  readonly applicationId: ApplicationId;
  readonly commandId: CommandId;
  readonly device: string;
  readonly before: ApplicationState | undefined;
  readonly facts: readonly IntakeFact[];
  readonly persons: readonly NewPerson[];
  readonly world: World;
}

export interface Prepared {
  readonly drafts: readonly EntryDraft[];
  readonly after: ApplicationState;
  readonly papers: readonly IssuedPaper[];
  readonly warnings: readonly string[];
}

export function issuesPapers(facts: readonly IntakeFact[], before: ApplicationState | undefined): boolean {
  return facts.some((fact) => papersOf(fact, before).length > 0);
}

/** People a paper may name: those of this command, else from the log. */
async function peopleOf(step: Step, stored: Stored): Promise<ReadonlyMap<string, PersonRecord>> {
  const people = new Map(step.persons.map(({ personId, person }) => [personId, person]));
  const { registered, items, papers } = step.before ?? {};
  const wanted = [
    registered?.applicantPersonId,
    registered?.agentPersonId,
    ...(items ?? []).flatMap((item) => item.corrections.map((made) => made.correctorPersonId)),
    ...(papers ?? []).flatMap((paper) => paper.attempts.map((attempt) => attempt.recipientPersonId)),
    ...step.facts.map((fact) => (fact.type === "serviceRecorded" ? fact.personId : undefined)),
  ];
  for (const personId of wanted) {
    if (personId === undefined || people.has(personId)) continue;
    const person = await stored.person(personId);
    if (person !== undefined) people.set(personId, person);
  }
  return people;
}

function partiesIn(
  state: ApplicationState,
  people: ReadonlyMap<string, PersonRecord>,
): { readonly applicant: Applicant; readonly agent?: Agent } {
  const { applicantPersonId, agentPersonId } = state.registered ?? {};
  const applicant = people.get(applicantPersonId ?? "");
  const agent = people.get(agentPersonId ?? "");
  if (applicant?.role !== "applicant") throw new CodedError("intake.personErased");
  return { applicant: applicant.applicant, ...(agent?.role === "agent" ? { agent: agent.agent } : {}) };
}

/** The same paper under a new number: what it says was fixed at issue and stays (I9). */
function reissued(old: DocumentFacts | undefined, input: FactsInput): DocumentFacts {
  const { event, number } = input;
  if (old === undefined || event.type !== "paperVoided") throw new CodedError("intake.noSuchDocument");
  return {
    ...old,
    number,
    issuedAtMs: event.meta.at.wallMs,
    timeProvisional: event.meta.at.ntp === "unsynced",
    replaces: { number: old.number, reason: event.reason },
  };
}

/** Under the number lock when the step issues papers. */
export async function prepare(
  step: Step,
  options: IntakeOptions,
  table: ViewTable,
  stored: Stored,
): Promise<Prepared> {
  const { context, handling, responsible, receivedBy, approvals } = step.world;
  const { office } = options;
  const numbers = numberGiver(table, {
    authorityCode: office.authority.code,
    shortName: office.shortName,
    gatewayCode: office.gatewayCode,
    year: beijingDate(context.now.wallMs).slice(0, 4),
  });
  const people = issuesPapers(step.facts, step.before)
    ? await peopleOf(step, stored)
    : new Map<string, PersonRecord>();
  const drafts: EntryDraft[] = step.persons.map(({ personId, person }) =>
    personDraft(step.applicationId, personId, person),
  );
  const allPapers: IssuedPaper[] = [];
  const allWarnings = new Set<string>();
  let state = step.before;
  for (const fact of step.facts) {
    const kinds = papersOf(fact, state);
    const papers: IssuedPaper[] = [];
    for (const kind of kinds) {
      const n = (state?.papers.length ?? 0) + papers.length + 1;
      papers.push({
        documentId: documentId(`${step.applicationId}.d${n}`),
        kind,
        ...(await numbers.give(kind)),
      });
    }
    const warnings = warningsOf(fact, state, kinds.length > 0, context);
    const event: IntakeEvent = {
      ...fact,
      version: (state?.version ?? 0) + 1,
      papers,
      meta: {
        commandId: step.commandId,
        at: context.now,
        actor: context.actor,
        ...(context.responsible === undefined ? {} : { responsible: context.responsible }),
        device: step.device,
        profile: { id: context.profile.id, version: context.profile.version },
        ...(warnings.length === 0 ? {} : { warnings }),
      },
    };
    const after = evolve(state, event);
    drafts.push(eventDraft(step.applicationId, event));
    for (const paper of papers) {
      const { matter } = context;
      if (matter === undefined) throw new CodedError("intake.noSuchMatter");
      const input: FactsInput = {
        event,
        after,
        number: paper.number,
        profile: context.profile,
        matter,
        office,
        clock: context,
        ...partiesIn(after, people),
        handling,
        ...(responsible === undefined ? {} : { responsible }),
        ...(receivedBy === undefined ? {} : { receivedBy }),
        approvals,
        person: (personId) => people.get(personId),
      };
      const facts =
        event.type === "paperVoided"
          ? reissued(await stored.facts(event.documentId), input)
          : buildFacts(paper.kind, input);
      const draft = await options.papers.draft(facts);
      const { applicationId } = step;
      drafts.push(
        documentDraft(documentRecord({ documentId: paper.documentId, applicationId, facts, draft })),
      );
    }
    for (const warning of warnings) allWarnings.add(warning);
    allPapers.push(...papers);
    state = after;
  }
  if (state === undefined) throw new RangeError("a command without facts");
  return { drafts, after: state, papers: allPapers, warnings: [...allWarnings] };
}
