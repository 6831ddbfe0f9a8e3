/**
 * Service guides as people write and publish them, on top of those that shipped. Invariant: a published version is an
 * entry and never changes; a table or file of guides comes in whole or not at all, as drafts; only publishing binds.
 */
import type { LicenceMatter } from "../../domain/catalogue.ts";
import { CodedError } from "../../domain/errors.ts";
import {
  type GuideDraft,
  type PublishedGuide,
  checkedDraft,
  problemAt,
  published,
} from "../../domain/guide/guide.ts";
import { readGuideTable } from "../../domain/guide/guide-table.ts";
import { type CommandId, type UserId, streamId } from "../../domain/ids.ts";
import type { RowProblem } from "../../domain/table.ts";
import { type Clock, beijingDate } from "../../domain/time.ts";
import { inTurn } from "../in-turn.ts";
import { type LogParts, allUnder, appendAndShow, asJson, doneBefore, markDone } from "../log-work.ts";
import type { Catalogue, EntryDraft, Projection } from "../ports.ts";

export interface GuidesOptions extends LogParts {
  readonly clock: Clock;
  /** The guides that shipped: the first published versions. */
  readonly shipped: Catalogue;
}

interface GuideCommand {
  readonly commandId: CommandId;
  readonly by: UserId;
}

export interface GuideReport {
  readonly applied: boolean;
  readonly matters: readonly string[];
  readonly problems: readonly RowProblem[];
}

/** One matter with what is published, what comes, and what is being written. */
export interface GuideRow {
  readonly code: string;
  readonly inForce: LicenceMatter | undefined;
  readonly coming: readonly PublishedGuide[];
  readonly draft: { readonly guide: GuideDraft; readonly by: string; readonly atMs: number } | undefined;
}

export interface Guides extends Catalogue {
  /** Throws `guides.badDraft` naming the place. */
  saveDraft(request: GuideCommand & { readonly guide: unknown }): Promise<GuideRow>;
  /** CSV or JSON (`{"matters": […]}`); every bad row is told, and then nothing was taken. */
  importText(
    request: GuideCommand & { readonly format: "csv" | "json"; readonly text: string },
  ): Promise<GuideReport>;
  /** Throws `guides.noDraft`, `guides.badDate`, `guides.unchanged`. */
  publish(
    request: GuideCommand & { readonly code: string; readonly effectiveFrom: string },
  ): Promise<GuideRow>;
  rows(): Promise<readonly GuideRow[]>;
  /** To be called once the views have caught up: answers without waiting need the published versions in memory. */
  takeUp(): Promise<void>;
}

const STREAM = streamId("guides");
const MOST_MATTERS = 500;

type Change =
  | { readonly what: "guideDraft"; readonly guide: GuideDraft }
  | { readonly what: "guidePublished"; readonly published: PublishedGuide };

const draftKey = (code: string): string => `draft/${code}`;
const publishedKey = (code: string, version: number): string =>
  `published/${code}/${String(version).padStart(6, "0")}`;

const guidesProjection: Projection = {
  name: "guides",
  version: 1,
  types: ["config"],
  apply({ entry, record }, table) {
    if (entry.stream !== STREAM || record === undefined) return;
    const { json } = record;
    // Written by `changeDraft` and covered by the entry's hash.
    const change = json as unknown as Change;
    if (change.what === "guideDraft")
      table.put(draftKey(change.guide.code), asJson({ guide: change.guide, by: json["by"], atMs: entry.t }));
    else {
      const { matter } = change.published;
      table.put(publishedKey(matter.code, matter.version), asJson(change.published));
      table.del(draftKey(matter.code));
    }
    markDone(table, json["commandId"], { done: true });
  },
};

