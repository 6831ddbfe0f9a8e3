/**
 * An ESC/POS receipt printer on a serial port: one slip at a time, opened for the slip and closed after it.
 * Invariant: `print` resolves only when the printer took all of it (proven by its answer where it can answer).
 */
import { type Port, openPort } from "./port.ts";
import { PrinterError } from "./printer-error.ts";
import type { PrinterProfile } from "./profile.ts";
import { slipBytes, unfinishedPicture } from "./receipt.ts";
import type { DrawText, SlipLine } from "./slip.ts";
import { assertReady } from "./status.ts";

export interface SerialPrinterOptions {
  /** Device file, best one of /dev/serial/by-id/. */
  readonly path: string;
  readonly profile: PrinterProfile;
  readonly drawText: DrawText;
  readonly deadlines?: Partial<PrinterDeadlines>;
}

/** Milliseconds. */
export interface PrinterDeadlines {
  readonly open: number;
  readonly status: number;
  /** For each piece of a slip. */
  readonly write: number;
  /** From the last byte to the printer's word that it has printed. */
  readonly done: number;
  readonly close: number;
}

export interface SerialPrinter {
  readonly widthDots: number;
  /** Rejects with a PrinterError within the deadlines. */
  print(lines: readonly SlipLine[]): Promise<void>;
  /** Refuses what waits and resolves when the port is free. Safe to call twice. */
  close(): Promise<void>;
}

const DEADLINES: PrinterDeadlines = { open: 3_000, status: 1_000, write: 5_000, done: 15_000, close: 1_000 };
const PIECE_BYTES = 512;
const WAITING_AT_MOST = 8;
/** GS r 1: the paper sensor's state, answered in the order of printing. */
const TRANSMIT_STATUS = Uint8Array.of(0x1d, 0x72, 0x01);
const PAPER_ENDED = 0x0c;
/** Bits 4 and 7 of this answer are always 0, which tells it from an answer to DLE EOT. */
const isPaperStatus = (answer: number): boolean => (answer & 0x90) === 0;

export function createSerialPrinter(options: SerialPrinterOptions): SerialPrinter {
  const { path, profile, drawText } = options;
  const deadlines = { ...DEADLINES, ...options.deadlines };
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let closed = false;
  /** Unknown at the start: a slip may have broken off under an earlier gateway. */
  let brokenOff = true;

  async function transmit(port: Port, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      await port.write(bytes.subarray(at, at + PIECE_BYTES), deadlines.write);
  }

  async function finished(port: Port): Promise<void> {
    if (!profile.status) return port.drain(deadlines.done);
    const paper = await port.ask(TRANSMIT_STATUS, isPaperStatus, deadlines.done);
    if (paper === undefined) throw new PrinterError("printer.timeout", "no word of the end of the slip");
    if ((paper & PAPER_ENDED) === PAPER_ENDED)
      throw new PrinterError("printer.paperOut", "paper ended in the slip");
  }

  /** Asks first: a printer without paper may take no bytes, and still answers. */
  async function ready(port: Port): Promise<void> {
    if (profile.status) {
      try {
        await assertReady(port, deadlines.status);
      } catch (error) {
        // In the middle of a picture some models take even a question for dots.
        if (!brokenOff || !(error instanceof PrinterError) || error.code !== "printer.timeout") throw error;
        await transmit(port, unfinishedPicture(profile));
        return assertReady(port, deadlines.status);
      }
    }
    if (brokenOff) await transmit(port, unfinishedPicture(profile));
  }

  /** Everything before the first byte of the slip: whatever fails here has printed nothing. */
  async function prepare(
    lines: readonly SlipLine[],
  ): Promise<{ readonly port: Port; readonly bytes: Uint8Array }> {
    if (closed) throw new PrinterError("printer.closed", "closed");
    const bytes = await slipBytes(lines, profile, drawText).catch((cause: unknown) => {
      throw new PrinterError("printer.drawing", "the slip could not be made", { cause });
    });
    const port = await openPort(path, profile.baudRate, deadlines.open);
    try {
      await ready(port);
    } catch (error) {
      await port.close(deadlines.close);
      throw error;
    }
    return { port, bytes };
  }

  async function one(lines: readonly SlipLine[]): Promise<void> {
    const { port, bytes } = await prepare(lines).catch((error: unknown) => {
      if (!(error instanceof PrinterError)) throw error;
      throw new PrinterError(error.code, error.message, { cause: error, nothingPrinted: true });
    });
    try {
      brokenOff = true;
      await transmit(port, bytes);
      await finished(port);
      brokenOff = false;
    } finally {
      await port.close(deadlines.close);
    }
  }

  return {
    widthDots: profile.widthDots,
    print: async (lines) => {
      if (closed) throw new PrinterError("printer.closed", "closed", { nothingPrinted: true });
      if (waiting >= WAITING_AT_MOST)
        throw new PrinterError("printer.queueFull", "too many slips wait", { nothingPrinted: true });
      waiting += 1;
      const job = last.then(() => one(lines));
      last = job.catch(() => undefined);
      try {
        await job;
      } finally {
        waiting -= 1;
      }
    },
    close: async () => {
      closed = true;
      await last;
    },
  };
}
