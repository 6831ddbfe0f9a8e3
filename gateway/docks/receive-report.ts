/**
 * Takes a dock's message into the log. Invariant: (dock, boot, seq) is recorded once, in the order the messages
 * came, and the promise resolves only when it is durable; that is what PUBACK stands for.
 */
import type { EntryDraft, JsonObject } from "./ports.ts";
import { CUSTODY, dockStream } from "./facts.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys } from "./keys.ts";
import type { DockReport, Reception } from "./reports.ts";
import { considerWipe } from "./wipe.ts";

export function receiveReport(inside: Inside, report: DockReport): Promise<Reception> {
  return inside.inTurn.run(`dock/${report.dock}`, async () => {
    const seen = await inside.table.get(keys.seen(report.dock, report.boot, report.seq));
    if (seen !== undefined) return "repeated";
    const draft: EntryDraft = {
      type: "dock",
      stream: dockStream(report.dock),
      record: { json: factOf(report, inside.clock.wallMs()) },
    };
    await appendAndApply(inside, [draft, ...custodyOf(report)]);
    if (report.kind === "bayEvent" && report.body.event === "inventory")
      inside.background("wipe", considerWipe(inside, report.body.camera));
    return "stored";
  });
}

function factOf(report: DockReport, receivedMs: number): JsonObject {
  const { kind, body, ...rest } = report;
  return { kind: "report", report: kind, ...rest, receivedMs, body: plain(body) };
}

/** The body as JSON values; it was checked against its schema at the edge. */
function plain(body: DockReport["body"]): JsonObject {
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}

/** A camera that comes or goes changes hands (S3-B-8): one entry more, in the same group. */
function custodyOf(report: DockReport): EntryDraft[] {
  if (report.kind !== "bayEvent") return [];
  const { body } = report;
  if (body.event !== "inserted" && body.event !== "removed") return [];
  const json: JsonObject = {
    kind: body.event,
    camera: body.camera,
    dock: report.dock,
    bay: report.bay,
    officer: body.officerClaim ?? null,
    claimed: true,
  };
  return [{ type: "custody", stream: CUSTODY, record: { json } }];
}
