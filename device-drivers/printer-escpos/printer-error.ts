/**
 * The errors of this driver: a closed set of codes and a text for technicians.
 * Invariant: no text holds anything of what was to be printed.
 */
export type PrinterErrorCode =
  /** The device file is not there, not ours or held by another program. */
  | "printer.cannotOpen"
  /** The port went away while open: cable or power. */
  | "printer.unplugged"
  /** The printer took or answered nothing within the deadline. */
  | "printer.timeout"
  | "printer.offline"
  | "printer.coverOpen"
  | "printer.paperOut"
  /** Cutter or head error that the printer itself reports. */
  | "printer.fault"
  | "printer.queueFull"
  | "printer.closed"
  /** A line could not be drawn. */
  | "printer.drawing";

export class PrinterError extends Error {
  readonly code: PrinterErrorCode;
  /** True when no byte of the slip had gone out, so that no part of it can lie on the paper. */
  readonly nothingPrinted: boolean;
  constructor(
    code: PrinterErrorCode,
    detail: string,
    options: ErrorOptions & { readonly nothingPrinted?: boolean } = {},
  ) {
    super(detail, options);
    this.name = "PrinterError";
    this.code = code;
    this.nothingPrinted = options.nothingPrinted ?? false;
  }
}
