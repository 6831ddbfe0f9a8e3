/**
 * What is done with a request, step by step: registered, credentials shown, approved, supplied, signed for, closed.
 * Invariant: one command on a request at a time, and a repeat gives what the first made.
 */
import { createHash } from "node:crypto";
import { type AccessDecision, decideAccess } from "../../domain/access/decide-access.ts";
import { missingCredentials } from "../../domain/access/credentials.ts";
import { signsFor, supplies } from "../../domain/access/offices.ts";
import { CodedError } from "../../domain/errors.ts";
import type { UserId } from "../../domain/ids.ts";
import type { Clock } from "../../domain/time.ts";
import type { InTurn } from "../in-turn.ts";
import type { AccessDesk, NewRequest, RequestView } from "./access-desk.ts";
import {
  approvalDraft,
  closedDraft,
  credentialsDraft,
  receiptDraft,
  requestDraft,
  requesterDraft,
  supplyDraft,
} from "./entries.ts";
import { type Known, type MatterSources, knownMatter, noMatter } from "./matter-facts-of.ts";
import { isOwnParty } from "./own-party.ts";
import type { LogReader, Random } from "./ports.ts";
import { type RequestFacts, type RequestState, statusOf } from "./request.ts";
import type { RequestBook } from "./request-book.ts";
import { checkScans, checkSignature, checkedPerson, said } from "./request-checks.ts";
import type { Requests } from "./request-view.ts";
import type { Write } from "./write.ts";

const ID_BYTES = 8;

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export type RequestCommands = Pick<
  AccessDesk,
  "request" | "checkCredentials" | "decide" | "supply" | "receipt" | "close"
>;

