/** The invariants of REGULATIONS 6 under random commands, faults, restarts and days passing; the seed is printed. */
import { assert, asyncProperty } from "fast-check";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseDocumentRecord } from "../../../gateway/domain/document-record.ts";
import { evolve } from "../../../gateway/domain/intake/evolve.ts";
import type { IntakeEvent } from "../../../gateway/domain/intake/events.ts";
import type { ApplicationState } from "../../../gateway/domain/intake/state.ts";
import { asJson, eventOf } from "../../../gateway/intake/entries.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { intakeProjection } from "../../../gateway/intake/view.ts";
import { type Played, type Rules, play } from "./random-counter.ts";
import { sequence } from "./steps.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
/** One that ends an incomplete application, one that keeps it open, one with a chain of approvals. */
const PROFILES = ["changli-mr", "hrss-unnamed", "zz-mr"] as const;
const RUNS_PER_PROFILE = Number(process.env["INTAKE_SEQUENCES"] ?? 700);
const seed = Number(process.env["INTAKE_SEED"] ?? Date.now() % 2_147_483_647);

const rules = new Map<string, Rules>();
beforeAll(async () => {
  for (const id of PROFILES)
    rules.set(id, {
      profiles: await loadProfiles(join(CONFIGS, "profiles"), id),
      calendars: await loadCalendars(join(CONFIGS, "calendars")),
      // What the demonstration offers under no regulation in particular serves the chain.
      catalogue: await loadCatalogue(
        join(CONFIGS, "demonstration/matters.json"),
        id === "zz-mr" ? undefined : id,
      ),
    });
});

type Told = { readonly before: ApplicationState | undefined; readonly event: IntakeEvent };

/** Every event with the state it met, folded from the log alone. */
function history(played: Played): {
  readonly told: readonly Told[];
  readonly states: Map<string, ApplicationState>;
} {
  const states = new Map<string, ApplicationState>();
  const told: Told[] = [];
  for (const { entry, body } of played.log.records) {
    if (!["intake", "service", "approval"].includes(entry.type)) continue;
    const read = eventOf(body.json);
    if (read === undefined) throw new Error("an intake entry that holds no event");
    const before = states.get(read.applicationId);
    told.push({ before, event: read.event });
    states.set(read.applicationId, evolve(before, read.event));
  }
  return { told, states };
}

function oneNoticeOnly(told: readonly Told[]): void {
  for (const { before, event } of told) {
    if (event.type !== "correctionNotified") continue;
    if ((before?.notices.length ?? 0) > 0) {
      expect(event.override).toBeDefined();
      expect(event.meta.actor.role).toBe("supervisor");
      expect(before?.judges).not.toContain(event.meta.actor.userId);
    }
    // I3: nothing was unjudged, and everything that was deficient and not told before is named.
    expect(before?.items.every((item) => item.verdict !== undefined)).toBe(true);
    const toldBefore = new Set(before?.notices.flatMap((notice) => notice.itemIds));
    const deficient = before?.items
      .filter((item) => item.verdict?.kind === "deficient" && !toldBefore.has(item.itemId))
      .map((item) => item.itemId);
    expect(event.itemIds).toEqual(deficient);
  }
}

function deemedRightly(told: readonly Told[]): void {
  for (const { before, event } of told) {
    if (event.type !== "accepted") continue;
    expect(before?.outcome).toBeUndefined();
    if (event.kind === "deemed") {
      expect(before?.notices).toEqual([]);
      expect(before?.received?.receiptDay).toBe(event.effectiveDay);
      expect(event.documentDay > event.effectiveDay).toBe(true);
    } else
      expect(
        before?.items.every((item) => item.verdict !== undefined && item.verdict.kind !== "deficient"),
      ).toBe(true);
  }
}

function numbersGapless(played: Played, told: readonly Told[]): void {
  const serials = new Map<string, number[]>();
  for (const { event } of told)
    for (const { series, serial } of event.papers)
      serials.set(series, [...(serials.get(series) ?? []), serial]);
  for (const found of serials.values()) expect(found).toEqual(found.map((_, index) => index + 1));
  // I9: one document entry per paper, its facts carrying the very number of the event.
  const documents = played.log.records
    .filter(({ entry }) => entry.type === "document")
    .map(({ body }) => parseDocumentRecord(body.json));
  const numbers = told.flatMap(({ event }) =>
    event.papers.map((paper) => `${paper.documentId} ${paper.number}`),
  );
  expect(documents.map(({ documentId, facts }) => `${documentId} ${facts.number}`)).toEqual(numbers);
  expect(new Set(numbers).size).toBe(numbers.length);
}

async function replayGivesTheSame(
  played: Played,
  states: ReadonlyMap<string, ApplicationState>,
): Promise<void> {
  for (const [id, state] of states) expect(played.rows.get(`app/${id}`)).toEqual(asJson(state));
  const fresh = played.log.views();
  fresh.register(intakeProjection);
  await fresh.applied({ logId: "2026" as never, seq: 0 as never });
  expect(new Map(fresh.tables[0])).toEqual(new Map(played.rows));
}

function saysWho(told: readonly Told[]): void {
  for (const { event } of told) {
    const { actor, at, device, profile } = event.meta;
    expect(
      [actor.userId, actor.role, device, profile.id, profile.version].every((text) => text.length > 0),
    ).toBe(true);
    expect(at.wallMs > 0 && at.boot.length > 0).toBe(true);
  }
}

async function nothingLeftDue(played: Played): Promise<void> {
  await played.intake.deriveDeemed();
  expect((await played.intake.deriveDeemed()).derived).toEqual([]);
}

describe("under any sequence of commands and faults", () => {
  for (const profile of PROFILES)
    it(`I1 I3 I6 I7 I9 I10 hold in ${RUNS_PER_PROFILE} sequences under ${profile}`, async () => {
      console.log(
        `intake invariants: profile ${profile}, INTAKE_SEED=${seed}, sequences ${RUNS_PER_PROFILE}`,
      );
      const its = rules.get(profile);
      if (its === undefined) throw new Error("no rules");
      const seen = new Map<string, number>();
      await assert(
        asyncProperty(sequence, async (steps) => {
          const played = await play(steps, its);
          await nothingLeftDue(played);
          const { told, states } = history(played);
          for (const { event } of told) {
            const type = event.type === "accepted" && event.kind === "deemed" ? "deemed" : event.type;
            seen.set(type, (seen.get(type) ?? 0) + 1);
          }
          oneNoticeOnly(told);
          deemedRightly(told);
          numbersGapless(played, told);
          saysWho(told);
          await replayGivesTheSame(played, states);
        }),
        { numRuns: RUNS_PER_PROFILE, seed },
      );
      // A property over sequences that never reach a notice would prove nothing.
      const least = RUNS_PER_PROFILE / 200;
      console.log(Object.fromEntries(seen));
      for (const type of [
        "accepted",
        "deemed",
        "correctionNotified",
        "received",
        "handedOver",
        "paperVoided",
        ...(profile === "zz-mr" ? ["proposed", "approvalGiven"] : ["notAccepted"]),
      ])
        expect(seen.get(type) ?? 0, type).toBeGreaterThan(least);
    });
});
