/** Puts viewing and copying together over one store. To be called before the store catches up: it registers views. */
import { createHash } from "node:crypto";
import { type AccessDecision, decideAccess } from "../../domain/access/decide-access.ts";
import { missingCredentials } from "../../domain/access/credentials.ts";
import { signsFor, supplies } from "../../domain/access/offices.ts";
import { SENSITIVITIES } from "../../domain/access/parties.ts";
import { CodedError } from "../../domain/errors.ts";
import { isPhone, plainName, plainNumber } from "../../domain/identity.ts";
import { type EntryRef, type UserId, applicationId, logId, seq } from "../../domain/ids.ts";
import type { Clock } from "../../domain/time.ts";
import { inTurn } from "../in-turn.ts";
import type { AccessDesk, Look, NewRequest, Opened, RequestView } from "./access-desk.ts";
import {
  type RequesterRecord,
  approvalDraft,
  closedDraft,
  credentialsDraft,
  labelDraft,
  receiptDraft,
  requestDraft,
  requesterDraft,
  supplyDraft,
} from "./entries.ts";
import { type Known, knownMatter, noMatter } from "./matter-facts-of.ts";
import { matterProjection, mattersOf } from "./matter-view.ts";
import { basisOf } from "./open-look.ts";
import { isOwnParty } from "./own-party.ts";
import type {
  Append,
  CaseFiles,
  EntryDraft,
  FootageRefs,
  Ledger,
  LogReader,
  LookRow,
  OtherMatters,
  Profiles,
  Random,
  Views,
} from "./ports.ts";
import { type RequestFacts, type RequestState, type ShownCredential, statusOf } from "./request.ts";
import { requestProjection, requestsOf } from "./request-view.ts";
import { sealedRefs } from "./sealed-refs.ts";

const ID_BYTES = 8;
const LONGEST_TEXT = 500;
const LIST_MOST = 500;
const STROKES_MOST = 200;
const POINTS_MOST = 5000;
const SCAN_TYPES: ReadonlySet<string> = new Set(["scan", "file"]);

export interface AccessOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly ledger: Ledger;
  readonly caseFiles: CaseFiles;
  readonly otherMatters: OtherMatters;
  readonly footage: FootageRefs;
}

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function said(text: string, code: "access.badRequester" | "access.opinionMissing" | "access.badSensitivity") {
  const plain = text.trim();
  if (plain === "" || plain.length > LONGEST_TEXT) throw new CodedError(code);
  return plain;
}

function checkedPerson(person: RequesterRecord | undefined): RequesterRecord {
  const name = plainName(person?.name ?? "");
  const number = plainNumber(person?.number ?? "");
  const unit = person?.unit === undefined ? undefined : plainName(person.unit);
  const phone = person?.phone?.trim();
  if (name === undefined || !/^[0-9A-Za-z\p{L}-]{2,40}$/u.test(number))
    throw new CodedError("access.badRequester", { field: name === undefined ? "name" : "number" });
  if (person?.unit !== undefined && unit === undefined)
    throw new CodedError("access.badRequester", { field: "unit" });
  if (phone !== undefined && !isPhone(phone)) throw new CodedError("access.badRequester", { field: "phone" });
  return {
    name,
    number,
    ...(unit === undefined ? {} : { unit }),
    ...(phone === undefined ? {} : { phone }),
  };
}

