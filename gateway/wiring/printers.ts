/** Drives the receipt printers that are bound now. Invariant: a printer bound anew is closed before it is opened again. */
import { type SerialPrinter, createSerialPrinter } from "../../device-drivers/printer-escpos/printer.ts";
import { shippedPrinterProfile } from "../../device-drivers/printer-escpos/profile.ts";
import type { Fleet, WantedFleet } from "../devices/fleet.ts";
import type { SlipPrinter } from "../documents/ports.ts";
import type { DrawText } from "../documents/slip/slip.ts";
import type { PrinterId } from "../domain/ids.ts";

export interface RunningPrinters {
  find(id: PrinterId): SlipPrinter | undefined;
  close(): Promise<void>;
}

export async function runPrinters(options: {
  readonly fleet: Fleet;
  readonly drawText: DrawText;
  readonly onFault: (printer: PrinterId, error: unknown) => void;
}): Promise<RunningPrinters> {
  const { fleet, drawText, onFault } = options;
  const running = new Map<PrinterId, { readonly printer: SerialPrinter; readonly binding: string }>();

  async function follow({ printers }: WantedFleet): Promise<void> {
    const wanted = new Map(printers.map((each) => [each.id, JSON.stringify([each.path, each.profile])]));
    for (const [id, { printer, binding }] of running) {
      if (wanted.get(id) === binding) continue;
      running.delete(id);
      await printer.close();
    }
    for (const { id, path, profile } of printers) {
      if (running.has(id)) continue;
      try {
        const printer = createSerialPrinter({ path, profile: shippedPrinterProfile(profile), drawText });
        running.set(id, { printer, binding: JSON.stringify([path, profile]) });
      } catch (error) {
        onFault(id, error);
      }
    }
  }

  let tail = follow(await fleet.wanted());
  const unfollow = fleet.onChange((wanted) => {
    tail = tail.then(() => follow(wanted));
  });
  await tail;
  return {
    find(id) {
      const printer = running.get(id)?.printer;
      return printer === undefined
        ? undefined
        : { id, widthDots: printer.widthDots, print: (lines) => printer.print(lines) };
    },
    async close() {
      unfollow();
      await tail;
      await Promise.all([...running.values()].map(({ printer }) => printer.close()));
    },
  };
}
