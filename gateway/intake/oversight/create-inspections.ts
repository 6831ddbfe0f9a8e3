/** Puts oversight together over one store. To be called before the store catches up: it registers views. */
import { createHash } from "node:crypto";
import { CodedError } from "../../domain/errors.ts";
import { drawSample, monthEndMs, sampleSeed } from "../../domain/oversight/sample.ts";
import { type EntryRef, streamId } from "../../domain/ids.ts";
import { type Clock, beijingDate } from "../../domain/time.ts";
import { toHex } from "../../evidence/bytes.ts";
import { asJson } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import { type FindingRow, type SampleRow, checksOf, checksProjection } from "./checks-view.ts";
import { figuresOf, figuresProjection } from "./figures-view.ts";
import type { FindingView, Inspections } from "./inspections.ts";
import { meansOf } from "./means.ts";
import type { Append, Complaints, LogReader, MeansPorts, Staff, Tree, Views } from "./ports.ts";
import { reportOf } from "./report.ts";
import { sessionsProjection, sessionsWithin } from "./sessions-view.ts";

const STREAM = streamId("oversight");
const SUBJECT = /^(matter|file|case|camera|device|person)\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const LONGEST_TEXT = 1000;
const MOST_DRAWN = 500;
const LEDGER_MOST = 2000;
const FINDINGS_MOST = 1000;
const ID_BYTES = 8;

export interface InspectionsOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly tree: Tree;
  readonly staff: Staff;
  readonly complaints: Complaints;
  /** Asked for when a report is made: those parts are built later. */
  readonly means: () => MeansPorts;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

function said(text: string): string {
  const plain = text.trim();
  if (plain === "" || plain.length > LONGEST_TEXT) throw new CodedError("oversight.badText");
  return plain;
}
function about(subject: string): string {
  if (!SUBJECT.test(subject)) throw new CodedError("oversight.badText", { field: "subject" });
  return subject;
}

