/**
 * One at a time per key: the next runs when the one before has settled, failed or not. Invariant: a key with nothing
 * under way holds no memory, and a queue above its bound refuses instead of growing.
 */
import { CodedError } from "../domain/errors.ts";

const LONGEST_QUEUE = 256;

export interface InTurn {
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function inTurn(): InTurn {
  const tails = new Map<string, { tail: Promise<void>; waiting: number }>();
  return {
    async run(key, work) {
      const line = tails.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
      if (line.waiting >= LONGEST_QUEUE) throw new CodedError("intake.busy");
      tails.set(key, line);
      line.waiting += 1;
      const result = line.tail.then(work);
      line.tail = result.then(
        () => undefined,
        () => undefined,
      );
      try {
        return await result;
      } finally {
        line.waiting -= 1;
        if (line.waiting === 0) tails.delete(key);
      }
    },
  };
}
