/**
 * Reading requests: one, the register of an interval, what was kept of a supply. Invariant: a clerk sees what they
 * registered, asked for or signed, and what is about matters they are on; the register as a whole is for who oversees.
 */
import { CodedError } from "../../domain/errors.ts";
import { logId, seq } from "../../domain/ids.ts";
import type { AccessDesk, Caller, Interval, RequestView } from "./access-desk.ts";
import type { RequesterRecord } from "./entries.ts";
import type { Matters } from "./matter-view.ts";
import type { LogReader, OtherMatters } from "./ports.ts";
import { type RequestState, statusOf } from "./request.ts";
import type { Requests } from "./request-view.ts";

const LIST_MOST = 500;

export interface RequestBook {
  /** What routes and books read. */
  readonly reading: Pick<AccessDesk, "get" | "list" | "read" | "listFor" | "retained">;
  /** Throws `access.noSuchRequest`. */
  needed(requestId: string): Promise<RequestState>;
  /** As `needed`, also for a request that is no business of the caller's. */
  neededBy(caller: Caller, requestId: string): Promise<RequestState>;
  view(state: RequestState): Promise<RequestView>;
}

export function requestBook(parts: {
  readonly reader: LogReader;
  readonly requests: Requests;
  readonly matters: Matters;
  readonly otherMatters: OtherMatters;
}): RequestBook {
  const { reader, requests, matters, otherMatters } = parts;
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
  async function concerns({ userId, roles }: Caller, state: RequestState): Promise<boolean> {
    if (roles.some((role) => role === "supervisor" || role === "leader" || role === "custodian")) return true;
    const people = [state.registeredBy, state.requester.userId, ...state.approvals.map(({ by }) => by)];
    if (people.includes(userId)) return true;
    const { matterId } = state;
    if (matterId === undefined) return false;
    const staff = (await matters.find(matterId))?.staff ?? (await otherMatters.find(matterId))?.staff;
    return staff?.includes(userId) === true;
  }
  async function neededBy(caller: Caller, requestId: string): Promise<RequestState> {
    const state = await needed(requestId);
    if (!(await concerns(caller, state))) throw new CodedError("access.noSuchRequest");
    return state;
  }
  const inInterval = (interval: Interval): Promise<readonly RequestState[]> =>
    requests.list({ ...interval, limit: LIST_MOST });

  const reading: RequestBook["reading"] = {
    get: async (requestId) => view(await needed(requestId)),
    read: async (caller, requestId) => view(await neededBy(caller, requestId)),
    list: async (interval) => Promise.all((await inInterval(interval)).map((state) => view(state))),
    async listFor(caller, interval) {
      const found: RequestView[] = [];
      for (const state of await inInterval(interval))
        if (await concerns(caller, state)) found.push(await view(state));
      return found;
    },
    async retained(ref) {
      const { body, entry } = await reader.readRecord(ref);
      if (entry.type !== "access" || body.json["act"] !== "supply" || body.attachment === undefined)
        throw new CodedError("access.noSuchRequest");
      return body.attachment;
    },
  };
  return { needed, neededBy, view, reading };
}