export function createInspections(options: InspectionsOptions): Inspections {
  const { append, reader, views, clock, tree, staff } = options;
  const checks = checksOf(views.register(checksProjection));
  const figures = figuresOf(views.register(figuresProjection));
  const sessions = views.register(sessionsProjection);
  const turns = inTurn();
  const today = (): string => beijingDate(clock.wallMs());

  async function write(json: object, attachment?: Uint8Array): Promise<EntryRef> {
    const record = { json: asJson({ v: 1, ...json }), ...(attachment === undefined ? {} : { attachment }) };
    const [one] = await append.append([{ type: "oversight", stream: STREAM, record }]);
    if (one === undefined) throw new RangeError("an append answered nothing");
    await views.applied(one);
    return { logId: one.logId, seq: one.seq };
  }
  const viewOf = (row: FindingRow): FindingView => ({
    ...row,
    isOverdue: row.closed === undefined && today() > row.dueOn,
  });
  async function needed(id: string): Promise<FindingRow> {
    const row = await checks.finding(id);
    if (row === undefined) throw new CodedError("oversight.noSuchFinding");
    return row;
  }

  /** What the asking laid down is drawn from the tree right behind it, whenever that happens. */
  async function finishDraw(row: SampleRow): Promise<SampleRow> {
    const { period, asked, count } = row;
    const origin = tree.logs().find(({ logId }) => logId === asked.logId)?.origin;
    if (origin === undefined) throw new CodedError("evidence.noSuchEntry");
    const { body } = await reader.readRecord(asked);
    const candidates = new TextDecoder().decode(body.attachment ?? new Uint8Array()).split("\n");
    const size = asked.seq + 1;
    const { note } = await tree.covering(asked);
    const rootHex = toHex(await tree.rootAt(asked.logId, size));
    const seed = sampleSeed(sha256, { origin, size, rootHex, period });
    const items = drawSample(sha256, seed, candidates, count);
    await write({ what: "drawn", period, by: row.askedBy, origin, size, rootHex, seed, note, items });
    return (await checks.sample(period)) ?? row;
  }

  return {
    draw: ({ commandId, by, period, count }) =>
      turns.run("draw", async () => {
        const endMs = monthEndMs(period);
        if (endMs === undefined || !Number.isSafeInteger(count) || count < 1 || count > MOST_DRAWN)
          throw new CodedError("oversight.badPeriod");
        const before = await checks.sample(period);
        if (before !== undefined) {
          if (before.drawn === undefined) return finishDraw(before);
          if (await checks.wasDone(commandId)) return before;
          throw new CodedError("oversight.alreadyDrawn");
        }
        if (clock.wallMs() < endMs) throw new CodedError("oversight.periodOpen");
        const candidates = [...(await figures.candidates(period))].toSorted();
        if (candidates.length === 0) throw new CodedError("oversight.nothingToDraw");
        await write(
          { what: "drawAsked", commandId, by, period, count, candidates: candidates.length },
          new TextEncoder().encode(candidates.join("\n")),
        );
        const row = await checks.sample(period);
        if (row === undefined) throw new TypeError("the view did not take the draw");
        return finishDraw(row);
      }),
    samples: () => checks.samples(),
    comment: ({ commandId, by, subject, text, momentMs }) =>
      turns.run(commandId, async () => {
        if (await checks.wasDone(commandId)) return;
        const moment = momentMs === undefined ? {} : { momentMs };
        await write({ what: "comment", commandId, by, subject: about(subject), text: said(text), ...moment });
      }),
    find: (asked) =>
      turns.run(asked.commandId, async () => {
        const { commandId, by, subject, text, order, responsible, dueOn, article } = asked;
        const findingId = `of-${createHash("sha256")
          .update(commandId)
          .digest("hex")
          .slice(0, 2 * ID_BYTES)}`;
        if (await checks.wasDone(commandId)) return viewOf(await needed(findingId));
        const facts = { subject: about(subject), text: said(text), order: said(order) };
        const isDay =
          /^\d{4}-\d{2}-\d{2}$/.test(dueOn) && new Date(`${dueOn}T00:00:00Z`).toISOString().startsWith(dueOn);
        if (!isDay || dueOn < today()) throw new CodedError("oversight.badDeadline");
        if (!(await staff.exists(responsible))) throw new CodedError("oversight.noSuchPerson");
        const more = article === undefined ? {} : { article };
        await write({ what: "finding", commandId, findingId, by, ...facts, responsible, dueOn, ...more });
        return viewOf(await needed(findingId));
      }),
    rectify: ({ commandId, by, findingId, text }) =>
      turns.run(findingId, async () => {
        if (await checks.wasDone(commandId)) return viewOf(await needed(findingId));
        const row = await needed(findingId);
        if (row.closed !== undefined) throw new CodedError("oversight.findingState");
        await write({ what: "rectified", commandId, by, findingId, text: said(text) });
        return viewOf(await needed(findingId));
      }),
    closeFinding: ({ commandId, by, findingId, text }) =>
      turns.run(findingId, async () => {
        if (await checks.wasDone(commandId)) return viewOf(await needed(findingId));
        const row = await needed(findingId);
        if (row.closed !== undefined || row.rectified === undefined)
          throw new CodedError("oversight.findingState");
        if (row.responsible === by) throw new CodedError("oversight.ownFinding");
        await write({ what: "findingClosed", commandId, by, findingId, text: said(text) });
        return viewOf(await needed(findingId));
      }),
    findings: async () => (await checks.allFindings(FINDINGS_MOST)).map(viewOf),
    overdue: async () => (await checks.openFindings()).map(viewOf).filter(({ isOverdue }) => isOverdue),
    ledger: (interval) => checks.ledger({ ...interval, limit: LEDGER_MOST }),
    report: (period) =>
      reportOf({ figures, checks, staff, complaints: options.complaints, today: today() }, period),
    means: (period) =>
      meansOf(
        {
          ...options.means(),
          sessions: (fromMs, toMs) => sessionsWithin(sessions, fromMs, toMs),
          bodyCameras: (of) => figures.bodyCameras(of),
          sectionOf: (user) => staff.sectionOf(user),
          nowMs: clock.wallMs(),
        },
        period,
      ),
    custody: ({ fromMs, toMs }) => figures.custody(fromMs, toMs),
  };
}
