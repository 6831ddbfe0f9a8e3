/** Reads node-onvif's parsed answers, whose shape the camera decides, without ever throwing. */

const LONGEST_TEXT = 200;

/** Follows the names; undefined as soon as one is missing. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let here = value;
  for (const name of names) {
    if (typeof here !== "object" || here === null || Array.isArray(here)) return undefined;
    here = Object.hasOwn(here, name) ? (here as Record<string, unknown>)[name] : undefined;
  }
  return here;
}

/** Text of an element, with or without attributes; empty where there is none, cut where it is too long. */
export function text(value: unknown): string {
  const found = typeof value === "object" ? at(value, "_") : value;
  return typeof found === "string" ? printable(found).slice(0, LONGEST_TEXT) : "";
}

/** A whole address is kept as it is; `addresses.ts` limits it. */
export function address(value: unknown): unknown {
  return typeof value === "object" ? at(value, "_") : value;
}

export function wholeNumber(value: unknown): number | null {
  const number = Number.parseFloat(text(value));
  return Number.isFinite(number) && number >= 0 && number < 1e6 ? Math.round(number) : null;
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value : [value];
}

function printable(value: string): string {
  return value.replaceAll(/\p{C}/gu, "").trim();
}
