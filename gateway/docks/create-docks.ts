/** Puts the dock path together. Register it before the store catches up, call `recover` after. */
import { CodedError } from "../domain/errors.ts";
import { announce } from "./announce.ts";
import type { Docks } from "./docks.ts";
import { dockViews, retainedMessages } from "./dock-views.ts";
import { Row } from "./facts.ts";
import { chunkBytes, chunkEntries } from "./file-bytes.ts";
import { attemptOf } from "./finish-upload.ts";
import { currentCustody, custodyHistory, handOver } from "./hand-over.ts";
import { InTurn } from "./in-turn.ts";
import type { Inside } from "./inside.ts";
import { under } from "./keys.ts";
import { labelFile, labelWords } from "./label-file.ts";
import { docksProjection } from "./projection.ts";
import { receiveReport } from "./receive-report.ts";
import { listFiles, listUnlabelled, storedFile } from "./stored-files.ts";
import { addChunk, finishLeftOvers, uploadState } from "./upload.ts";
import { considerWipe, outstandingCommands } from "./wipe.ts";

export interface DocksPorts extends Omit<Inside, "table" | "inTurn" | "background"> {
  /** Hears of failures that no caller waits for; `what` is a word, never personal data. */
  readonly problem: (what: string, cause: unknown) => void;
}

export function createDocks(ports: DocksPorts): Docks {
  const { problem, ...rest } = ports;
  const running = new Set<Promise<unknown>>();
  const inside: Inside = {
    ...rest,
    table: ports.views.register(docksProjection),
    inTurn: new InTurn(),
    background(what, work) {
      const settled = work.catch((cause: unknown) => {
        if (!(cause instanceof CodedError && cause.code === "docks.closed")) problem(what, cause);
      });
      running.add(settled);
      void settled.finally(() => running.delete(settled));
    },
  };
  return {
    report: (report) => receiveReport(inside, report),
    announce: (announcement) => announce(inside, announcement),
    uploadState: (dock, id) => uploadState(inside, dock, id),
    addChunk: (dock, id, offset, bytes) => addChunk(inside, dock, { id, offset, bytes }),
    files: (page) => listFiles(inside, page),
    file: (id) => storedFile(inside, id),
    unlabelled: (page) => listUnlabelled(inside, page),
    label: (command) => labelFile(inside, command),
    handOver: (command) => handOver(inside, command),
    custody: () => currentCustody(inside),
    custodyHistory: (camera) => custodyHistory(inside, camera),
    docks: () => dockViews(inside),
    outstanding: (dock) => outstandingCommands(inside, dock),
    retained: () => retainedMessages(inside),
    async entriesOf(id) {
      const file = await storedFile(inside, id);
      if (file === undefined) return [];
      return [file.ref, ...(await chunkEntries(inside, id)), ...(await labelWords(inside, id))];
    },
    async *bytes(id) {
      const attempt = await attemptOf(inside, id);
      if (attempt === undefined) throw new CodedError("docks.noSuchFile");
      yield* chunkBytes(inside, id, attempt);
    },
    async recover() {
      await finishLeftOvers(inside);
      for (const [, card] of await inside.table.range(under("card")))
        await considerWipe(inside, new Row(card).text("camera"));
    },
    async close() {
      await inside.inTurn.close();
      await Promise.all(running);
    },
  };
}
