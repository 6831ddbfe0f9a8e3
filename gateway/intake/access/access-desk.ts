/**
 * Viewing and copying 查阅、复制, as routes and screens see it. Invariant: nothing is shown or given out without a
 * basis by the matter's profile, and the row that says so is durable first.
 */
import type { Sensitivity } from "../../domain/access/parties.ts";
import type { Material, RequestedAct, RequesterKind } from "../../domain/access/parties.ts";
import type { Role } from "../../domain/roles.ts";
import type { CommandId, EntryRef, UserId } from "../../domain/ids.ts";
import type { RequesterRecord } from "./entries.ts";
import type { LookRow } from "./ports.ts";
import type { ReceiptSignature } from "./request-checks.ts";
import type { FootageRange, RequestState, RequestStatus, ShownCredential } from "./request.ts";

export interface Caller {
  readonly userId: UserId;
  readonly roles: readonly Role[];
}
export interface Command {
  /** A repeat with the same id returns the first result. */
  readonly commandId: CommandId;
  readonly caller: Caller;
}

/** From `fromMs` until before `toMs`, UTC ms. */
export type Interval = { readonly fromMs: number; readonly toMs: number };

export interface NewRequest extends Command {
  readonly requester: RequesterKind;
  /** Of everybody who is not own staff; own staff are the caller. */
  readonly person?: RequesterRecord;
  readonly act: RequestedAct;
  readonly material: Material;
  readonly inProceeding: boolean;
  readonly matterId?: string;
  readonly footage?: FootageRange;
  readonly purpose: string;
}

export interface RequestView {
  readonly request: RequestState;
  readonly status: RequestStatus;
  /** Undefined for own staff, and once the body was erased. */
  readonly person?: RequesterRecord;
}

/** What somebody wants to open now. */
export interface Look {
  readonly caller: Caller;
  readonly act: LookRow["act"];
  readonly subject: string;
  readonly reason?: string;
  readonly matterId?: string;
  readonly documentId?: string;
  readonly footage?: FootageRange;
  readonly requestId?: string;
}

export interface Opened {
  readonly basis: NonNullable<LookRow["basis"]>;
  readonly row: EntryRef;
}

export interface SealView {
  readonly matterId: string;
  readonly state: "pending" | "kept";
  readonly sealedBy: string;
  readonly sealedMs: number;
}

export interface AccessDesk {
  /** Throws `access.*`; a refusal by rule carries its article and leaves nothing behind. */
  request(asked: NewRequest): Promise<RequestView>;
  /** Which credentials were shown, each with its scan. Throws `access.credentialsMissing`, `access.wrongState`. */
  checkCredentials(
    asked: Command & { readonly requestId: string; readonly shown: readonly ShownCredential[] },
  ): Promise<RequestView>;
  /** One approval step. Throws `access.notYourOffice`, `access.samePerson`, `access.opinionMissing`. */
  decide(
    asked: Command & { readonly requestId: string; readonly approved: boolean; readonly opinion: string },
  ): Promise<RequestView>;
  /** Keeps what was supplied (the bytes, or the manifest that reproduces them) and writes its row. */
  supply(
    asked: Command & { readonly requestId: string; readonly subject: string; readonly retained: Uint8Array },
  ): Promise<RequestView>;
  /** The requester's receipt 收据 for what was supplied (S0-34). */
  receipt(
    asked: Command & {
      readonly requestId: string;
      readonly signature: ReceiptSignature;
    },
  ): Promise<RequestView>;
  close(
    asked: Command & { readonly requestId: string; readonly how: "done" | "withdrawn" | "returned" },
  ): Promise<RequestView>;
  get(requestId: string): Promise<RequestView>;
  /** As `get`, for one person: throws `access.noSuchRequest` where it is no business of theirs. */
  read(caller: Caller, requestId: string): Promise<RequestView>;
  /** The whole register: everything registered in the interval, newest first. */
  list(interval: Interval): Promise<readonly RequestView[]>;
  /** As `list`, less what is no business of the caller's. */
  listFor(caller: Caller, interval: Interval): Promise<readonly RequestView[]>;
  /** The bytes that were kept with a supply. */
  retained(ref: EntryRef): Promise<Uint8Array>;

  /** The row that `open` would write, for whoever writes it once for a page that refreshes itself. Throws `access.*`. */
  check(look: Look): Promise<LookRow>;
  /** Of a matter, or of the one a paper, record or signature is of; for answers that may not tell that there is a seal. */
  isSealed(matterOrPartId: string): Promise<boolean>;
  /** Throws `access.sealed`. */
  assertNotSealed(matterId: string): Promise<void>;
  /** Writes the row and resolves once it is durable: only then may anything be shown. Throws `access.*`. */
  open(look: Look): Promise<Opened>;

  /** Labels of a matter (`matter/<id>`) or a file (`file/<id>`); an empty list takes them off. */
  label(
    asked: Command & {
      readonly target: string;
      readonly labels: readonly Sensitivity[];
      readonly reason: string;
    },
  ): Promise<void>;
  labelsOf(target: string): Promise<readonly Sensitivity[]>;
  /** Secret material found inside: nobody sees it and its packs stay here until an officer decides. */
  seal(asked: Command & { readonly matterId: string; readonly reason: string }): Promise<void>;
  decideSeal(
    asked: Command & {
      readonly matterId: string;
      readonly decision: "release" | "keep";
      readonly opinion: string;
    },
  ): Promise<void>;
  seals(): Promise<readonly SealView[]>;
  /** Whether one of these sequence ranges holds something of a sealed matter. */
  isWithheld(logId: string, ranges: readonly (readonly [from: number, to: number])[]): Promise<boolean>;
}
