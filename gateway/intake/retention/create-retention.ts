/** The use cases of keeping and destroying on the log. Registers their view. */
import { createHash } from "node:crypto";
import { CodedError } from "../../domain/errors.ts";
import { type EntryRef, streamId } from "../../domain/ids.ts";
import { articleOf } from "../../domain/profile.ts";
import type { HoldSubject } from "../../domain/retention/holds.ts";
import { asJson } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import type { EntryDraft, ViewTable } from "../ports.ts";
import { checkText } from "../records/check-record.ts";
import type { CommandBase } from "../records/records.ts";
import { type DestructionFacts, carryOutList, drawEntries, nextStep } from "./destruction.ts";
import { holdDraft } from "./hold-entries.ts";
import type { RetentionOptions } from "./ports.ts";
import type { ListCommand, RegisterMedium, Retention, SetHold } from "./retention.ts";
import { type RetentionIndex, retentionIndex } from "./retention-index.ts";
import {
  type DestructionList,
  type FileRow,
  type HoldRow,
  type MediumRow,
  type WarningRow,
  retentionKey,
  retentionProjection,
} from "./retention-view.ts";
import { endingSoon, runningOut } from "./running-out.ts";

const STREAM = streamId("retention-lists");
const PAGE = 1000;
const MAX_WORDS = 2000;
/** Basis of an `erase` of counter footage that ran out by its class. */
const RUN_OUT_BASIS = "retention.counterUnlinkedDays";

const bad = (what: string): never => {
  throw new CodedError("records.badInput", { what });
};

