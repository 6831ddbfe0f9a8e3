/**
 * On which basis somebody may open something now. Invariant: the answer is given before anything is read, and a
 * request covers its own matter, range and act alone.
 */
import { decideAccess } from "../../domain/access/decide-access.ts";
import { supplies } from "../../domain/access/offices.ts";
import type { MatterFacts } from "../../domain/access/matter-facts.ts";
import { CodedError, type ErrorCode } from "../../domain/errors.ts";
import { articleOf } from "../../domain/profile.ts";
import type { Caller, Look, Opened } from "./access-desk.ts";
import { type Known, type MatterSources, knownMatter, noMatter } from "./matter-facts-of.ts";
import type { MatterSession } from "./matter-view.ts";
import { type FootageRange, type RequestState, statusOf } from "./request.ts";
import type { Requests } from "./request-view.ts";

/** An approval is for the purpose it was asked for, not for ever. */
const GRANT_LIFE_MS = 30 * 24 * 3_600_000;

export interface LookSources extends MatterSources {
  readonly requests: Requests;
  readonly wallMs: () => number;
}

type Basis = Pick<Opened, "basis"> & { readonly matters: readonly string[] };

const refuse = (code: ErrorCode, article?: string): never => {
  throw new CodedError(code, article === undefined ? {} : { article });
};

const within = (inner: FootageRange, outer: FootageRange): boolean =>
  inner.cameraId === outer.cameraId && inner.fromMs >= outer.fromMs && inner.toMs <= outer.toMs;

/** Whether the range lies inside one session of the matter on that camera. */
function inSessions(range: FootageRange, sessions: readonly MatterSession[], nowMs: number): boolean {
  return sessions.some(({ cameraIds, fromMs, toMs = nowMs }) =>
    cameraIds.some((cameraId) => within(range, { cameraId, fromMs, toMs })),
  );
}

function isOnCase({ userId }: Caller, { staff }: MatterFacts): boolean {
  return staff.includes(userId);
}

/** What is sealed or a state secret stays shut whoever asks, but for those the secrecy rules let in. */
function checkSecrets(caller: Caller, { facts, profile }: Known): void {
  if (facts.seal !== "none") refuse("access.sealed");
  if (!facts.labels.includes("stateSecret")) return;
  if (isOnCase(caller, facts) || caller.roles.includes("leader")) return;
  refuse("access.secretExcluded", articleOf(profile.rule("access.secretExcluded")));
}

async function byRequest(
  sources: LookSources,
  look: Look,
  request: RequestState,
  reached: readonly Known[],
): Promise<Basis> {
  const { wallMs, matters, otherMatters } = sources;
  if (statusOf(request) !== "granted") refuse("access.wrongState", request.decision.article);
  if (wallMs() - (request.grantedMs ?? request.atMs) > GRANT_LIFE_MS) refuse("access.expired");
  if (look.act !== "view" && look.act !== "playback" && request.act === "view")
    refuse("access.outOfScope", request.decision.article);
  if (look.act === "copy" && !supplies(request.decision.supplier, look.caller))
    refuse("access.notYourOffice", request.decision.article);
  const ownStaff = request.requester.userId;
  if (ownStaff !== undefined && ownStaff !== look.caller.userId) refuse("access.outOfScope");
  const isFootage = look.footage !== undefined;
  if (isFootage && request.material === "conclusive") refuse("access.outOfScope", request.decision.article);
  if (request.footage !== undefined) {
    if (look.footage === undefined || !within(look.footage, request.footage)) refuse("access.outOfScope");
    return { basis: "request", matters: reached.map(({ facts }) => facts.matterId) };
  }
  const { matterId = "" } = request;
  if (look.footage !== undefined) {
    const row = await matters.find(matterId);
    const other = row?.profile === undefined ? await otherMatters.find(matterId) : undefined;
    const own = [...(row?.sessions ?? []), ...(other?.linked ?? [])];
    if (!inSessions(look.footage, own, wallMs())) refuse("access.outOfScope");
  } else if (reached.some(({ facts }) => facts.matterId !== matterId) || reached.length === 0)
    refuse("access.outOfScope");
  return { basis: "request", matters: [matterId] };
}

/** What an inspector may look at: everything but copies, as an act of oversight (S0-36, S3-B-7). */
function isInspector({ roles }: Caller): boolean {
  return roles.includes("supervisor") || roles.includes("leader");
}

async function withoutRequest(sources: LookSources, look: Look, reached: readonly Known[]): Promise<Basis> {
  const { caller, act, footage, matterId } = look;
  const ids = reached.map(({ facts }) => facts.matterId);
  const own = reached.find(({ facts }) => facts.matterId === matterId) ?? reached[0];
  const isPaper = footage === undefined;
  const isArchived = reached.some(({ facts }) => facts.stage === "archived");
  // Papers of a running matter are the counter's own work: reading, printing and handing them over is no 查阅.
  const isAtWork = caller.roles.includes("clerk") || (act === "print" && caller.roles.includes("supervisor"));
  if (isPaper && !isArchived && own !== undefined && isAtWork) return { basis: "handling", matters: ids };
  if (act === "view" || act === "playback") {
    if (own !== undefined && (isPaper || matterId !== undefined)) {
      const { facts, profile } = own;
      const decision = decideAccess({
        profile,
        requester: "staff",
        userId: caller.userId,
        act: "view",
        material: "file",
        inProceeding: false,
        matter: facts,
      });
      const row = await sources.matters.find(facts.matterId);
      const isDirect = decision.verdict === "allowed" && decision.steps.length === 0;
      const isIn = isPaper || inSessions(footage, row?.sessions ?? [], sources.wallMs());
      if (isDirect && isIn) return { basis: "caseOfficer", matters: ids };
    }
    if (isInspector(caller)) return { basis: "inspection", matters: ids };
  }
  const profile = own?.profile ?? sources.profiles.current();
  return refuse(
    "access.noBasis",
    articleOf(profile.rule(isArchived ? "access.afterArchive" : "access.staffView")),
  );
}

/** Throws `access.*`. */
export async function basisOf(sources: LookSources, look: Look): Promise<Basis> {
  const { footage, requestId } = look;
  const document =
    look.documentId === undefined ? undefined : await sources.matters.ofDocument(look.documentId);
  const named = look.matterId ?? document;
  const touched =
    footage === undefined ? [] : await sources.matters.at(footage.cameraId, footage.fromMs, footage.toMs);
  const ids = [...new Set([...(named === undefined ? [] : [named]), ...touched])];
  const reached = await Promise.all(ids.map((id) => knownMatter(sources, id)));
  for (const known of reached) checkSecrets(look.caller, known);
  const own = named === undefined ? look : { ...look, matterId: named };
  if (requestId === undefined) return withoutRequest(sources, own, reached);
  const request = await sources.requests.find(requestId);
  if (request === undefined) throw new CodedError("access.noSuchRequest");
  const known = reached.length > 0 ? reached : [noMatter(sources.profiles.current())];
  return byRequest(sources, own, request, footage === undefined ? reached : known);
}
