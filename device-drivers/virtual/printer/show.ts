/**
 * A slip for people: as text with the columns it had, and as a picture (dots as they are, text set by libass).
 * Invariant: what was printed goes through files in the slips' folder and pipes, never onto a command line.
 */
import { spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Slip, halfWidths } from "./paper.ts";

const HALF_WIDTH = 12;
const MARGIN = 24;
/** libass takes the line height, which in this font is 1.448 of the 24-dot character. */
const FONT_SIZE = 34.75;
const FFMPEG_MS = 20_000;

/** One line per line of the slip; a picture is named with its size. */
export function slipText(slip: Slip): string {
  const lines = new Map<number, string>();
  for (const run of slip.runs) {
    const before = lines.get(run.y) ?? "";
    const gap = Math.max(0, Math.round(run.x / HALF_WIDTH) - halfWidths(before));
    lines.set(run.y, before + (run.text.trim() === "" ? "" : " ".repeat(gap) + run.text));
  }
  for (const { y, width, height } of slip.pictures) lines.set(y, `[picture ${width}x${height}]`);
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([, line]) => `${line.trimEnd()}\n`)
    .join("");
}

function dots(slip: Slip): Uint8Array {
  const width = slip.width + 2 * MARGIN;
  const canvas = new Uint8Array(width * (slip.height + 2 * MARGIN)).fill(255);
  for (const picture of slip.pictures) {
    const rowBytes = (picture.width + 7) >> 3;
    for (let row = 0; row < picture.height; row++)
      for (let column = 0; column < picture.width; column++) {
        const byte = picture.bits[row * rowBytes + (column >> 3)] ?? 0;
        if ((byte & (128 >> (column & 7))) !== 0)
          canvas[(picture.y + row + MARGIN) * width + picture.x + column + MARGIN] = 0;
      }
  }
  return canvas;
}

function subtitles(slip: Slip): string {
  const escaped = (text: string): string => text.replace(/\\/g, "\\\u2060").replace(/[{}]/g, "\\$&");
  const events = slip.runs
    .filter((run) => run.text.trim() !== "")
    .map(({ x, y, text, scaleX, scaleY, bold }) => {
      // The font's line is higher than its character cell; this puts the cell's top where the printer has it.
      const top = y + MARGIN - ((FONT_SIZE - 24) / 2) * scaleY;
      const style = `{\\an7\\pos(${x + MARGIN},${top.toFixed(1)})\\fscx${scaleX * 100}\\fscy${scaleY * 100}\\b${bold ? 1 : 0}}`;
      return `Dialogue: 0,0:00:00.00,0:00:10.00,Print,,0,0,0,,${style}${escaped(text)}`;
    });
  return `[Script Info]
ScriptType: v4.00+
PlayResX: ${slip.width + 2 * MARGIN}
PlayResY: ${slip.height + 2 * MARGIN}
WrapStyle: 2

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Print,Noto Sans Mono CJK SC,${FONT_SIZE},&H00000000,&H00000000,&H00FFFFFF,&H00FFFFFF,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
${events.join("\n")}
`;
}

/** Writes `<name>.txt` and, where ffmpeg is installed, `<name>.png`; tells whether the picture is there. */
export async function showSlip(slip: Slip, folder: string, name: string): Promise<boolean> {
  await writeFile(join(folder, `${name}.txt`), slipText(slip), { mode: 0o600 });
  const script = join(folder, `${name}.ass`);
  await writeFile(script, subtitles(slip), { mode: 0o600 });
  const size = `${slip.width + 2 * MARGIN}x${slip.height + 2 * MARGIN}`;
  const input = ["-f", "rawvideo", "-pixel_format", "gray", "-video_size", size, "-i", "pipe:0"];
  const output = ["-vf", `ass=${name}.ass`, "-frames:v", "1", "-y", `${name}.png`];
  const ffmpeg = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", ...input, ...output], {
    cwd: folder,
    stdio: ["pipe", "ignore", "ignore"],
    timeout: FFMPEG_MS,
    killSignal: "SIGKILL",
  });
  ffmpeg.stdin.on("error", () => undefined);
  ffmpeg.stdin.end(dots(slip));
  const made = await new Promise<boolean>((resolve) => {
    ffmpeg.once("error", () => resolve(false));
    ffmpeg.once("exit", (code) => resolve(code === 0));
  });
  await rm(script, { force: true });
  return made;
}
