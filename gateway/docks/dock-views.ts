/** Docks as people see them, and the retained messages as the docks sent them. */
import { dockId } from "../domain/ids.ts";
import type { Docks, DockView } from "./docks.ts";
import { Row } from "./facts.ts";
import type { Inside } from "./inside.ts";
import { keys, under } from "./keys.ts";
import type { BayStatusBody, BirthBody } from "./reports.ts";

export async function dockViews(inside: Inside): Promise<readonly DockView[]> {
  const views: DockView[] = [];
  for (const [, json] of await inside.table.range(under("dock"))) {
    const row = new Row(json);
    const dock = row.text("dock");
    const counted = new Row(
      (await inside.table.get(keys.boot(dock, row.text("boot")))) ?? { highest: -1, count: 0 },
    );
    const bays = await inside.table.range(under(`bay/${dock}`));
    views.push({
      dock: dockId(dock),
      state: readState(row.text("state")),
      birth: readBirth(row.row("birth")),
      sinceMs: row.number("sinceMs"),
      missing: counted.number("highest") + 1 - counted.number("count"),
      bays: bays.map(([, bay]) => ({
        bay: new Row(bay).number("bay"),
        status: readStatus(new Row(bay).row("status")),
      })),
    });
  }
  return views;
}

export async function retainedMessages(inside: Inside): ReturnType<Docks["retained"]> {
  const out: Awaited<ReturnType<Docks["retained"]>>[number][] = [];
  for (const [, json] of await inside.table.range(under("dock"))) {
    const row = new Row(json);
    const dock = dockId(row.text("dock"));
    for (const kind of ["birth", "state"] as const) {
      const message = row.row(`${kind}Message`);
      if (message !== undefined) out.push({ topic: { dock, kind }, payload: JSON.stringify(message.json) });
    }
    for (const [, bay] of await inside.table.range(under(`bay/${dock}`))) {
      const message = new Row(bay).row("message");
      const topic = { dock, kind: "bayStatus", bay: new Row(bay).number("bay") } as const;
      if (message !== undefined) out.push({ topic, payload: JSON.stringify(message.json) });
    }
  }
  return out;
}

function readState(text: string): DockView["state"] {
  return text === "online" || text === "offline" || text === "lost" ? text : "unknown";
}

function readBirth(row: Row | undefined): BirthBody | null {
  if (row === undefined) return null;
  return {
    schema: row.number("schema"),
    vendor: row.text("vendor"),
    model: row.text("model"),
    firmware: row.text("firmware"),
    bays: row.number("bays"),
  };
}

const BAY_STATES = ["empty", "charging", "uploading", "full", "fault"] as const;

function readStatus(row: Row | undefined): BayStatusBody {
  return {
    state: BAY_STATES.find((state) => state === row?.textOrNull("state")) ?? "fault",
    camera: row?.textOrNull("camera") ?? undefined,
    batteryPercent: row?.numberOrNull("batteryPercent") ?? undefined,
    storageUsedBytes: row?.numberOrNull("storageUsedBytes") ?? undefined,
    storageTotalBytes: row?.numberOrNull("storageTotalBytes") ?? undefined,
    temperatureC: row?.numberOrNull("temperatureC") ?? undefined,
  };
}
