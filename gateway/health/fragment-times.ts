/**
 * How long a fragment takes from its last byte to the disk, and to a checkpoint that covers it.
 * Invariant: what waits for a checkpoint is bounded; with no signer the oldest are no longer counted.
 */
import type { EntryRef } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";

export interface FragmentTimesSink {
  durable(seconds: number): void;
  signed(seconds: number): void;
}

export interface FragmentTimes {
  durable(fragment: EntryRef & { readonly lastByteMonoMs: number }): void;
  checkpoint(checkpoint: { readonly logId: EntryRef["logId"]; readonly size: number }): void;
  /** Where the figures go from now on. */
  sink: FragmentTimesSink | undefined;
}

const UNSIGNED_MAX = 4096;

export function createFragmentTimes(clock: Clock): FragmentTimes {
  let unsigned: (EntryRef & { readonly lastByteMonoMs: number })[] = [];
  const times: FragmentTimes = {
    sink: undefined,
    durable(fragment) {
      times.sink?.durable((clock.monotonicMs() - fragment.lastByteMonoMs) / 1000);
      unsigned.push(fragment);
      if (unsigned.length > UNSIGNED_MAX) unsigned.shift();
    },
    checkpoint({ logId, size }) {
      const covers = (fragment: EntryRef): boolean => fragment.logId === logId && fragment.seq < size;
      const now = clock.monotonicMs();
      for (const fragment of unsigned)
        if (covers(fragment)) times.sink?.signed((now - fragment.lastByteMonoMs) / 1000);
      unsigned = unsigned.filter((fragment) => !covers(fragment));
    },
  };
  return times;
}
