/** Beijing times as a `datetime-local` field holds them. Invariant: what is read back is the minute that was written. */
import { BEIJING_OFFSET_MS } from "../../gateway/domain/time.ts";

/** `YYYY-MM-DDTHH:MM` in Beijing time. */
export function fieldTime(ms: number): string {
  return new Date(ms + BEIJING_OFFSET_MS).toISOString().slice(0, 16);
}

/** NaN when the field is empty. */
export function fieldMs(text: string): number {
  return Date.parse(`${text}:00+08:00`);
}
