/** Bytes of an upload in order, each chunk checked against its entry by the store. */
import type { EntryRef } from "../domain/ids.ts";
import { Row, refOfRow } from "./facts.ts";
import type { Inside } from "./inside.ts";
import { under } from "./keys.ts";

const PAGE = 256;

async function* refsUnder(inside: Pick<Inside, "table">, prefix: string): AsyncIterable<EntryRef> {
  const all = under(prefix);
  let { from } = all;
  for (;;) {
    const rows = await inside.table.range({ from, to: all.to, limit: PAGE });
    for (const [key, json] of rows) {
      yield refOfRow(new Row(json));
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
  const prefix = `chunk/${id}/${String(attempt).padStart(16, "0")}`;
  for await (const ref of refsUnder(inside, prefix)) yield (await inside.reader.readFootage(ref)).bytes;
}

/** Where the bytes of every try lie in the log, in order; a try that was refused left its bytes behind. */
export async function chunkEntries(inside: Pick<Inside, "table">, id: string): Promise<readonly EntryRef[]> {
  const refs: EntryRef[] = [];
  for await (const ref of refsUnder(inside, `chunk/${id}`)) refs.push(ref);
  return refs;
}

/** All bytes at once, of something whose size was bounded when it was announced. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}
