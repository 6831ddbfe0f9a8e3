/**
 * The report of means of a month: what each kind of act called for by the articles, what was recorded, where that fell
 * short or went too far, by kind, section and officer. Invariant: every record written down in the month and every
 * session begun in it is counted once, judged as it stands now under the profile it was recorded by.
 */
import { CodedError } from "../../domain/errors.ts";
import { monthEndMs } from "../../domain/oversight/sample.ts";
import {
  type MeansAct,
  type MeansCounts,
  type MeansSums,
  actOfRecord,
  actOfSession,
  sumMeans,
} from "../../domain/oversight/means.ts";
import { articleOf, type Profile } from "../../domain/profile.ts";
import { dutyOf } from "../../domain/records/av-duty.ts";
import type { DocumentKinds } from "../../domain/records/document-kinds.ts";
import type { Span } from "../../domain/records/record.ts";
import type { Wording } from "../../domain/document.ts";
import type { FigureRow } from "./figures-view.ts";
import type { MeansPorts } from "./ports.ts";
import type { SessionFigure } from "./sessions-view.ts";

const BEIJING_MS = 8 * 3_600_000;
/** The context of the list of AV matters that a session at the counter falls under. */
const COUNTER_CONTEXT = "counterAcceptance";

export interface MeansReport {
  readonly period: string;
  readonly profile: { readonly id: string; readonly version: string; readonly name: Wording };
  readonly sums: MeansSums;
  readonly sections: readonly { readonly of: string; readonly counts: MeansCounts }[];
  /** Body cameras with files of the month that name no matter. */
  readonly withoutPurpose: readonly {
    readonly of: string;
    readonly files: number;
    readonly article?: string;
  }[];
  /** For names of what the rows speak of by id. */
  readonly kinds: DocumentKinds;
}

export interface MeansSources extends MeansPorts {
  sessions(fromMs: number, toMs: number): AsyncIterable<SessionFigure>;
  bodyCameras(period: string): Promise<readonly FigureRow[]>;
  sectionOf(user: string): Promise<string | undefined>;
  readonly nowMs: number;
}

const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

async function spansOf(
  session: SessionFigure,
  toMs: number,
  sources: MeansSources,
): Promise<readonly Span[]> {
  const { cameraIds, fromMs } = session;
  let best: readonly Span[] = [];
  for (const { spans } of await sources.footage.coverage(cameraIds, fromMs, toMs)) {
    const inside = spans
      .map(({ from, to }) => ({ fromMs: Math.max(from, fromMs), toMs: Math.min(to, toMs) }))
      .filter((span) => span.toMs > span.fromMs);
    if (lengthOf(inside) > lengthOf(best)) best = inside;
  }
  return best;
}

async function* actsOf(
  sources: MeansSources,
  range: { readonly fromMs: number; readonly toMs: number },
): AsyncIterable<MeansAct> {
  const { records, profiles, kinds, nowMs } = sources;
  const profile = profiles.current();
  const duty = dutyOf(COUNTER_CONTEXT, kinds.matter(COUNTER_CONTEXT)?.rules[profile.regulation], profile);
  for await (const session of sources.sessions(range.fromMs, range.toMs)) {
    const toMs = session.toMs ?? nowMs;
    yield actOfSession({ ...session, toMs, spans: await spansOf(session, toMs, sources) }, duty);
  }
  for await (const { row, facts, ...judged } of records.within(range.fromMs, range.toMs))
    yield actOfRecord(row, facts, judged);
}

async function bySection(
  officers: MeansSums["officers"],
  sectionOf: MeansSources["sectionOf"],
): Promise<MeansReport["sections"]> {
  const sums = new Map<string, MeansCounts>();
  for (const { of, counts } of officers) {
    const section = (await sectionOf(of)) ?? "";
    const sum = sums.get(section);
    const names = Object.keys(counts) as readonly (keyof MeansCounts)[];
    const added = names.map((name) => [name, counts[name] + (sum?.[name] ?? 0)] as const);
    sums.set(section, Object.fromEntries(added) as MeansCounts);
  }
  return [...sums].map(([of, counts]) => ({ of, counts })).toSorted((a, b) => (a.of < b.of ? -1 : 1));
}

function purposeOf(profile: Profile): { readonly article?: string } {
  const article = articleOf(profile.rule("device.purposeOnly"));
  return article === undefined ? {} : { article };
}

/** A month `YYYY-MM`. Throws `oversight.badPeriod`. */
export async function meansOf(sources: MeansSources, period: string): Promise<MeansReport> {
  const toMs = monthEndMs(period);
  if (toMs === undefined) throw new CodedError("oversight.badPeriod");
  const fromMs = Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)) - 1, 1) - BEIJING_MS;
  const profile = sources.profiles.current();
  const sums = await sumMeans(actsOf(sources, { fromMs, toMs }));
  return {
    period,
    profile: { id: profile.id, version: profile.version, name: profile.name },
    sums,
    sections: await bySection(sums.officers, (user) => sources.sectionOf(user)),
    withoutPurpose: (await sources.bodyCameras(period))
      .map(({ of, figures }) => ({ of, files: figures["withoutPurpose"] ?? 0, ...purposeOf(profile) }))
      .filter(({ files }) => files > 0),
    kinds: sources.kinds,
  };
}
