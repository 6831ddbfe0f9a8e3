/** Reads the view of matters. Rows come back as the projection wrote them, so their form is that of `case-rows.ts`. */
import type { ViewTable } from "../ports.ts";
import {
  type CaseRow,
  type HandOverRow,
  type LinkRow,
  type MemberRow,
  type SessionRow,
  below,
  caseKey,
  refOf,
} from "./case-rows.ts";

const PAGE = 1000;

export interface CaseBook {
  find(caseId: string): Promise<CaseRow | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly CaseRow[]>;
  /** Ended and not filed. */
  waiting(): Promise<readonly CaseRow[]>;
  byCode(archivalCode: string): Promise<string | undefined>;
  members(caseId: string): Promise<readonly MemberRow[]>;
  /** Matters that a scan belongs to, as long as it is not destroyed. */
  casesOfScan(scanId: string): Promise<readonly string[]>;
  sessions(caseId: string): Promise<readonly SessionRow[]>;
  links(caseId: string): Promise<readonly LinkRow[]>;
  /** Every matter, session and link there is, for the retention classes. */
  all(): AsyncIterable<CaseRow>;
  handOver(listId: string): Promise<HandOverRow | undefined>;
  handOvers(): Promise<readonly HandOverRow[]>;
  /** What a command answered the first time; undefined for a new one. */
  commandResult(commandId: string): Promise<string | undefined>;
}

export function caseBook(table: ViewTable): CaseBook {
  async function* under(prefix: string): AsyncIterable<readonly [string, unknown]> {
    const { to } = below(prefix);
    let { from } = below(prefix);
    for (;;) {
      const rows = await table.range({ from, to, limit: PAGE });
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      from = `${last[0]}\0`;
    }
  }
  async function gather<Row>(prefix: string): Promise<readonly Row[]> {
    const found: Row[] = [];
    for await (const [, row] of under(prefix)) found.push(row as Row);
    return found;
  }
  const find = async (id: string): Promise<CaseRow | undefined> =>
    (await table.get(caseKey.case(id))) as unknown as CaseRow | undefined;
  return {
    find,
    async list(limit) {
      const rows = await table.range({ ...below("list"), limit, reverse: true });
      const found = await Promise.all(rows.map(([, row]) => find(row["caseId"] as string)));
      return found.filter((row) => row !== undefined);
    },
    async waiting() {
      const rows = await gather<{ readonly caseId: string }>("waiting");
      const found = await Promise.all(rows.map(({ caseId }) => find(caseId)));
      return found.filter((row) => row !== undefined);
    },
    async byCode(archivalCode) {
      const id = (await table.get(caseKey.code(archivalCode)))?.["caseId"];
      return typeof id === "string" ? id : undefined;
    },
    async members(id) {
      const rows = await gather<MemberRow>(caseKey.members(id));
      return rows.filter((row) => refOf(row.ref) !== undefined);
    },
    async casesOfScan(scanId) {
      const rows = await gather<{ readonly caseId: string }>(caseKey.scansOf(scanId));
      return rows.map(({ caseId }) => caseId);
    },
    sessions: (id) => gather<SessionRow>(caseKey.sessions(id)),
    links: (id) => gather<LinkRow>(caseKey.links(id)),
    async *all() {
      for await (const [, row] of under("case")) yield row as CaseRow;
    },
    async handOver(listId) {
      return (await table.get(caseKey.handOver(listId))) as unknown as HandOverRow | undefined;
    },
    handOvers: () => gather<HandOverRow>("hand-over"),
    async commandResult(commandId) {
      const row = await table.get(caseKey.command(commandId));
      const result = row?.["result"];
      return typeof result === "string" ? result : undefined;
    },
  };
}
