/**
 * Names of the office's people by user id, for pages that show who did something. Invariant: an id nobody knows stands
 * for itself, so a row never loses who it is about.
 */
import { ApiFailure, call } from "../api.ts";

/** An account that came later is asked for no more often than this. */
const ASK_AGAIN_MS = 30_000;

let names: ReadonlyMap<string, string> = new Map();
let askedMs = Number.NEGATIVE_INFINITY;

/** Reads who has an account. Where the gateway refuses or is away, what is known stays. */
export async function learnNames(): Promise<void> {
  askedMs = performance.now();
  try {
    names = new Map((await call("GET /api/people/names", {})).map(({ id, name }) => [id, name]));
  } catch (error) {
    // The page's own calls tell of the fault; here an id stands for the name until the next time.
    if (!(error instanceof ApiFailure)) throw error;
  }
}

/** The person's name as it is now, or the id where it is not known; an unknown one is asked for at the gateway. */
export function nameOf(userId: string): string {
  const name = names.get(userId);
  if (name === undefined && performance.now() - askedMs > ASK_AGAIN_MS) void learnNames();
  return name ?? userId;
}
