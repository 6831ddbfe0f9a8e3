/** Bytes of an upload in order, each chunk checked against its entry by the store. */
import { logId, seq } from "../domain/ids.ts";
import { Row } from "./facts.ts";
import type { Inside } from "./inside.ts";
import { under } from "./keys.ts";

const PAGE = 256;

export async function* chunkBytes(
  inside: Pick<Inside, "table" | "reader">,
  id: string,
  attempt: number,
): AsyncIterable<Uint8Array> {
  const all = under(`chunk/${id}/${String(attempt).padStart(16, "0")}`);
  let { from } = all;
  for (;;) {
    const rows = await inside.table.range({ from, to: all.to, limit: PAGE });
    for (const [key, json] of rows) {
      const row = new Row(json);
      const chunk = await inside.reader.readFootage({
        logId: logId(row.text("logId")),
        seq: seq(row.number("seq")),
      });
      yield chunk.bytes;
      from = `${key}\0`;
    }
    if (rows.length < PAGE) return;
  }
}

/** All bytes at once, of something whose size was bounded when it was announced. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}
