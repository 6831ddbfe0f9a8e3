/** An archive's word that it keeps one volume; a witness that nobody lists signs it, so only the list is checked. */
import { createHash } from "node:crypto";
import { type Sha256Hex, sha256Hex, streamId } from "../../gateway/domain/ids.ts";
import { formatAck } from "../../gateway/evidence/ack.ts";
import type { EntryDraft } from "../../gateway/evidence/append.ts";
import { formatNote } from "../../gateway/evidence/note.ts";
import type { Store, StoredVolume } from "../../gateway/store/contract.ts";

export async function acknowledged(
  store: Store,
  { logId, firstSeq, endSeq }: StoredVolume,
): Promise<{ readonly draft: EntryDraft; readonly pack: Sha256Hex }> {
  const log = store.logs().find((each) => each.logId === logId);
  if (log === undefined) throw new RangeError("no such log");
  const pack = sha256Hex(createHash("sha256").update(`${logId} ${firstSeq}`).digest("hex"));
  const text = formatAck({
    checkpoint: { origin: log.origin, size: log.size, root: await store.rootAt(logId, log.size) },
    timeS: Math.floor(Date.now() / 1000),
    packs: [{ sha256: pack, ranges: [[firstSeq, endSeq]], retainUntilS: Math.floor(Date.now() / 500) }],
  });
  const signatures = [{ keyName: "archive", keyId: 1, bytes: new Uint8Array(64) }];
  const json = { note: formatNote({ text, signatures }), packs: [pack] };
  return { draft: { type: "ack", stream: streamId("handover"), record: { json } }, pack };
}
