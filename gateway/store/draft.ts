/**
 * From a draft to an entry. Invariant: everything that can be wrong with a draft is found before it enters the
 * queue, so a bad draft harms its own caller only and numbering never fails.
 */
import { CodedError } from "../domain/errors.ts";
import { type Seq, type StreamId, seq, sha256Hex, streamId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { EntryDraft, FootageDraft } from "../evidence/append.ts";
import { MAX_BODY_BYTES, encodeBodyValue, encodeBodyValueInPlace } from "../evidence/body-value.ts";
import { toHex } from "../evidence/bytes.ts";
import { type Entry, encodeEntry, isFootage } from "../evidence/entry.ts";
import { RECORD_SALT_BYTES, encodeRecord } from "../evidence/record.ts";
import type { LoggedEntry } from "./log-database.ts";
import { sha256 } from "./sha256.ts";

/** A draft whose body is final and hashed; only `seq` and `n` are open. */
export interface PreparedDraft {
  readonly footage: boolean;
  readonly stream: StreamId;
  readonly body: Uint8Array;
  readonly headRoomBytes: number;
  readonly fields: Omit<Entry, "seq" | "n">;
}

/** An entry with the value under which its body is stored. */
export interface NumberedEntry extends LoggedEntry {
  readonly footage: boolean;
  readonly value: Uint8Array;
}

export interface DraftTools {
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** The draft with the SM3 of its body, as a log of the suite `sm2-sm3` has it. */
export function withSm3(draft: PreparedDraft, digest: string): PreparedDraft {
  return { ...draft, fields: { ...draft.fields, sm3: digest } };
}

const isFootageDraft = (draft: EntryDraft): draft is FootageDraft => isFootage(draft.type);

function whole(value: number, field: string, type: string): number {
  if (!Number.isSafeInteger(value)) throw new CodedError("store.badDraft", { type, field });
  return value;
}

/** Throws `store.badDraft` with the type and field at fault. */
export function prepareDraft(draft: EntryDraft, tools: DraftTools): PreparedDraft {
  const { clock } = tools;
  const { type } = draft;
  const refused = (field: string, cause: unknown): CodedError =>
    new CodedError("store.badDraft", { type, field }, { cause });
  let body: Uint8Array;
  try {
    body = isFootageDraft(draft)
      ? draft.bytes
      : encodeRecord(draft.record, tools.randomBytes(RECORD_SALT_BYTES));
  } catch (cause) {
    throw refused("record", cause);
  }
  if (body.length > MAX_BODY_BYTES) throw refused("body", new RangeError("a body is at most 32 MiB"));
  const fields: PreparedDraft["fields"] = {
    v: 1,
    type,
    stream: draft.stream,
    t: whole(draft.t ?? Math.floor(clock.wallMs()), "t", type),
    dur: whole(draft.durMs ?? 0, "durMs", type),
    boot: clock.boot,
    mono: Math.floor(clock.monotonicMs()),
    ntp: clock.ntp(),
    ...(draft.cam === undefined ? {} : { cam: whole(draft.cam, "cam", type) }),
    len: body.length,
    sha256: sha256Hex(toHex(sha256(body))),
    ...(isFootageDraft(draft) && draft.codec !== undefined ? { codec: draft.codec } : {}),
    ...(isFootageDraft(draft) && draft.cont === true ? { cont: 1 as const } : {}),
    ...("vkey" in draft ? { vkey: draft.vkey } : {}),
  };
  try {
    streamId(draft.stream);
    encodeEntry({ ...fields, seq: seq(0), n: 0 });
  } catch (cause) {
    throw refused("entry", cause);
  }
  const headRoomBytes = isFootageDraft(draft) ? (draft.headRoomBytes ?? 0) : 0;
  return { footage: isFootage(type), stream: draft.stream, body, headRoomBytes, fields };
}

/** Gives the entry its place. */
export function numberDraft(
  draft: PreparedDraft,
  at: { readonly seq: Seq; readonly n: number },
): NumberedEntry {
  const entry: Entry = { ...draft.fields, seq: at.seq, n: at.n };
  const bytes = encodeEntry(entry);
  const { body, headRoomBytes } = draft;
  const value =
    encodeBodyValueInPlace({ entryBytes: bytes, body, headRoomBytes }) ??
    encodeBodyValue({ entryBytes: bytes, body });
  return { footage: draft.footage, entry, bytes, value };
}
