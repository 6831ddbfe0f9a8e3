/** No paper is shown or printed before its checkpoint: the signer is killed, and nothing comes out until it is back. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { parsePaperCheckpoint } from "../../../gateway/evidence/paper.ts";
import { facts } from "../../unit/documents/facts.ts";
import { type Hall, actor, openHall, openPrinter } from "../../flows/documents/hall.ts";

function hasSocat(): boolean {
  try {
    execFileSync("socat", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: the virtual printer needs socat (apt-get install socat)");
    return false;
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "resolved",
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  );

/** Stops the signer for good: a stopped process answers nobody and is not started anew, as a hung one. */
function hang(hall: Hall): number {
  const { pid } = hall.signer;
  if (pid === undefined) throw new Error("no signer runs");
  process.kill(pid, "SIGSTOP");
  return pid;
}

it.skipIf(!hasSocat())(
  "shows and prints nothing while the signer hangs, and finishes the paper when another one runs",
  async () => {
    const hall = await openHall();
    const desk = await openPrinter(hall, "virtual-80", { charset: "gb18030" });
    try {
      const first = await hall.issue(facts.materialReceipt);
      await hall.documents.finish(first.ref);
      const signer = hang(hall);
      const { id, ref } = await hall.issue(facts.acceptanceNotice);
      let finished = false;
      const finishing = codeOf(hall.documents.finish(ref)).then((code) => {
        finished = true;
        return code;
      });
      // The act itself stands: issued and durable, only its paper waits.
      expect((await hall.documents.find(id))?.number).toBe(facts.acceptanceNotice.number);
      for (const work of [hall.documents.pdf(id), hall.documents.print(id, { printer: desk.printer, actor })])
        expect(await codeOf(work)).toBe("documents.notFinished");
      expect(finished).toBe(false);
      const [log] = hall.store.logs();
      const size = parseCheckpoint(
        parseNote(hall.store.checkpoint(log?.logId ?? ref.logId)?.note ?? "").text,
      ).size;
      expect(size, "the newest checkpoint does not cover the paper").toBeLessThanOrEqual(ref.seq);
      process.kill(signer, "SIGKILL");
      // Whoever waited gets the paper, or is told to come again; then it can be finished.
      if ((await finishing) !== "resolved") await hall.documents.finish(ref);
      const { rendition } = (await hall.documents.find(id)) ?? {};
      if (rendition === undefined) throw new Error("not finished");
      const { qr } = (await hall.store.readRecord(rendition)).body.json;
      expect(parsePaperCheckpoint(typeof qr === "string" ? qr : "")).toMatchObject({ index: ref.seq });
      await hall.documents.print(id, { printer: desk.printer, actor });
      expect((await desk.slip()).text).not.toBe("");
      expect((await hall.documents.find(id))?.prints).toBe(1);
    } finally {
      await desk.close();
      await hall.close();
    }
  },
  60_000,
);