/** To be called before the store catches up, since it registers a view. */
export function createGuides(options: GuidesOptions): Guides {
  const { clock, shipped } = options;
  const table = options.views.register(guidesProjection);
  const turns = inTurn();
  let known: readonly PublishedGuide[] = [];

  const today = () => beijingDate(clock.wallMs());
  const versionsOf = (code: string): readonly PublishedGuide[] =>
    known.filter(({ matter }) => matter.code === code);
  const inForce = (code: string): LicenceMatter | undefined =>
    versionsOf(code).findLast(({ effectiveFrom }) => effectiveFrom <= today())?.matter ?? shipped.find(code);
  const newest = (code: string): LicenceMatter | undefined =>
    versionsOf(code).at(-1)?.matter ?? shipped.find(code);
  const codes = (): readonly string[] => [
    ...new Set([...shipped.matters().map(({ code }) => code), ...known.map(({ matter }) => matter.code)]),
  ];

  const takeUp = async (): Promise<void> => {
    known = (await allUnder(table, "published/")).map(([, row]) => row as unknown as PublishedGuide);
  };
  const changeDraft = (change: Change, { by, commandId }: GuideCommand): EntryDraft => ({
    type: "config",
    stream: STREAM,
    record: { json: asJson({ v: 1, ...change, by, commandId }) },
  });
  const once = (command: GuideCommand, changes: () => readonly Change[]): Promise<void> =>
    turns.run("guides", async () => {
      if ((await doneBefore(table, command.commandId)) !== undefined) return;
      await appendAndShow(
        options,
        changes().map((change) => changeDraft(change, command)),
      );
      await takeUp();
    });
  const draftRow = async (code: string): Promise<GuideRow["draft"]> =>
    (await table.get(draftKey(code))) as unknown as GuideRow["draft"];
  const rowOf = async (code: string): Promise<GuideRow> => ({
    code,
    inForce: inForce(code),
    coming: versionsOf(code).filter(({ effectiveFrom }) => effectiveFrom > today()),
    draft: await draftRow(code),
  });

  return {
    takeUp,
    matters: () => codes().flatMap((code) => inForce(code) ?? []),
    find: (code, version) =>
      version === undefined
        ? inForce(code)
        : (versionsOf(code).find(({ matter }) => matter.version === version)?.matter ??
          shipped.find(code, version)),
    async saveDraft(request) {
      let guide: GuideDraft;
      try {
        guide = checkedDraft(request.guide);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        throw new CodedError("guides.badDraft", { place: cause.message.slice(0, 120) }, { cause });
      }
      await once(request, () => [{ what: "guideDraft", guide }]);
      return rowOf(guide.code);
    },
    async importText(request) {
      const { drafts, problems } =
        request.format === "csv" ? readGuideTable(request.text) : readGuideJson(request.text);
      if (problems.length > 0) return { applied: false, matters: [], problems };
      await once(request, () => drafts.map((guide) => ({ what: "guideDraft" as const, guide })));
      return { applied: true, matters: drafts.map(({ code }) => code), problems: [] };
    },
    async publish(request) {
      const { code, effectiveFrom } = request;
      await turns.run("publish", async () => {
        if ((await doneBefore(table, request.commandId)) !== undefined) return;
        const draft = await draftRow(code);
        if (draft === undefined) throw new CodedError("guides.noDraft");
        const next = published(draft.guide, newest(code), { today: today(), effectiveFrom });
        const last = versionsOf(code).at(-1);
        // The versions of a matter come into force in their order.
        if (last !== undefined && last.effectiveFrom > next.effectiveFrom)
          throw new CodedError("guides.badDate");
        await once(request, () => [{ what: "guidePublished", published: next }]);
      });
      return rowOf(code);
    },
    async rows() {
      const drafts = (await allUnder(table, "draft/")).map(([key]) => key.slice("draft/".length));
      return Promise.all([...new Set([...codes(), ...drafts])].toSorted().map(rowOf));
    },
  };
}

function readGuideJson(text: string): {
  readonly drafts: readonly GuideDraft[];
  readonly problems: readonly RowProblem[];
} {
  const whole = (zh: string, en: string) => ({ drafts: [], problems: [{ row: 1, column: "", zh, en }] });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return whole("文件不是 JSON。", "The file is not JSON.");
  }
  const matters =
    typeof json === "object" && json !== null ? (json as { readonly matters?: unknown }).matters : undefined;
  if (!Array.isArray(matters) || matters.length === 0 || matters.length > MOST_MATTERS)
    return whole("缺少事项列表 matters，或数量过多。", "The list `matters` is missing, empty or too long.");
  const drafts: GuideDraft[] = [];
  const problems: RowProblem[] = [];
  matters.forEach((matter: unknown, index) => {
    try {
      const draft = checkedDraft(matter);
      if (drafts.some(({ code }) => code === draft.code)) throw new RangeError("items: one twice");
      drafts.push(draft);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(problemAt(index + 1, error));
    }
  });
  return problems.length > 0 ? { drafts: [], problems } : { drafts, problems: [] };
}
