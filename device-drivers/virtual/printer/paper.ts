/**
 * The paper: lays text and pictures on a roll of dots as an ESC/POS printer in standard mode does.
 * Invariant: it only lays out; decoding, answers and faults are elsewhere.
 */
import type { Item } from "./commands.ts";

export interface TextRun {
  readonly x: number;
  /** Top of the character cell. */
  readonly y: number;
  readonly text: string;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly bold: boolean;
}

export interface Picture {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** One bit per dot, rows padded to bytes, 1 is black. */
  readonly bits: Uint8Array;
}

export interface Slip {
  readonly width: number;
  readonly height: number;
  readonly runs: readonly TextRun[];
  readonly pictures: readonly Picture[];
  readonly unknown: readonly string[];
}

const CELL_HEIGHT = 24;
const HALF_WIDTH = 12;
/** ESC 2: a sixth of an inch at 203 dpi. */
const DEFAULT_SPACING = 34;

export const halfWidths = (text: string): number =>
  Array.from(text).reduce((sum, one) => sum + ((one.codePointAt(0) ?? 0) < 0x80 ? 1 : 2), 0);

export interface Paper {
  take(item: Item): void;
  empty(): boolean;
  /** The slip since the last cut; the roll starts anew. */
  cut(): Slip;
}

export function createPaper(width: number): Paper {
  let runs: TextRun[] = [];
  let pictures: Picture[] = [];
  let unknown: string[] = [];
  let x = 0;
  let y = 0;
  let lineHeight = 0;
  let left = 0;
  let area = width;
  let align = 0;
  let spacing = DEFAULT_SPACING;
  let scaleX = 1;
  let scaleY = 1;
  let bold = false;
  let loaded: Omit<Picture, "x" | "y"> | undefined;

  const place = (picture: Omit<Picture, "x" | "y">): void => {
    const room = Math.max(0, area - picture.width);
    const at = left + Math.floor((room * align) / 2);
    const last = pictures.at(-1);
    // Bands of one picture come as several commands.
    if (last !== undefined && last.x === at && last.width === picture.width && last.y + last.height === y) {
      const bits = new Uint8Array([...last.bits, ...picture.bits]);
      pictures[pictures.length - 1] = { ...last, height: last.height + picture.height, bits };
    } else pictures.push({ ...picture, x: at, y });
    y += picture.height;
  };
  const feed = (dots: number): void => {
    y += dots;
    x = 0;
    lineHeight = 0;
  };

  function raster(name: string, args: Uint8Array): void {
    const word = (at: number): number => (args[at] ?? 0) + (args[at + 1] ?? 0) * 256;
    if (name === "GS v") {
      place({ width: word(2) * 8, height: word(4), bits: args.slice(6) });
    } else if (name === "GS 8" && args[6] === 112) {
      loaded = { width: word(11), height: word(13), bits: args.slice(15) };
    } else if (name === "GS (" && args[0] === 0x4c && args[4] === 50 && loaded !== undefined) {
      place(loaded);
      loaded = undefined;
    }
  }

  function command(name: string, args: Uint8Array): void {
    const [first = 0, second = 0] = args;
    const word = first + second * 256;
    switch (name) {
      case "LF":
        return feed(Math.max(spacing, lineHeight));
      case "ESC @":
        [left, area, align, spacing, scaleX, scaleY, bold] = [0, width, 0, DEFAULT_SPACING, 1, 1, false];
        return;
      case "ESC a":
        align = first % 48;
        return;
      case "ESC 2":
        spacing = DEFAULT_SPACING;
        return;
      case "ESC 3":
        spacing = first;
        return;
      case "ESC $":
        x = word;
        return;
      case "ESC \\":
        x += word;
        return;
      case "ESC E":
        bold = (first & 1) === 1;
        return;
      case "ESC d":
        return feed(first * spacing);
      case "ESC J":
        return feed(first);
      case "GS !":
        scaleX = (first >> 4) + 1;
        scaleY = (first & 15) + 1;
        return;
      case "GS L":
        left = word;
        return;
      case "GS W":
        area = word;
        return;
      default:
        if (name === "control 0") return;
        if (name.startsWith("unknown") || name.startsWith("control")) unknown.push(name);
        raster(name, args);
    }
  }

  return {
    take: (item) => {
      if (item.type === "command") return command(item.name, item.args);
      const last = runs.at(-1);
      const at = left + x;
      const joins =
        last !== undefined &&
        last.y === y &&
        last.scaleX === scaleX &&
        last.scaleY === scaleY &&
        last.bold === bold &&
        last.x + halfWidths(last.text) * HALF_WIDTH * scaleX === at;
      if (joins) runs[runs.length - 1] = { ...last, text: last.text + item.text };
      else runs.push({ x: at, y, text: item.text, scaleX, scaleY, bold });
      x += halfWidths(item.text) * HALF_WIDTH * scaleX;
      lineHeight = Math.max(lineHeight, CELL_HEIGHT * scaleY);
    },
    empty: () => pictures.length === 0 && runs.every((run) => run.text.trim() === ""),
    cut: () => {
      const slip = { width, height: y + CELL_HEIGHT, runs, pictures, unknown };
      [runs, pictures, unknown] = [[], [], []];
      [x, y, lineHeight] = [0, 0, 0];
      return slip;
    },
  };
}
