/**
 * Branded identifiers: a plain string or number can't be passed where one of these is wanted.
 * Invariant: none of them carries personal data, so all may appear in URLs, topics, file names and logs.
 */

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** The year of a log, or `year.k` after a restore without its key (DESIGN 5). */
export type LogId = Branded<string, "LogId">;
/** Leaf index of an entry in its log; the first entry is 0. */
export type Seq = Branded<number, "Seq">;
/** Lower-case hexadecimal SHA-256, 64 characters. */
export type Sha256Hex = Branded<string, "Sha256Hex">;
/** What an entry's counter `n` counts, such as `camera/cam-1/main` or `intake`. */
export type StreamId = Branded<string, "StreamId">;
export type CameraId = Branded<string, "CameraId">;
export type CounterId = Branded<string, "CounterId">;
export type ApplicationId = Branded<string, "ApplicationId">;
export type DocumentId = Branded<string, "DocumentId">;
export type UserId = Branded<string, "UserId">;
export type DockId = Branded<string, "DockId">;
export type PrinterId = Branded<string, "PrinterId">;
/** Chosen by the caller of a command; a repeat with the same id returns the first result. */
export type CommandId = Branded<string, "CommandId">;

/** Where an entry stands; the only way to refer to one (DESIGN 5). */
export interface EntryRef {
  readonly logId: LogId;
  readonly seq: Seq;
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const STREAM = /^[a-z0-9][a-z0-9./-]{0,127}$/;
const LOG_ID = /^[0-9]{4}(\.[1-9][0-9]{0,3})?$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;
const COMMAND_ID = /^[A-Za-z0-9-]{8,64}$/;

function parsed<Id>(pattern: RegExp, what: string): (text: string) => Id {
  return (text) => {
    if (!pattern.test(text)) throw new RangeError(`not a ${what}: ${JSON.stringify(text.slice(0, 80))}`);
    return text as Id;
  };
}

/** Each parser throws RangeError when the text is not of the form. */
export const logId = parsed<LogId>(LOG_ID, "log id");
export const sha256Hex = parsed<Sha256Hex>(SHA256_HEX, "SHA-256 in lower-case hex");
export const streamId = parsed<StreamId>(STREAM, "stream id");
export const cameraId = parsed<CameraId>(NAME, "camera id");
export const counterId = parsed<CounterId>(NAME, "counter id");
export const applicationId = parsed<ApplicationId>(NAME, "application id");
export const documentId = parsed<DocumentId>(NAME, "document id");
export const userId = parsed<UserId>(NAME, "user id");
export const dockId = parsed<DockId>(NAME, "dock id");
export const printerId = parsed<PrinterId>(NAME, "printer id");
export const commandId = parsed<CommandId>(COMMAND_ID, "command id");

/** Throws RangeError when the number is not a leaf index. */
export function seq(value: number): Seq {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a leaf index: ${value}`);
  return value as Seq;
}

/** `2026` before `2026.1` before `2027`. */
export function compareLogIds(a: LogId, b: LogId): number {
  const [yearA = 0, kA = 0] = a.split(".").map(Number);
  const [yearB = 0, kB = 0] = b.split(".").map(Number);
  return yearA - yearB || kA - kB;
}
