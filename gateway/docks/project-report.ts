/** What each report of a dock does to the view. Invariant: a report older than the one shown never replaces it. */
import { Row } from "./facts.ts";
import { keys } from "./keys.ts";
import type { JsonObject, ProjectedEntry, ViewTransaction } from "./ports.ts";

export async function applyReport(
  fact: Row,
  projected: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const dock = fact.text("dock");
  const boot = fact.text("boot");
  const seq = fact.number("seq");
  table.put(keys.seen(dock, boot, seq), {});
  if (!isWill(fact)) {
    const counted = new Row((await table.get(keys.boot(dock, boot))) ?? { highest: -1, count: 0 });
    table.put(keys.boot(dock, boot), {
      highest: Math.max(counted.number("highest"), seq),
      count: counted.number("count") + 1,
    });
  }
  switch (fact.text("report")) {
    case "birth":
      return applyBirth(fact, projected, table);
    case "state":
      return applyState(fact, projected, table);
    case "bayStatus":
      return applyBayStatus(fact, table);
    case "bayEvent":
      return applyBayEvent(fact, projected, table);
    case "ack":
      table.del(keys.openCommand(dock, fact.text("command")));
      return undefined;
    default:
      return undefined;
  }
}

/** Its number is no place in the row of messages: nobody knows whether it will ever be sent. */
function isWill(fact: Row): boolean {
  return fact.text("report") === "state" && fact.row("body")?.text("state") === "lost";
}

/** The exact message, for publishing it again as retained. */
function message(fact: Row): JsonObject {
  const { boot, seq, deviceMs, timeQuality, body } = fact.json;
  return { v: 1, boot, seq, ts: deviceMs, tsQuality: timeQuality, body };
}

async function applyBirth(fact: Row, { entry }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const dock = fact.text("dock");
  const before = new Row((await table.get(keys.dock(dock))) ?? {});
  const sameBoot = before.textOrNull("boot") === fact.text("boot");
  if (sameBoot && (before.numberOrNull("birthSeq") ?? -1) > fact.number("seq")) return;
  table.put(keys.dock(dock), {
    ...(sameBoot ? before.json : { state: "unknown", stateSeq: -1, stateMessage: null, sinceMs: entry.t }),
    dock,
    boot: fact.text("boot"),
    birthSeq: fact.number("seq"),
    birth: fact.json["body"],
    birthMessage: message(fact),
  });
}

/**
 * A will carries the boot of its connection, so one of an earlier start does not mark a new one dead. Only what a
 * dock says itself is judged by number.
 */
async function applyState(fact: Row, { entry }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const dock = fact.text("dock");
  const before = new Row((await table.get(keys.dock(dock))) ?? {});
  const boot = fact.text("boot");
  const known = before.textOrNull("boot");
  if (known !== null && known !== boot) return;
  const state = fact.row("body")?.text("state") ?? "unknown";
  const shownSeq = before.numberOrNull("stateSeq") ?? -1;
  const will = isWill(fact);
  if (!will && shownSeq > fact.number("seq")) return;
  table.put(keys.dock(dock), {
    ...before.json,
    dock,
    boot,
    state,
    stateSeq: will ? shownSeq : fact.number("seq"),
    stateMessage: message(fact),
    sinceMs: entry.t,
  });
}

async function applyBayStatus(fact: Row, table: ViewTransaction): Promise<void> {
  const dock = fact.text("dock");
  const key = keys.bay(dock, fact.number("bay"));
  const before = new Row((await table.get(key)) ?? {});
  const sameBoot = before.textOrNull("boot") === fact.text("boot");
  if (sameBoot && (before.numberOrNull("seq") ?? -1) > fact.number("seq")) return;
  table.put(key, {
    dock,
    bay: fact.number("bay"),
    boot: fact.text("boot"),
    seq: fact.number("seq"),
    status: fact.json["body"],
    message: message(fact),
  });
}

async function applyBayEvent(
  fact: Row,
  { logId, seq }: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const body = fact.row("body");
  if (body === undefined) return;
  const event = body.text("event");
  if (event === "inserted") {
    const camera = body.text("camera");
    const clockOffsetMs = body.number("clockOffsetMs");
    table.put(keys.card(camera), {
      dock: fact.text("dock"),
      bay: fact.number("bay"),
      camera,
      clockOffsetMs,
      officerClaim: body.textOrNull("officerClaim"),
      stay: `${logId}/${seq}`,
    });
  } else if (event === "inventory") {
    const camera = body.text("camera");
    const card = await table.get(keys.card(camera));
    if (card === undefined || card["dock"] !== fact.text("dock")) return;
    table.put(keys.card(camera), { ...card, files: body.json["files"], inventory: { logId, seq } });
  }
}
