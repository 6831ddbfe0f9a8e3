/**
 * No sequence of requests leads to a view or a copy without its row and its approval: random commands by random
 * people over the real use cases; what was opened is held against the log alone. The seed is printed.
 */
import { assert, asyncProperty, array, constantFrom, integer, record } from "fast-check";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CREDENTIAL_KINDS, REQUESTER_KINDS } from "../../../gateway/domain/access/parties.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import type { EventMeta } from "../../../gateway/domain/intake/events.ts";
import {
  type EntryRef,
  applicationId,
  commandId,
  counterId,
  streamId,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { Role } from "../../../gateway/domain/roles.ts";
import type { Caller } from "../../../gateway/intake/access/access-desk.ts";
import { createAccess } from "../../../gateway/intake/access/create-access.ts";
import { eventDraft } from "../../../gateway/intake/entries.ts";
import { loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { createAccessLedger } from "../../../gateway/people/access-ledger.ts";
import { type MemoryLog, memoryLog } from "../intake/memory-log.ts";

const PROFILES = ["qd-xha-commerce", "changli-mr", "bjt-drc", "zz-mr", "hrss-unnamed"] as const;
const FOLDER = join(import.meta.dirname, "../../../firmware-configs/profiles");
const RUNS = Number(process.env["ACCESS_SEQUENCES"] ?? 60);
const seed = Number(process.env["ACCESS_SEED"] ?? Date.now() % 2_147_483_647);
const MATTERS = ["app-1", "app-2"] as const;
const NOW_MS = 1000;
const person = (name: string, ...roles: readonly Role[]): Caller => ({ userId: userId(name), roles });
const PEOPLE = [
  person("clerk-1", "clerk"),
  person("clerk-2", "clerk"),
  person("legal-1", "supervisor"),
  person("head-1", "leader"),
  person("head-2", "leader", "supervisor"),
  person("custodian-1", "custodian"),
] as const;

const step = record({
  what: constantFrom("ask", "show", "decide", "open", "archive", "seal", "unseal", "label"),
  who: integer({ min: 0, max: PEOPLE.length - 1 }),
  matter: constantFrom(...MATTERS),
  requester: constantFrom(...REQUESTER_KINDS),
  act: constantFrom("view", "copy", "playback"),
  asked: constantFrom("view", "copy"),
  pick: integer({ min: 0, max: 5 }),
  isYes: constantFrom(true, true, true, false),
});
type Step = typeof step extends { generate(...args: never[]): { readonly value: infer T } } ? T : never;

const profiles = new Map<string, Awaited<ReturnType<typeof loadProfiles>>>();
beforeAll(async () => {
  for (const id of PROFILES) profiles.set(id, await loadProfiles(FOLDER, id));
});

interface Look {
  readonly by: string;
  readonly act: string;
  readonly row: EntryRef;
  readonly requestId: string | undefined;
}

async function play(profile: string, steps: readonly Step[]) {
  const log: MemoryLog = memoryLog();
  const views = log.views();
  const archived = new Set<string>();
  const rules = profiles.get(profile);
  if (rules === undefined) throw new Error("no profile");
  let counted = 0;
  const access = createAccess({
    append: log,
    reader: log,
    views,
    clock: { wallMs: () => NOW_MS, monotonicMs: () => NOW_MS, boot: "b", ntp: () => "synced" },
    random: { bytes: (count) => new Uint8Array(count).fill((counted += 1)) },
    profiles: rules,
    ledger: createAccessLedger({ append: log, views }),
    caseFiles: { isArchived: async (id) => archived.has(id) },
    otherMatters: { find: async () => undefined },
    footage: { of: async () => [] },
    uploads: { of: async () => [] },
  });
  for (const id of MATTERS) {
    const meta: EventMeta = {
      commandId: commandId(`begin-${id}-1`),
      at: { wallMs: 0, monotonicMs: 0, boot: "b", ntp: "synced" },
      actor: { userId: userId("clerk-1"), role: "clerk" },
      device: "counter-1",
      profile: { id: profile, version: rules.current().version },
    };
    const started = { type: "started", counterId: counterId("counter-1"), cameraIds: ["cam-1"] } as const;
    const event = { ...started, applicationId: applicationId(id), version: 1, papers: [], meta };
    await log.append([eventDraft(applicationId(id), event)]);
  }
  const [scan] = await log.append([{ type: "scan", stream: streamId("scans"), record: { json: { v: 1 } } }]);
  if (scan === undefined) throw new Error("no scan");
  const requests: string[] = [];
  const looks: Look[] = [];
  const fresh = () => commandId(`command-${(counted += 1)}`);
  for (const one of steps) {
    const caller = PEOPLE[one.who] ?? PEOPLE[0];
    const requestId = requests[one.pick] ?? requests.at(-1) ?? "ar-0";
    const base = { commandId: fresh(), caller };
    try {
      switch (one.what) {
        case "ask": {
          const asked = await access.request({
            ...base,
            requester: one.requester,
            act: one.asked,
            material: one.isYes ? "file" : "conclusive",
            inProceeding: false,
            matterId: one.matter,
            purpose: "x",
            ...(one.requester === "staff" ? {} : { person: { name: "王芳", number: "123456" } }),
          });
          requests.push(asked.request.requestId);
          break;
        }
        case "show": {
          const kinds = one.isYes ? CREDENTIAL_KINDS : (["workCard"] as const);
          const shown = kinds.map((kind) => ({ kind, scan: { logId: scan.logId, seq: scan.seq } }));
          await access.checkCredentials({ ...base, requestId, shown });
          break;
        }
        case "decide":
          await access.decide({ ...base, requestId, approved: one.isYes, opinion: "同意" });
          break;
        case "open": {
          const based = requests.length > 0 && one.pick > 0 ? { requestId } : {};
          const footage = { cameraId: "cam-1", fromMs: 10, toMs: 20 };
          const look = { caller, act: one.act, subject: "x", matterId: one.matter, ...based } as const;
          const opened = await access.open(one.act === "playback" ? { ...look, footage } : look);
          looks.push({
            by: caller.userId,
            act: one.act,
            row: opened.row,
            requestId: "requestId" in based ? based.requestId : undefined,
          });
          break;
        }
        case "archive":
          archived.add(one.matter);
          break;
        case "seal":
          await access.seal({ ...base, matterId: one.matter, reason: "x" });
          break;
        case "unseal":
          await access.decideSeal({ ...base, matterId: one.matter, decision: "release", opinion: "x" });
          break;
        case "label":
          await access.label({
            ...base,
            target: `matter/${one.matter}`,
            labels: one.isYes ? [] : ["tradeSecret"],
            reason: "x",
          });
      }
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
    }
  }
  return { log, looks };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

interface Asked {
  readonly act: string;
  readonly registeredBy: string;
  readonly requester: { readonly kind: string; readonly userId?: string };
  readonly decision: { readonly steps: readonly object[]; readonly credentials: readonly object[] };
}

/** Told by the log alone: every row is after its request's credentials and all its approvals, by different people. */
function judge({ log, looks }: Awaited<ReturnType<typeof play>>): void {
  const asked = new Map<string, Asked>();
  const shown = new Set<string>();
  const signed = new Map<string, string[]>();
  const sealed = new Set<string>();
  let rows = 0;
  for (const { entry, body } of log.records) {
    const { what, requestId, by, act, basis, applicationId: matter, target, decision, approved } = body.json;
    const id = text(requestId);
    if (entry.type === "label") {
      const on = text(target).slice("matter/".length);
      if (what === "seal") sealed.add(on);
      if (what === "sealDecided" && decision === "release") sealed.delete(on);
    }
    if (entry.type === "approval") {
      expect(approved === true || approved === false).toBe(true);
      if (approved === true) signed.set(id, [...(signed.get(id) ?? []), text(by)]);
    }
    if (entry.type !== "access") continue;
    if (what === "request") {
      const facts = body.json["request"] as unknown as Asked & { readonly requestId: string };
      asked.set(facts.requestId, facts);
    } else if (what === "credentials") shown.add(id);
    if (what !== undefined) continue;
    rows += 1;
    expect(sealed.has(text(matter)), "nothing sealed is opened").toBe(false);
    if (requestId === undefined) {
      // Without a request nobody copies but the counter at its own work.
      expect(
        act === "copy"
          ? basis === "handling"
          : ["handling", "caseOfficer", "inspection"].includes(text(basis)),
      ).toBe(true);
      continue;
    }
    const request = asked.get(id);
    if (request === undefined) throw new Error("a row of a request nobody made");
    const approvers = signed.get(id) ?? [];
    expect(approvers).toHaveLength(request.decision.steps.length);
    expect(new Set(approvers).size).toBe(approvers.length);
    if (request.requester.userId !== undefined) expect(approvers).not.toContain(request.requester.userId);
    if (request.decision.credentials.length > 0) expect(shown.has(id)).toBe(true);
    if (act === "copy") expect(request.act).toBe("copy");
  }
  // What was opened is in the log, each once, with who and on which request.
  expect(rows).toBe(looks.length);
  for (const { by, act, row, requestId } of looks) {
    const json = log.records[row.seq]?.body.json;
    expect(json).toMatchObject({ by, act, ...(requestId === undefined ? {} : { requestId }) });
  }
}

describe("viewing and copying", () => {
  for (const profile of PROFILES)
    it(`opens nothing without its row and its approval (${profile})`, async () => {
      let opened = 0;
      await assert(
        asyncProperty(array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
          const played = await play(profile, steps);
          judge(played);
          opened += played.looks.length;
        }),
        { numRuns: RUNS, seed },
      );
      expect(opened, `seed ${seed}`).toBeGreaterThan(0);
    });
});
