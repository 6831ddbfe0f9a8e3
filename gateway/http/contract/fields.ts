/**
 * Field schemas that several groups of routes use: identifiers, times, figures and texts in two languages.
 * Invariant: an object on this edge refuses properties that it does not name.
 */
import { type Static, Type, type TObject, type TProperties, type TSchema } from "typebox";
import type {
  ApplicationId,
  CameraId,
  CommandId,
  CounterId,
  DockId,
  DocumentId,
  LogId,
  PrinterId,
  Seq,
  Sha256Hex,
  UserId,
} from "../../domain/ids.ts";

const NAME = { pattern: "^[a-z0-9][a-z0-9.-]{0,63}$", maxLength: 64 };

/** An object that names all its properties. */
export function closed<P extends TProperties>(properties: P, description?: string): TObject<P> {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

/** A list with a bound, so that no answer or body grows without limit. */
export const list = <T extends TSchema>(items: T, maxItems = 1000) => Type.Array(items, { maxItems });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const ApplicationIdField = Type.Unsafe<ApplicationId>(Type.String(NAME));
export const CameraIdField = Type.Unsafe<CameraId>(Type.String(NAME));
export const CounterIdField = Type.Unsafe<CounterId>(Type.String(NAME));
export const DocumentIdField = Type.Unsafe<DocumentId>(Type.String(NAME));
export const DockIdField = Type.Unsafe<DockId>(Type.String(NAME));
export const PrinterIdField = Type.Unsafe<PrinterId>(Type.String(NAME));
export const UserIdField = Type.Unsafe<UserId>(Type.String(NAME));
export const CommandIdField = Type.Unsafe<CommandId>(
  Type.String({
    pattern: "^[A-Za-z0-9-]{8,64}$",
    description: "Chosen by the caller; a repeat with the same id returns the first result.",
  }),
);
export const LogIdField = Type.Unsafe<LogId>(Type.String({ pattern: "^[0-9]{4}(\\.[1-9][0-9]{0,3})?$" }));
export const SeqField = Type.Unsafe<Seq>(Type.Integer({ minimum: 0 }));
export const Sha256Field = Type.Unsafe<Sha256Hex>(Type.String({ pattern: "^[0-9a-f]{64}$" }));

/** Where an entry stands in the evidence log. */
export const EntryRefField = closed({ logId: LogIdField, seq: SeqField });
export type EntryRefField = Static<typeof EntryRefField>;

/** UTC milliseconds since 1970. */
export const TimeMs = Type.Integer({ minimum: 0, description: "UTC milliseconds since 1970" });
export const DurationMs = Type.Integer({ minimum: 0, description: "milliseconds" });
export const SizeBytes = Type.Integer({ minimum: 0, description: "bytes" });
/** A civil date in Beijing. */
export const DateField = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });

/** One sentence that people read, at most `max` characters. */
export const Line = (max = 200) => Type.String({ minLength: 1, maxLength: max });

/** A sentence in Chinese and English. */
export const Bilingual = closed({ zh: Type.String(), en: Type.String() });
export type Bilingual = Static<typeof Bilingual>;

/** Nothing to say beyond success. */
export const Done = closed({ done: Type.Literal(true) });
export type Done = Static<typeof Done>;
export const DONE: Done = { done: true };

/** How many rows of a ledger to give, newest first, and where to go on. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  before: Type.Optional(Type.String({ maxLength: 64, description: "`next` of the page before" })),
};
/** A page of rows; `next` is absent on the last. */
export const pageOf = <T extends TSchema>(row: T) =>
  closed({ rows: list(row, 500), next: Type.Optional(Type.String()) });
