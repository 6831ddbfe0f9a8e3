/**
 * Splits a stream of ESC/POS bytes into commands and text. Knows how long each command is, not what it does.
 * Invariant: every byte belongs to exactly one item; an incomplete item waits for the next bytes.
 */
export type Item =
  | { readonly type: "text"; readonly text: string }
  /** `name` such as `ESC a` or `GS v`; `args` all bytes after it. */
  | { readonly type: "command"; readonly name: string; readonly args: Uint8Array };

const LEADS: Readonly<Record<number, string>> = { 0x10: "DLE", 0x1b: "ESC", 0x1c: "FS", 0x1d: "GS" };

/** Bytes of arguments by command; a function where they say their length themselves. -1: not all there yet. */
type Length = number | ((args: Uint8Array) => number);
const u16 = (args: Uint8Array, at: number): number => (args[at] ?? 0) + (args[at + 1] ?? 0) * 256;
const after =
  (head: number, size: (args: Uint8Array) => number): Length =>
  (args) =>
    args.length < head ? -1 : head + size(args);
const u32 = (args: Uint8Array): number => u16(args, 0) + u16(args, 2) * 65_536;

const LENGTHS: Readonly<Record<string, Length>> = {
  "DLE \x04": 1,
  "ESC @": 0,
  "ESC a": 1,
  "ESC M": 1,
  "ESC  ": 1,
  "ESC 2": 0,
  "ESC 3": 1,
  "ESC {": 1,
  "ESC t": 1,
  "ESC R": 1,
  "ESC $": 2,
  "ESC \\": 2,
  "ESC -": 1,
  "ESC E": 1,
  "ESC d": 1,
  "ESC J": 1,
  "FS S": 2,
  "FS .": 0,
  "FS &": 0,
  "FS C": 1,
  "FS -": 1,
  "GS a": 1,
  "GS L": 2,
  "GS W": 2,
  "GS B": 1,
  "GS !": 1,
  "GS r": 1,
  "GS V": (args) => (args.length < 1 ? -1 : (args[0] ?? 0) >= 65 ? 2 : 1),
  "GS (": after(3, (args) => u16(args, 1)),
  "FS (": after(3, (args) => u16(args, 1)),
  "GS 8": after(5, (args) => u32(args.subarray(1))),
  "GS v": after(6, (args) => u16(args, 2) * u16(args, 4)),
};

export interface Splitter {
  /** All items that are complete now. */
  feed(bytes: Uint8Array): readonly Item[];
}

const gb18030 = new TextDecoder("gb18030");

/** Length of the character at the start, or 0 when it is not all there. */
function characterLength(bytes: Uint8Array, chinese: boolean): number {
  const [lead = 0, trail] = bytes;
  if (!chinese || lead < 0x81 || lead === 0xff) return 1;
  if (trail === undefined) return 0;
  if (trail < 0x30 || trail > 0x39) return 2;
  return bytes.length < 4 ? 0 : 4;
}

export function createSplitter(): Splitter {
  let rest = new Uint8Array();
  let chinese = false;

  function command(lead: string): { readonly item: Item; readonly length: number } | undefined {
    const sign = rest[1];
    if (sign === undefined) return undefined;
    const name = `${lead} ${String.fromCharCode(sign)}`;
    const size = LENGTHS[name] ?? 0;
    const length = typeof size === "number" ? size : size(rest.subarray(2));
    if (length < 0 || rest.length < 2 + length) return undefined;
    if (name === "FS &") chinese = true;
    if (name === "FS ." || name === "ESC @") chinese = false;
    const known = name in LENGTHS;
    const item: Item = {
      type: "command",
      name: known ? name : `unknown ${name}`,
      args: rest.slice(2, 2 + length),
    };
    return { item, length: 2 + length };
  }

  return {
    feed: (bytes) => {
      const joined = new Uint8Array(rest.length + bytes.length);
      joined.set(rest);
      joined.set(bytes, rest.length);
      rest = joined;
      const items: Item[] = [];
      for (let first = rest[0]; first !== undefined; first = rest[0]) {
        const lead = LEADS[first];
        if (lead !== undefined) {
          const found = command(lead);
          if (found === undefined) break;
          items.push(found.item);
          rest = rest.subarray(found.length);
        } else if (first < 0x20) {
          items.push({
            type: "command",
            name: first === 0x0a ? "LF" : `control ${first}`,
            args: new Uint8Array(),
          });
          rest = rest.subarray(1);
        } else {
          const length = characterLength(rest, chinese);
          if (length === 0) break;
          const character = rest.subarray(0, length);
          items.push({
            type: "text",
            text: chinese ? gb18030.decode(character) : String.fromCharCode(first),
          });
          rest = rest.subarray(length);
        }
      }
      return items;
    },
  };
}
