/** Bytes of an upload in order, each chunk checked against its entry by the store. */
import { type EntryRef, logId, seq } from "../domain/ids.ts";
import { Row } from "./facts.ts";
import type { Inside } from "./inside.ts";
import { under } from "./keys.ts";

const PAGE = 256;

async function* chunkRefs(
  inside: Pick<Inside, "table">,
  id: string,
  attempt: number,
): AsyncIterable<EntryRef> {
  const all = under(`chunk/${id}/${String(attempt).padStart(16, "0")}`);
  let { from } = all;
  for (;;) {
    const rows = await inside.table.range({ from, to: all.to, limit: PAGE });
    for (const [key, json] of rows) {
      const row = new Row(json);
      yield { logId: logId(row.text("logId")), seq: seq(row.number("seq")) };
      from = `${key}\0`;
    }
    if (rows.length < PAGE) return;
  }
}

export async function* chunkBytes(
  inside: Pick<Inside, "table" | "reader">,
  id: string,
  attempt: number,
): AsyncIterable<Uint8Array> {
  for await (const ref of chunkRefs(inside, id, attempt)) yield (await inside.reader.readFootage(ref)).bytes;
}

/** Where its bytes lie in the log, in order. */
export async function chunkEntries(
  inside: Pick<Inside, "table">,
  id: string,
  attempt: number,
): Promise<readonly EntryRef[]> {
  const refs: EntryRef[] = [];
  for await (const ref of chunkRefs(inside, id, attempt)) refs.push(ref);
  return refs;
}

/** All bytes at once, of something whose size was bounded when it was announced. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}
