/** The register of who has which body camera (S3-B-8), and the checks before one goes out (S3-B-3). */
import { CodedError } from "../domain/errors.ts";
import { dockId, logId, seq } from "../domain/ids.ts";
import type { CustodyView, HandOver } from "./docks.ts";
import { CUSTODY, Row } from "./facts.ts";
import { type Inside, appendAndApply, byArticle } from "./inside.ts";
import { keys, under } from "./keys.ts";
import type { JsonObject } from "./ports.ts";

const CAMERA = /^[A-Za-z0-9._-]{1,40}$/;
const LONGEST_OFFICER = 60;

/** Throws `docks.notReady`, `docks.badAnnouncement`. */
export function handOver(inside: Inside, command: HandOver): Promise<CustodyView> {
  return inside.inTurn.run("custody", async () => {
    const done = await inside.table.get(keys.done(command.commandId));
    if (done !== undefined) return readCustody(done);
    if (!CAMERA.test(command.camera)) throw new CodedError("docks.badAnnouncement", { field: "camera" });
    if (command.officer.trim() === "" || command.officer.length > LONGEST_OFFICER)
      throw new CodedError("docks.badAnnouncement", { field: "officer" });
    const failed = inside.rules().preUseCheck.filter((check) => command.checks[check] !== true);
    if (command.kind === "checkOut" && failed.length > 0)
      throw new CodedError("docks.notReady", { checks: failed, ...byArticle(inside.rules().preUseArticle) });
    const json: JsonObject = {
      kind: command.kind,
      camera: command.camera,
      officer: command.officer,
      keeper: command.keeper,
      checks: { ...command.checks },
      command: command.commandId,
    };
    await appendAndApply(inside, [{ type: "custody", stream: CUSTODY, record: { json } }]);
    const row = await inside.table.get(keys.done(command.commandId));
    if (row === undefined) throw new TypeError("the view did not take the hand-over");
    return readCustody(row);
  });
}

export async function currentCustody(inside: Inside): Promise<readonly CustodyView[]> {
  return (await inside.table.range(under("custody"))).map(([, row]) => readCustody(row));
}

/** Oldest first. */
export async function custodyHistory(inside: Inside, camera: string): Promise<readonly CustodyView[]> {
  const rows = await inside.table.range(under(`custody-event/${encodeURIComponent(camera)}`));
  return rows.map(([, row]) => readCustody(row));
}

function readCustody(json: JsonObject): CustodyView {
  const row = new Row(json);
  const holder = row.row("holder");
  const dock = holder?.textOrNull("dock") ?? null;
  return {
    camera: row.text("camera"),
    holder:
      dock === null
        ? { officer: holder?.textOrNull("officer") ?? "unknown" }
        : { dock: dockId(dock), bay: holder?.numberOrNull("bay") ?? null },
    sinceMs: row.number("sinceMs"),
    ref: { logId: logId(row.text("logId")), seq: seq(row.number("seq")) },
  };
}
