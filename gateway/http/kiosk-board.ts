/**
 * What each counter's kiosk shows now, and an applicant's open claim on it. In memory: a restart wipes every
 * kiosk. Invariant: a claim ends by wipe, by idleness and by the next claim, and with it all it opened.
 */
import type { ApplicationId, CounterId, DocumentId, UserId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { KioskScreen } from "./contract/kiosk.ts";
import type { ClaimResult } from "../intake/results.ts";

/** An untouched claim is wiped by the gateway after this; the kiosk warns and wipes earlier by itself. */
export const CLAIM_IDLE_MS = 120_000;
const LISTENERS_PER_COUNTER = 8;

export interface Claim {
  readonly applicationId: ApplicationId;
  readonly opened: ClaimResult;
}

export interface BoardState {
  readonly revision: number;
  readonly screen: KioskScreen;
  /** The clerk who put the screen there. */
  readonly by: UserId | undefined;
  readonly claim: { readonly applicationId: ApplicationId; readonly leftMs: number } | undefined;
}

export interface KioskBoard {
  state(counter: CounterId): BoardState;
  show(counter: CounterId, screen: KioskScreen, by: UserId): void;
  openClaim(counter: CounterId, opened: ClaimResult): void;
  /** The open claim, its idle time starting anew. */
  useClaim(counter: CounterId): Claim | undefined;
  /** Whether this document was presented here or belongs to the open claim; which application it is of. */
  opens(counter: CounterId, document: DocumentId): ApplicationId | undefined;
  /**
   * Ends the claim and clears the screen. On idleness the recording notice stays: the applicant stands at the counter
   * and has no reason to touch the kiosk.
   */
  wipe(counter: CounterId, cause: "done" | "idle" | "request"): void;
  /** A kiosk listens now. */
  isWatched(counter: CounterId): boolean;
  /** Calls back after every change. Returns the way to stop, or undefined when too many listen already. */
  subscribe(counter: CounterId, listener: () => void): (() => void) | undefined;
}

interface Row {
  revision: number;
  screen: KioskScreen;
  by: UserId | undefined;
  claim: { readonly claim: Claim; untilMonoMs: number } | undefined;
  readonly listeners: Set<() => void>;
}

export function createKioskBoard(clock: Clock): KioskBoard {
  const rows = new Map<CounterId, Row>();
  function rowOf(counter: CounterId): Row {
    const known = rows.get(counter);
    if (known !== undefined) {
      if (known.claim !== undefined && known.claim.untilMonoMs <= clock.monotonicMs())
        known.claim = undefined;
      return known;
    }
    const row: Row = {
      revision: 0,
      screen: { kind: "idle" },
      by: undefined,
      claim: undefined,
      listeners: new Set(),
    };
    rows.set(counter, row);
    return row;
  }
  function changed(row: Row): void {
    row.revision++;
    for (const listener of row.listeners) listener();
  }
  return {
    state(counter) {
      const { revision, screen, by, claim } = rowOf(counter);
      return {
        revision,
        screen,
        by,
        claim:
          claim === undefined
            ? undefined
            : { applicationId: claim.claim.applicationId, leftMs: claim.untilMonoMs - clock.monotonicMs() },
      };
    },
    show(counter, screen, by) {
      const row = rowOf(counter);
      row.screen = screen;
      row.by = by;
      changed(row);
    },
    openClaim(counter, opened) {
      const row = rowOf(counter);
      row.claim = {
        claim: { applicationId: opened.applicationId, opened },
        untilMonoMs: clock.monotonicMs() + CLAIM_IDLE_MS,
      };
      changed(row);
    },
    useClaim(counter) {
      const { claim } = rowOf(counter);
      if (claim === undefined) return undefined;
      claim.untilMonoMs = clock.monotonicMs() + CLAIM_IDLE_MS;
      return claim.claim;
    },
    opens(counter, document) {
      const { screen, claim } = rowOf(counter);
      if (screen.kind === "document" && screen.documentId === document) return screen.applicationId;
      const papers = claim?.claim.opened.papers ?? [];
      return papers.some((paper) => paper.documentId === document) ? claim?.claim.applicationId : undefined;
    },
    wipe(counter, cause) {
      const row = rowOf(counter);
      row.claim = undefined;
      if (cause !== "idle" || row.screen.kind !== "recordingNotice") row.screen = { kind: "idle" };
      changed(row);
    },
    isWatched: (counter) => rowOf(counter).listeners.size > 0,
    subscribe(counter, listener) {
      const row = rowOf(counter);
      if (row.listeners.size >= LISTENERS_PER_COUNTER) return undefined;
      row.listeners.add(listener);
      return () => row.listeners.delete(listener);
    },
  };
}