export function requestCommands(
  sources: MatterSources & { readonly requests: Requests },
  parts: {
    readonly reader: LogReader;
    readonly clock: Clock;
    readonly random: Random;
    readonly book: Pick<RequestBook, "needed" | "neededBy" | "view">;
    readonly write: Write;
    readonly turns: InTurn;
  },
): RequestCommands {
  const { matters, requests, profiles } = sources;
  const { reader, clock, random, write, turns } = parts;
  const { needed, neededBy, view } = parts.book;
  async function known(asked: Pick<NewRequest, "matterId" | "footage">): Promise<Known> {
    const { matterId, footage } = asked;
    if ((matterId === undefined) === (footage === undefined)) throw new CodedError("access.targetMissing");
    if (matterId !== undefined) return knownMatter(sources, matterId);
    if (footage === undefined || !(footage.toMs > footage.fromMs))
      throw new CodedError("access.targetMissing");
    const [first] = await matters.at(footage.cameraId, footage.fromMs, footage.toMs);
    return first === undefined ? noMatter(profiles.current()) : knownMatter(sources, first);
  }
  function decideOn(
    { facts, profile }: Known,
    asked: Pick<NewRequest, "requester" | "act" | "material" | "inProceeding">,
    userId: UserId,
  ): Extract<AccessDecision, { readonly verdict: "allowed" }> {
    const decision = decideAccess({
      profile,
      requester: asked.requester,
      userId,
      act: asked.act,
      material: asked.material,
      inProceeding: asked.inProceeding,
      matter: facts,
    });
    if (decision.verdict === "refused")
      throw new CodedError(
        decision.code,
        decision.article === undefined ? {} : { article: decision.article },
      );
    return decision;
  }
  /** Runs one command on one request; a repeat gives what the first made. */
  function command(commandId: string, on: string, work: () => Promise<string>): Promise<RequestView> {
    return turns.run(on, async () => {
      const done = await requests.ofCommand(commandId);
      if (done !== undefined) return view(done);
      return view(await needed(await work()));
    });
  }
  async function isGranted(state: RequestState): Promise<void> {
    if (statusOf(state) !== "granted") throw new CodedError("access.wrongState");
    // Labels and seals that came after the approval hold all the same.
    const { facts } = await known(state);
    if (facts.seal !== "none") throw new CodedError("access.sealed");
  }

  return {
    request: (asked) =>
      command(asked.commandId, `new/${asked.commandId}`, async () => {
        const { caller, requester, act, material, inProceeding, matterId, footage } = asked;
        const isStaff = requester === "staff";
        const person = isStaff ? undefined : checkedPerson(asked.person);
        const purpose = said(asked.purpose, "access.badRequester");
        const matter = await known(asked);
        if (requester === "party" && matterId !== undefined && person !== undefined)
          await isOwnParty({ reader, matters }, matterId, person.number, matter.profile);
        const decision = decideOn(matter, asked, caller.userId);
        const requestId = `ar-${Buffer.from(random.bytes(ID_BYTES)).toString("hex")}`;
        const personId = `${requestId}.p`;
        const { id, version } = matter.profile;
        const facts: RequestFacts = {
          requestId,
          registeredBy: caller.userId,
          atMs: clock.wallMs(),
          requester: isStaff ? { kind: requester, userId: caller.userId } : { kind: requester, personId },
          act,
          material,
          inProceeding,
          purpose,
          decision,
          profile: { id, version },
          ...(matterId === undefined ? {} : { matterId }),
          ...(footage === undefined ? {} : { footage }),
        };
        await write([
          ...(person === undefined ? [] : [requesterDraft(personId, person, matterId)]),
          requestDraft(facts, asked.commandId),
        ]);
        return requestId;
      }),
    checkCredentials: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const state = await neededBy(asked.caller, asked.requestId);
        if (statusOf(state) !== "credentials") throw new CodedError("access.wrongState");
        const { credentials, article } = state.decision;
        const missing = missingCredentials(
          credentials,
          asked.shown.map(({ kind }) => kind),
        );
        if (missing.length > 0)
          throw new CodedError("access.credentialsMissing", {
            missing: missing.map((group) => group.join("|")),
            ...(article === undefined ? {} : { article }),
          });
        await checkScans(reader, asked.shown);
        const { requestId, commandId, shown } = asked;
        await write([credentialsDraft({ requestId, commandId, by: asked.caller.userId, shown })]);
        return requestId;
      }),
    decide: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { caller, requestId, commandId, approved } = asked;
        const state = await neededBy(caller, requestId);
        if (statusOf(state) !== "approval") throw new CodedError("access.wrongState");
        const step = state.decision.steps[state.approvals.length];
        if (step === undefined) throw new CodedError("access.wrongState");
        const opinion = said(asked.opinion, "access.opinionMissing");
        const { facts } = await known(state);
        if (facts.seal !== "none") throw new CodedError("access.sealed");
        const article = step.article === undefined ? {} : { article: step.article };
        if (!signsFor(step.office, caller, facts)) throw new CodedError("access.notYourOffice", article);
        const before = [
          state.requester.userId,
          // The case lead handles it alone by credentials (S3-C-10), so registering it does not exclude them.
          ...(step.office === "caseLead" ? [] : [state.registeredBy]),
          ...state.approvals.map(({ by }) => by),
        ];
        if (before.includes(caller.userId)) throw new CodedError("access.samePerson", article);
        await write([
          approvalDraft({
            requestId,
            commandId,
            by: caller.userId,
            office: step.office,
            approved,
            opinion,
            ...article,
          }),
        ]);
        return requestId;
      }),
    supply: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { requestId, commandId, subject, retained } = asked;
        const state = await needed(requestId);
        await isGranted(state);
        if (state.act === "view") throw new CodedError("access.outOfScope");
        if (!supplies(state.decision.supplier, asked.caller)) throw new CodedError("access.notYourOffice");
        await write([
          supplyDraft(
            {
              requestId,
              commandId,
              by: asked.caller.userId,
              subject,
              reason: state.purpose,
              sha256: sha256Of(retained),
              sizeBytes: retained.length,
              ...(state.matterId === undefined ? {} : { applicationId: state.matterId }),
            },
            retained,
          ),
        ]);
        return requestId;
      }),
    receipt: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { requestId, commandId, signature } = asked;
        const state = await neededBy(asked.caller, requestId);
        if (state.supplies.length === 0 || state.receipt !== undefined)
          throw new CodedError("access.wrongState");
        await checkSignature(reader, signature);
        const { mode, ...given } = signature;
        await write([receiptDraft({ requestId, commandId, by: asked.caller.userId, mode, given })]);
        return requestId;
      }),
    close: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { requestId, commandId, how } = asked;
        const state = await neededBy(asked.caller, requestId);
        if (state.closedMs !== undefined) throw new CodedError("access.wrongState");
        await write([closedDraft({ requestId, commandId, by: asked.caller.userId, how })]);
        return requestId;
      }),
  };
}