export function createRetention(options: RetentionOptions): Retention {
  const { append, views, clock, random, profiles, book } = options;
  const table: ViewTable = views.register(retentionProjection);
  const turns = inTurn();

  const gather = async <Row>(prefix: string): Promise<readonly Row[]> => {
    const found: Row[] = [];
    for (let from = `${prefix}/`; ;) {
      const rows = await table.range({ from, to: `${prefix}0`, limit: PAGE });
      for (const [, row] of rows) found.push(row as unknown as Row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return found;
      from = `${last[0]}\0`;
    }
  };
  const holds = (): Promise<readonly HoldRow[]> => gather<HoldRow>("hold");
  const lists = (): Promise<readonly DestructionList[]> => gather<DestructionList>("list");
  const warnings = (): Promise<readonly WarningRow[]> => gather<WarningRow>("warning");
  const commit = async (drafts: readonly EntryDraft[]): Promise<void> => {
    const last = (await append.append(drafts)).at(-1);
    if (last !== undefined) await views.applied(last);
  };
  const note = (json: object): EntryDraft => ({
    type: "case",
    stream: STREAM,
    record: { json: asJson({ v: 1, ...json }) },
  });
  const index = async (): Promise<RetentionIndex> =>
    retentionIndex({
      book,
      files: await gather<FileRow>("file"),
      holds: await holds(),
      profile: profiles.current(),
      nowMs: clock.wallMs(),
    });
  const facts = async (): Promise<DestructionFacts> => ({ index: await index(), lists: await lists() });
  const needHold = async (holdId: string): Promise<HoldRow> => {
    const row = await table.get(retentionKey.hold(holdId));
    if (row === undefined) throw new CodedError("retention.noSuchHold");
    return row as unknown as HoldRow;
  };
  const needList = async (listId: string): Promise<DestructionList> => {
    const row = await table.get(retentionKey.list(listId));
    if (row === undefined) throw new CodedError("retention.noSuchList");
    return row as unknown as DestructionList;
  };
  /** One step of keeping or destroying at a time; a repeat answers what the first one did. */
  const once = <Result>(
    { commandId }: CommandBase,
    again: (result: string) => Promise<Result>,
    work: () => Promise<Result>,
  ): Promise<Result> =>
    turns.run("retention", async () => {
      const before = (await table.get(retentionKey.command(commandId)))?.["result"];
      return typeof before === "string" ? again(before) : work();
    });

  async function checkSubject(subject: HoldSubject): Promise<void> {
    if (subject.kind === "case" && (await book.find(subject.caseId)) === undefined)
      throw new CodedError("records.noSuchCase");
    if (subject.kind === "file" && (await table.get(retentionKey.file(subject.fileId))) === undefined)
      throw new CodedError("records.noSuchFootage", { file: subject.fileId });
    if (subject.kind === "camera" && !(subject.toMs > subject.fromMs)) bad("subject");
  }

  async function set({ subject, reason, actor, commandId }: SetHold): Promise<HoldRow> {
    const rule = profiles.current().rule("hold.triggers");
    if (!rule.value.includes(reason)) bad("reason");
    await checkSubject(subject);
    const holdId = `hold-${Buffer.from(random.bytes(8)).toString("hex")}`;
    const article = articleOf(rule);
    await commit([
      holdDraft({
        v: 1,
        what: "set",
        holdId,
        subject,
        reason,
        ...(article === undefined ? {} : { article }),
        by: actor.userId,
        atMs: clock.wallMs(),
        commandId,
      }),
    ]);
    return needHold(holdId);
  }

  async function put(list: DestructionList, { commandId }: CommandBase): Promise<DestructionList> {
    await commit([note({ what: "destruction", commandId, result: list.listId, list })]);
    return list;
  }
  const step = (
    command: ListCommand & { readonly opinion?: string; readonly why?: string },
    what: "appraise" | "approve" | "reject",
  ): Promise<DestructionList> =>
    once(command, needList, async () =>
      put(nextStep(await needList(command.listId), what, command, clock.wallMs()), command),
    );

  async function register(command: RegisterMedium): Promise<MediumRow> {
    const { mediumNo, kind, exportId, caseId, holdId, keptAt, actor, commandId } = command;
    const media = profiles.current().rule("hold.media").value;
    if (!media.includes("any") && !media.includes(kind)) bad("kind");
    checkText(mediumNo, "mediumNo");
    checkText(keptAt, "keptAt");
    if ((await table.get(retentionKey.medium(mediumNo))) !== undefined) bad("mediumNo");
    if (caseId !== undefined) await checkSubject({ kind: "case", caseId });
    if (holdId !== undefined) await needHold(holdId);
    const copy = options.manifestOf(exportId);
    // Only a copy that left whole has a manifest, so a medium can't be registered for half of one.
    if (copy === undefined) return bad("exportId");
    const { files } = JSON.parse(copy.manifest) as {
      readonly files: readonly { readonly sizeBytes: number }[];
    };
    const medium: MediumRow = {
      mediumNo,
      kind,
      ...(caseId === undefined ? {} : { caseId }),
      ...(holdId === undefined ? {} : { holdId }),
      exportName: copy.fileName,
      manifestSha256: createHash("sha256").update(copy.manifest).digest("hex"),
      files: files.length,
      sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      keptAt,
      by: actor.userId,
      atMs: clock.wallMs(),
    };
    await commit([note({ what: "medium", commandId, result: mediumNo, medium })]);
    return medium;
  }
  const needMedium = async (no: string): Promise<MediumRow> =>
    (await table.get(retentionKey.medium(no))) as unknown as MediumRow;

  return {
    hold: (command) => once(command, needHold, () => set(command)),
    lift: (command) =>
      once(command, needHold, async () => {
        const { holdId, why, actor, commandId } = command;
        const row = await needHold(holdId);
        if (row.lifted !== undefined) throw new CodedError("retention.noSuchHold");
        if (row.by === actor.userId) throw new CodedError("retention.samePerson");
        checkText(why, "why", MAX_WORDS);
        await commit([
          holdDraft({ v: 1, what: "lifted", holdId, by: actor.userId, atMs: clock.wallMs(), why, commandId }),
        ]);
        return needHold(holdId);
      }),
    holds,
    index,
    warnings,
    lists,
    media: () => gather<MediumRow>("medium"),
    warn: () =>
      turns.run("retention", async () => {
        const warning = await endingSoon(await index(), options, await gather<FileRow>("file"));
        if (warning.items.length === 0) return undefined;
        await commit([note({ what: "warning", warning })]);
        return (await table.get(retentionKey.warning(warning.atMs))) as unknown as WarningRow;
      }),
    runOut: () =>
      turns.run("retention", async () => {
        const now = await index();
        const erased: EntryRef[] = [];
        for (const order of await runningOut(now, await warnings(), options))
          erased.push(await options.erase({ ...order, basis: RUN_OUT_BASIS, rules: now }));
        return erased;
      }),
    drawUp: (command) =>
      once(command, needList, async () => {
        const { items, actor } = command;
        const entries = await drawEntries(items, await facts(), options);
        return put(
          {
            listId: `destroy-${Buffer.from(random.bytes(6)).toString("hex")}`,
            items,
            entries,
            drawnBy: actor.userId,
            drawnMs: clock.wallMs(),
            approvals: [],
          },
          command,
        );
      }),
    appraise: (command) => step(command, "appraise"),
    approve: (command) => step(command, "approve"),
    reject: (command) => step(command, "reject"),
    carryOut: (command) =>
      once(command, needList, async () => {
        const list = await needList(command.listId);
        const erased = await carryOutList(list, await facts(), options);
        return put({ ...list, done: { by: command.actor.userId, atMs: clock.wallMs(), erased } }, command);
      }),
    registerMedium: (command) => once(command, needMedium, () => register(command)),
  };
}
