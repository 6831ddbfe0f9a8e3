/**
 * A serial port on which nothing can wait for ever: opening, each write, each answer and closing have a deadline.
 * Invariant: once the port is lost every pending and later call fails with a code; none hangs in the driver's queue.
 */
import { SerialPort } from "serialport";
import { PrinterError } from "./printer-error.ts";

export interface Port {
  /** Resolves when the system has taken all bytes. */
  write(bytes: Uint8Array, deadlineMs: number): Promise<void>;
  /**
   * Writes and resolves with the next byte that fits; undefined when none came within the deadline. A late answer
   * to an earlier question may lie in the line, so `fits` has to know its own.
   */
  ask(bytes: Uint8Array, fits: (answer: number) => boolean, deadlineMs: number): Promise<number | undefined>;
  /** Resolves when the system has sent all bytes. */
  drain(deadlineMs: number): Promise<void>;
  /** Never rejects: a port that is gone counts as closed. */
  close(deadlineMs: number): Promise<void>;
}

/** A printer answers in single bytes; whatever babbles more than this is no printer. */
const ANSWER_BYTES = 64;

type Callback = (error: Error | null | undefined) => void;

function within(
  deadlineMs: number,
  code: "printer.timeout" | "printer.cannotOpen",
  start: (done: Callback) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new PrinterError("printer.timeout", "no answer in time")),
      deadlineMs,
    );
    start((error) => {
      clearTimeout(late);
      if (error === null || error === undefined) resolve();
      else
        reject(
          new PrinterError(code === "printer.timeout" ? "printer.unplugged" : code, error.message, {
            cause: error,
          }),
        );
    });
  });
}

/** Throws `printer.cannotOpen` or `printer.timeout`. */
export async function openPort(path: string, baudRate: number, deadlineMs: number): Promise<Port> {
  const serial = new SerialPort({ path, baudRate, autoOpen: false });
  const lost = new AbortController();
  const lose = (): void => lost.abort(new PrinterError("printer.unplugged", "the port went away"));
  serial.on("close", lose);
  serial.on("error", lose);
  let received: number[] = [];
  let wake: (() => void) | undefined;
  serial.on("data", (bytes: Buffer) => {
    received = [...received, ...bytes].slice(-ANSWER_BYTES);
    wake?.();
  });

  /** Fails as soon as the port is lost: a write to a lost port would wait for the next opening. */
  const whileOpen = async (work: Promise<void>): Promise<void> => {
    lost.signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const gone = new Promise<never>((_resolve, reject) => {
      stop = () => reject(lost.signal.reason as PrinterError);
      lost.signal.addEventListener("abort", stop, { once: true });
    });
    try {
      await Promise.race([work, gone]);
    } finally {
      if (stop !== undefined) lost.signal.removeEventListener("abort", stop);
      work.catch(() => undefined);
    }
  };

  await within(deadlineMs, "printer.cannotOpen", (done) => serial.open(done));

  const write = (bytes: Uint8Array, ms: number): Promise<void> =>
    whileOpen(within(ms, "printer.timeout", (done) => void serial.write(Buffer.from(bytes), done)));
  return {
    write,
    ask: async (bytes, fits, ms) => {
      received = [];
      const until = performance.now() + ms;
      await write(bytes, ms);
      for (;;) {
        const answer = received.find(fits);
        if (answer !== undefined) return answer;
        received = [];
        const leftMs = until - performance.now();
        if (leftMs <= 0) return undefined;
        await whileOpen(
          new Promise<void>((resolve) => {
            const late = setTimeout(resolve, leftMs);
            wake = () => {
              clearTimeout(late);
              resolve();
            };
          }),
        );
      }
    },
    drain: (ms) => whileOpen(within(ms, "printer.timeout", (done) => serial.drain(done))),
    close: async (ms) => {
      serial.off("close", lose);
      if (!serial.isOpen) return;
      await within(ms, "printer.timeout", (done) => serial.close(done)).catch(() => serial.destroy());
    },
  };
}
