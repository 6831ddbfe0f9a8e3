/**
 * Where the site file says otherwise than a stopped gateway's own record: what people changed since is an entry
 * and wins, and a new name of the box begins a new log. Changes no record.
 */
import type { Site } from "../../config.ts";
import { CodedError } from "../../domain/errors.ts";
import { readCounter } from "../../devices/rows.ts";
import { fleetProjection } from "../../devices/projection.ts";
import { parseCheckpoint } from "../../evidence/checkpoint.ts";
import { parseNote } from "../../evidence/note.ts";
import { Database } from "../../store/database.ts";
import { openStoreSource } from "../../store/evidence-source.ts";
import { listLogs, viewsFolder } from "../../store/folders.ts";
import { ViewRows } from "../../store/view-rows.ts";
import { type Finding, good, mind } from "./finding.ts";

/** First two parts of the newest log's origin; undefined before its first checkpoint. */
async function nameInLog(dataFolder: string): Promise<string | undefined> {
  const source = await openStoreSource(dataFolder);
  try {
    const note = await (await source.logs()).at(-1)?.checkpoint();
    return note === undefined
      ? undefined
      : parseCheckpoint(parseNote(note).text).origin.replace(/\/[^/]*$/, "");
  } finally {
    await source.close();
  }
}

/** Name of each counter as last logged. The view is taken as it lies: a start brings it up to date. */
async function countersInLog(dataFolder: string): Promise<ReadonlyMap<string, string>> {
  const database = await Database.open(viewsFolder(dataFolder), { create: false });
  try {
    const rows = await new ViewRows(fleetProjection.name, database, () => false).range({
      from: "counter/",
      to: "counter0",
    });
    return new Map(rows.map(([, row]) => readCounter(row)).map(({ id, name }) => [id, name]));
  } finally {
    await database.close();
  }
}

/** Nothing before the first start. A running gateway holds its record: its own pages show what is in force. */
export async function checkSiteAgainstLog(dataFolder: string, site: Site): Promise<readonly Finding[]> {
  let logged: string | undefined;
  let counters: ReadonlyMap<string, string>;
  try {
    if ((await listLogs(dataFolder)).length === 0) return [];
    logged = await nameInLog(dataFolder);
    counters = await countersInLog(dataFolder);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== "store.unreadable") throw error;
    return [
      mind(
        "无法对照站点配置与日志：网关正在运行，或数据无法打开",
        "the site file was not held against the log: the gateway runs, or its data cannot be opened",
      ),
    ];
  }
  const findings: Finding[] = [];
  const named = `${site.unit}/${site.gateway}`;
  if (logged !== undefined && logged !== named)
    findings.push(
      mind(
        `站点配置的名称为 ${named}，日志为 ${logged}：下次启动将另开新日志，文书编号重新起算`,
        `the site file names this box ${named}, its log ${logged}: the next start begins a new log and new numbers`,
      ),
    );
  for (const [id, name] of counters) {
    const wanted = site.counters.find((counter) => counter.id === id);
    if (wanted === undefined)
      findings.push(
        mind(
          `日志中的窗口 ${id}（${name}）不在站点配置中`,
          `counter ${id} is in the log, not in the site file`,
        ),
      );
    else if (wanted.name !== name)
      findings.push(
        mind(
          `窗口 ${id}：站点配置为“${wanted.name}”，日志为“${name}”`,
          `counter ${id} has another name in the site file than in the log`,
        ),
      );
  }
  for (const { id, name } of site.counters)
    if (!counters.has(id))
      findings.push(
        mind(
          `窗口 ${id}（${name}）尚未记入日志，下次启动时登记`,
          `counter ${id} is new: the next start logs it`,
        ),
      );
  return findings.length === 0 ? [good("站点配置与日志一致", "the site file agrees with the log")] : findings;
}
