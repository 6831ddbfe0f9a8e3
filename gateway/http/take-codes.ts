/**
 * One-time codes with which an applicant takes a paper of theirs from the kiosk to a phone of their own. Invariant:
 * kept in memory only, as a hash; a code opens one paper, for ten minutes, a few times (PDF, receipt, a try again).
 */
import { createHash } from "node:crypto";
import type { ApplicationId, DocumentId } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import type { Clock } from "../domain/time.ts";
import type { Random } from "../people/ports.ts";

const VALID_MS = 10 * 60_000;
const TIMES = 6;
const CODE_BYTES = 16;
const MOST_CODES = 256;

interface Taken {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly untilMonoMs: number;
  times: number;
}

export interface TakeCodes {
  make(paper: { readonly documentId: DocumentId; readonly applicationId: ApplicationId }): {
    readonly code: string;
    /** UTC ms. */
    readonly untilMs: number;
  };
  /** Throws `people.takeCodeWrong`. */
  use(code: string): { readonly documentId: DocumentId; readonly applicationId: ApplicationId };
}

const hashOf = (code: string): string => createHash("sha256").update(code).digest("hex");

export function createTakeCodes({
  clock,
  random,
}: {
  readonly clock: Clock;
  readonly random: Random;
}): TakeCodes {
  const codes = new Map<string, Taken>();
  const forget = (): void => {
    const now = clock.monotonicMs();
    for (const [hash, { untilMonoMs }] of codes) if (untilMonoMs <= now) codes.delete(hash);
    for (const hash of codes.keys()) if (codes.size >= MOST_CODES) codes.delete(hash);
  };
  return {
    make(paper) {
      forget();
      const code = Buffer.from(random.bytes(CODE_BYTES)).toString("base64url");
      codes.set(hashOf(code), { ...paper, untilMonoMs: clock.monotonicMs() + VALID_MS, times: 0 });
      return { code, untilMs: Math.round(clock.wallMs() + VALID_MS) };
    },
    use(code) {
      forget();
      const hash = hashOf(code);
      const taken = codes.get(hash);
      if (taken === undefined) throw new CodedError("people.takeCodeWrong");
      taken.times++;
      if (taken.times >= TIMES) codes.delete(hash);
      return { documentId: taken.documentId, applicationId: taken.applicationId };
    },
  };
}
