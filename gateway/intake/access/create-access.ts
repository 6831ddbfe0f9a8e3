/** Puts viewing and copying together over one store. To be called before the store catches up: it registers views. */
import { applicationId } from "../../domain/ids.ts";
import type { Clock } from "../../domain/time.ts";
import { inTurn } from "../in-turn.ts";
import type { AccessDesk, Look, Opened } from "./access-desk.ts";
import { matterProjection, mattersOf } from "./matter-view.ts";
import { basisOf } from "./open-look.ts";
import type {
  Append,
  CaseFiles,
  FootageRefs,
  Ledger,
  LogReader,
  LookRow,
  OtherMatters,
  Profiles,
  Random,
  UploadRefs,
  Views,
} from "./ports.ts";
import { requestBook } from "./request-book.ts";
import { requestCommands } from "./request-commands.ts";
import { requestProjection, requestsOf } from "./request-view.ts";
import { sealsOf } from "./seals.ts";
import { writeInto } from "./write.ts";

export interface AccessOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly ledger: Ledger;
  readonly caseFiles: CaseFiles;
  readonly otherMatters: OtherMatters;
  readonly footage: FootageRefs;
  readonly uploads: UploadRefs;
}

export function createAccess(options: AccessOptions): AccessDesk {
  const { append, reader, views, clock, random } = options;
  const requests = requestsOf(views.register(requestProjection));
  const matters = mattersOf(views.register(matterProjection));
  const sources = { ...options, matters, requests, wallMs: () => clock.wallMs() };
  const turns = inTurn();
  const write = writeInto(append, views);
  const book = requestBook({ ...sources, reader });

  async function rowOf(look: Look): Promise<LookRow & Pick<Opened, "basis">> {
    const { basis, matters: reached } = await basisOf(sources, look);
    const { caller, act, subject, reason, footage, requestId } = look;
    const matterId = reached.find((id) => id !== "");
    return {
      by: caller.userId,
      act,
      subject,
      basis,
      ...(reason === undefined ? {} : { reason }),
      ...(matterId === undefined ? {} : { applicationId: applicationId(matterId) }),
      ...(footage === undefined ? {} : { fromMs: footage.fromMs, toMs: footage.toMs }),
      ...(requestId === undefined ? {} : { requestId }),
    };
  }

  return {
    ...requestCommands(sources, { reader, clock, random, book, write, turns }),
    ...book.reading,
    ...sealsOf(sources, { write, turns }),
    check: (look) => rowOf(look),
    async open(look) {
      const row = await rowOf(look);
      return { basis: row.basis, row: await options.ledger.record(row) };
    },
  };
}
