/** The printer's own account of itself: DLE EOT 1 to 4 of ESC/POS, as faults with a code. */
import type { Port } from "./port.ts";
import { PrinterError } from "./printer-error.ts";

const DLE_EOT = [0x10, 0x04] as const;
/** Bits that are fixed in every answer: 0xx1xx10. */
const FIXED_MASK = 0x93;
const FIXED_BITS = 0x12;
const OFFLINE = 0x08;
const COVER_OPEN = 0x04;
const STOPPED_BY_PAPER_END = 0x20;
const FAULT = 0x40;
const PAPER_END = 0x60;

const isStatus = (answer: number): boolean => (answer & FIXED_MASK) === FIXED_BITS;

/** Throws the fault that keeps the printer from printing, or `printer.timeout` when it says nothing. */
export async function assertReady(port: Port, deadlineMs: number): Promise<void> {
  const read = async (which: 1 | 2 | 4): Promise<number> => {
    const status = await port.ask(Uint8Array.of(...DLE_EOT, which), isStatus, deadlineMs);
    if (status === undefined) throw new PrinterError("printer.timeout", "no status from the printer");
    return status;
  };
  const cause = await read(2);
  if ((cause & COVER_OPEN) !== 0) throw new PrinterError("printer.coverOpen", "cover open");
  if ((cause & STOPPED_BY_PAPER_END) !== 0 || ((await read(4)) & PAPER_END) !== 0)
    throw new PrinterError("printer.paperOut", "out of paper");
  if ((cause & FAULT) !== 0) throw new PrinterError("printer.fault", "the printer reports an error");
  if (((await read(1)) & OFFLINE) !== 0) throw new PrinterError("printer.offline", "offline");
}