export function createAccess(options: AccessOptions): AccessDesk {
  const { append, reader, views, clock, random, profiles } = options;
  const requests = requestsOf(views.register(requestProjection));
  const matters = mattersOf(views.register(matterProjection));
  const sources = { ...options, matters, requests, wallMs: () => clock.wallMs() };
  const turns = inTurn();
  const sealed = sealedRefs(matters, options.footage, () => clock.wallMs());

  async function write(drafts: readonly EntryDraft[]): Promise<EntryRef> {
    const last = (await append.append(drafts)).at(-1);
    if (last === undefined) throw new RangeError("an append answered nothing");
    await views.applied(last);
    return { logId: last.logId, seq: last.seq };
  }
  async function needed(requestId: string): Promise<RequestState> {
    const state = await requests.find(requestId);
    if (state === undefined) throw new CodedError("access.noSuchRequest");
    return state;
  }
  async function view(state: RequestState): Promise<RequestView> {
    const { personId } = state.requester;
    const at = personId === undefined ? undefined : await requests.personRef(personId);
    const person = at === undefined ? undefined : await readPerson(at);
    return { request: state, status: statusOf(state), ...(person === undefined ? {} : { person }) };
  }
  async function readPerson(at: { readonly [key: string]: unknown }): Promise<RequesterRecord | undefined> {
    try {
      const { body } = await reader.readRecord({
        logId: logId(String(at["logId"])),
        seq: seq(Number(at["seq"])),
      });
      const person = body.json["person"] as { readonly requester?: RequesterRecord } | undefined;
      return person?.requester;
    } catch (error) {
      // Erased by law: the register goes on without the name.
      if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
      throw error;
    }
  }
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
  async function checkScans(shown: readonly ShownCredential[]): Promise<void> {
    for (const { kind, scan } of shown) {
      const entry = await reader.readEntry(scan).catch((error: unknown) => {
        if (error instanceof CodedError) return undefined;
        throw error;
      });
      if (entry === undefined || !SCAN_TYPES.has(entry.type))
        throw new CodedError("access.credentialsMissing", { credential: kind });
    }
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
          ...(person === undefined ? [] : [requesterDraft(personId, person)]),
          requestDraft(facts, asked.commandId),
        ]);
        return requestId;
      }),
    checkCredentials: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const state = await needed(asked.requestId);
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
        await checkScans(asked.shown);
        const { requestId, commandId, shown } = asked;
        await write([credentialsDraft({ requestId, commandId, by: asked.caller.userId, shown })]);
        return requestId;
      }),
    decide: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { caller, requestId, commandId, approved } = asked;
        const state = await needed(requestId);
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
        const state = await needed(requestId);
        if (state.supplies.length === 0 || state.receipt !== undefined)
          throw new CodedError("access.wrongState");
        if (signature.mode === "ink") await checkInk(signature.scan);
        else checkStrokes(signature.strokes);
        const { mode, ...given } = signature;
        await write([receiptDraft({ requestId, commandId, by: asked.caller.userId, mode, given })]);
        return requestId;
      }),
    close: (asked) =>
      command(asked.commandId, asked.requestId, async () => {
        const { requestId, commandId, how } = asked;
        if ((await needed(requestId)).closedMs !== undefined) throw new CodedError("access.wrongState");
        await write([closedDraft({ requestId, commandId, by: asked.caller.userId, how })]);
        return requestId;
      }),
    get: async (requestId) => view(await needed(requestId)),
    list: async (interval) =>
      Promise.all((await requests.list({ ...interval, limit: LIST_MOST })).map((state) => view(state))),
    async retained(ref) {
      const { body, entry } = await reader.readRecord(ref);
      if (entry.type !== "access" || body.json["act"] !== "supply" || body.attachment === undefined)
        throw new CodedError("access.noSuchRequest");
      return body.attachment;
    },

    check: (look) => rowOf(look),
    isSealed,
    async assertNotSealed(matterId) {
      if (await isSealed(matterId)) throw new CodedError("access.sealed");
    },
    async open(look) {
      const row = await rowOf(look);
      return { basis: row.basis, row: await options.ledger.record(row) };
    },

    async label({ caller, commandId, target, labels, reason }) {
      if (!/^(matter|file)\/[a-z0-9][a-z0-9.-]{0,63}$/.test(target))
        throw new CodedError("access.noSuchMatter");
      if (labels.some((label) => !SENSITIVITIES.includes(label)))
        throw new CodedError("access.badSensitivity");
      const why = said(reason, "access.badSensitivity");
      const matterId = /^matter\/(.+)$/.exec(target)?.[1];
      if (matterId !== undefined) await knownMatter(sources, matterId);
      const body = { what: "sensitivity", target, labels: [...new Set(labels)], reason: why };
      await write([labelDraft({ commandId, by: caller.userId, ...body })]);
    },
    labelsOf: (target) => matters.labelsOf(target),
    seal: ({ caller, commandId, matterId, reason }) =>
      turns.run(`seal/${matterId}`, async () => {
        const why = said(reason, "access.badSensitivity");
        const { facts } = await knownMatter(sources, matterId);
        if (facts.seal !== "none") return;
        const target = `matter/${matterId}`;
        const body = { commandId, by: caller.userId, what: "seal", target, reason: why };
        await write([labelDraft(body)]);
      }),
    decideSeal: ({ caller, commandId, matterId, decision, opinion }) =>
      turns.run(`seal/${matterId}`, async () => {
        const why = said(opinion, "access.opinionMissing");
        const row = await matters.find(matterId);
        if (row === undefined || row.seal === "none" || (row.seal === "kept" && decision === "keep"))
          throw new CodedError("access.notSealed");
        if (!caller.roles.includes("leader")) throw new CodedError("access.notYourOffice");
        if (row.sealedBy === caller.userId) throw new CodedError("access.samePerson");
        const body = { what: "sealDecided", target: `matter/${matterId}`, decision, opinion: why };
        await write([labelDraft({ commandId, by: caller.userId, ...body })]);
      }),
    async seals() {
      const ids = await matters.sealed();
      const rows = await Promise.all(
        ids.map(async (matterId) => ({ matterId, row: await matters.find(matterId) })),
      );
      return rows.flatMap(({ matterId, row }) =>
        row === undefined || row.seal === "none"
          ? []
          : [{ matterId, state: row.seal, sealedBy: row.sealedBy ?? "", sealedMs: row.sealedMs ?? 0 }],
      );
    },
    isWithheld: (log, ranges) => sealed.holds(log, ranges),
  };

  async function rowOf(look: Look): Promise<LookRow & Pick<Opened, "basis">> {
    const { basis, matters: reached } = await basisOf(sources, look);
    const { caller, act, subject, reason, footage, requestId } = look;
    const matterId = reached.find((id) => id !== "");
    return {
      by: caller.userId,
      act,
      subject,
      basis,
      ...(reason === undefined ? {} : { reason }),
      ...(matterId === undefined ? {} : { applicationId: applicationId(matterId) }),
      ...(footage === undefined ? {} : { fromMs: footage.fromMs, toMs: footage.toMs }),
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
  async function isSealed(matterOrDocumentId: string): Promise<boolean> {
    const matterId = (await matters.ofDocument(matterOrDocumentId)) ?? matterOrDocumentId;
    return ((await matters.find(matterId))?.seal ?? "none") !== "none";
  }
  async function checkInk(scan: EntryRef): Promise<void> {
    const entry = await reader.readEntry(scan).catch((error: unknown) => {
      if (error instanceof CodedError) return undefined;
      throw error;
    });
    if (entry === undefined || !SCAN_TYPES.has(entry.type)) throw new CodedError("access.signatureMissing");
  }
  function checkStrokes(strokes: readonly (readonly (readonly number[])[])[]): void {
    const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    if (strokes.length === 0 || strokes.length > STROKES_MOST || points < 2 || points > POINTS_MOST)
      throw new CodedError("access.signatureMissing");
  }
}
