/**
 * A virtual ESC/POS receipt printer at the far end of a pty. A program of its own that knows nothing of the gateway;
 * prints one JSON line with its device file and one for each slip, keeps the last slips as text and picture, ends
 * when stdin closes or on SIGTERM.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Cable, createCable } from "./printer/cable.ts";
import { type Item, createSplitter } from "./printer/commands.ts";
import { type PrinterOptions, USAGE, readOptions } from "./printer/options.ts";
import { type Paper, type Slip, createPaper } from "./printer/paper.ts";
import { showSlip } from "./printer/show.ts";

/** Bits that are fixed in every answer to DLE EOT. */
const FIXED = 0x12;

interface State {
  paperOut: boolean;
  coverOpen: boolean;
  unplugAfterBytes: number | undefined;
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** DLE EOT n: 1 printer, 2 cause of offline, 3 errors, 4 paper sensors. */
function statusByte(which: number, { paperOut, coverOpen }: State): number {
  if (which === 1) return FIXED | (paperOut || coverOpen ? 0x08 : 0);
  if (which === 2) return FIXED | (coverOpen ? 0x04 : 0) | (paperOut ? 0x20 : 0);
  return which === 4 && paperOut ? FIXED | 0x60 : FIXED;
}

function slipKeeper(options: PrinterOptions, paper: Paper): () => void {
  let count = 0;
  let last: Promise<void> = Promise.resolve();
  const nameOf = (number: number): string => `slip-${String(number).padStart(4, "0")}`;
  const keep = async (slip: Slip, number: number): Promise<void> => {
    const name = nameOf(number);
    const picture = await showSlip(slip, options.folder, name);
    for (const ending of ["txt", "png"])
      rmSync(join(options.folder, `${nameOf(number - options.keep)}.${ending}`), { force: true });
    say({
      slip: number,
      text: join(options.folder, `${name}.txt`),
      ...(picture ? { picture: join(options.folder, `${name}.png`) } : {}),
      ...(slip.unknown.length === 0 ? {} : { unknown: slip.unknown }),
    });
  };
  return () => {
    if (paper.empty()) return;
    const slip = paper.cut();
    count += 1;
    const number = count;
    last = last.then(() => keep(slip, number));
  };
}

async function obey(line: string, cable: Cable, state: State): Promise<void> {
  const [word, number] = line.trim().split(" ");
  if (word === "unplug") await cable.unplug();
  else if (word === "plug") await cable.plug();
  else if (word === "unplug-after") state.unplugAfterBytes = Number(number);
  else if (word === "stall") cable.stall();
  else if (word === "flow") cable.flow();
  else if (word === "paper-out" || word === "paper-in") state.paperOut = word === "paper-out";
  else if (word === "cover-open" || word === "cover-closed") state.coverOpen = word === "cover-open";
  else return;
  say({ done: line.trim() });
}

async function run(options: PrinterOptions): Promise<void> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const state: State = { paperOut: false, coverOpen: false, unplugAfterBytes: undefined };
  const splitter = createSplitter();
  const paper = createPaper(options.widthDots);
  const keepSlip = slipKeeper(options, paper);

  const act = (item: Item): void => {
    paper.take(item);
    if (item.type !== "command") return;
    const [first = 0] = item.args;
    if (item.name === "DLE \x04") cable.send(Uint8Array.of(statusByte(first, state)));
    else if (item.name === "GS r") {
      keepSlip();
      cable.send(Uint8Array.of(state.paperOut ? 0x0c : 0));
    } else if (item.name === "GS V") keepSlip();
  };
  const cable = createCable(join(options.folder, "tty"), (bytes) => {
    const limit = state.unplugAfterBytes;
    if (limit !== undefined) {
      state.unplugAfterBytes = limit > bytes.length ? limit - bytes.length : undefined;
      // It keeps its power, so it goes on waiting for the rest of what it was in.
      for (const item of splitter.feed(bytes.subarray(0, limit))) act(item);
      if (limit <= bytes.length) void cable.unplug();
      return;
    }
    for (const item of splitter.feed(bytes)) act(item);
  });
  await cable.plug();

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void cable.unplug().then(() => process.exit(0));
  };
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => void obey(line, cable, state));
  lines.once("close", end);
  process.once("SIGTERM", end);
  // Ctrl-C reaches a whole process group: a program that is held by a pipe waits for its holder to let go.
  process.on("SIGINT", () => {
    if (process.stdin.isTTY) end();
  });
  say({ program: "virtual-printer", path: join(options.folder, "tty"), widthDots: options.widthDots });
}

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "failed"}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
