/** A counter on the real store with the desk for viewing and copying beside it, and people who approve. */
import { randomBytes, randomUUID } from "node:crypto";
import type {
  CredentialKind,
  Material,
  RequestedAct,
  RequesterKind,
} from "../../../gateway/domain/access/parties.ts";
import {
  type ApplicationId,
  type EntryRef,
  commandId,
  streamId,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { Role } from "../../../gateway/domain/roles.ts";
import type {
  AccessDesk,
  Caller,
  NewRequest,
  RequestView,
} from "../../../gateway/intake/access/access-desk.ts";
import { createAccess } from "../../../gateway/intake/access/create-access.ts";
import type { OtherMatters } from "../../../gateway/intake/access/ports.ts";
import { type AccessLedger, createAccessLedger } from "../../../gateway/people/access-ledger.ts";
import { CLERK, type Counter, type CounterOptions, openCounter } from "../intake/counter.ts";

const person = (name: string, ...roles: readonly Role[]): Caller => ({ userId: userId(name), roles });
export const PEOPLE = {
  clerk: { userId: CLERK.userId, roles: ["clerk"] } satisfies Caller,
  colleague: person("clerk-2", "clerk"),
  legal: person("legal-1", "supervisor"),
  head: person("head-1", "leader"),
  head2: person("head-2", "leader"),
  custodian: person("custodian-1", "custodian"),
} as const;

/** Of the demonstration applicant 王芳. */
export const WANG_NUMBER = "11010519491231002X";

type OtherMatter = NonNullable<Awaited<ReturnType<OtherMatters["find"]>>>;

export interface Desk {
  readonly counter: Counter;
  readonly access: AccessDesk;
  readonly ledger: AccessLedger;
  /** Filed in the archive. */
  readonly archived: Set<string>;
  readonly others: Map<string, OtherMatter>;
  readonly footageRefs: EntryRef[];
  /** An intake that was accepted, so decided at the counter. */
  decided(): Promise<ApplicationId>;
  scan(): Promise<EntryRef>;
  ask(asked: Partial<NewRequest> & { readonly requester: RequesterKind }): Promise<RequestView>;
  show(view: RequestView, kinds: readonly CredentialKind[], by?: Caller): Promise<RequestView>;
  approve(view: RequestView, by: Caller): Promise<RequestView>;
  rows(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export const fresh = () => commandId(randomUUID());

type Beside = Parameters<NonNullable<CounterOptions["beside"]>>[0];

export async function openDesk(
  options: CounterOptions & {
    /** What else stands on the store beside the desk. */
    readonly also?: (parts: Beside, access: AccessDesk) => void;
  },
): Promise<Desk> {
  const archived = new Set<string>();
  const others = new Map<string, OtherMatter>();
  const footageRefs: EntryRef[] = [];
  let built: { readonly access: AccessDesk; readonly ledger: AccessLedger } | undefined;
  const counter = await openCounter({
    ...options,
    beside: (parts) => {
      const { store, clock, profiles } = parts;
      const ledger = createAccessLedger({ append: store, views: store });
      const access = createAccess({
        append: store,
        reader: store,
        views: store,
        clock,
        random: { bytes: (count) => randomBytes(count) },
        profiles,
        ledger,
        caseFiles: { isArchived: async (id) => archived.has(id) },
        otherMatters: { find: async (id) => others.get(id) },
        footage: { of: async () => footageRefs },
        uploads: { of: async () => [] },
      });
      built = { access, ledger };
      options.also?.(parts, access);
    },
  });
  if (built === undefined) throw new Error("nothing was built beside the counter");
  const { access, ledger } = built;
  const desk: Desk = {
    counter,
    access,
    ledger,
    archived,
    others,
    footageRefs,
    async decided() {
      const id = await counter.received();
      await counter.judgeAll(id);
      const { phase } = await counter.intake.accept(await counter.on(id));
      if (phase === "PENDING_APPROVAL") await counter.approveAll(id);
      return id;
    },
    async scan() {
      const record = { json: { v: 1 }, attachment: randomBytes(64) };
      const [ref] = await counter.store.append([{ type: "scan", stream: streamId("scans"), record }]);
      if (ref === undefined) throw new Error("no scan");
      return { logId: ref.logId, seq: ref.seq };
    },
    ask: ({ requester, ...asked }) =>
      access.request({
        commandId: fresh(),
        caller: PEOPLE.custodian,
        requester,
        act: "copy" satisfies RequestedAct,
        material: "file" satisfies Material,
        inProceeding: false,
        purpose: "复议准备",
        ...(requester === "staff"
          ? {}
          : { person: { name: "王芳", number: WANG_NUMBER, phone: "13800138000" } }),
        ...asked,
      }),
    async show(view, kinds, by = PEOPLE.custodian) {
      const shown = await Promise.all(kinds.map(async (kind) => ({ kind, scan: await desk.scan() })));
      const { requestId } = view.request;
      return access.checkCredentials({ commandId: fresh(), caller: by, requestId, shown });
    },
    approve: (view, by) =>
      access.decide({
        commandId: fresh(),
        caller: by,
        requestId: view.request.requestId,
        approved: true,
        opinion: "同意",
      }),
    async rows() {
      const { rows } = await ledger.page({});
      return rows.toReversed().map(({ act, basis, by }) => `${act} ${basis ?? "-"} ${by}`);
    },
    remove: () => counter.remove(),
  };
  return desk;
}
