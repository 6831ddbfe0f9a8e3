/** The digital receipt of a real document, also for a program that is not ours, and what anybody is told of a paper. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DocumentFacts } from "../../../gateway/domain/document.ts";
import type { DocumentId, EntryRef } from "../../../gateway/domain/ids.ts";
import { sha256Of } from "../../../gateway/documents/finish.ts";
import { verdictOnPaper } from "../../../gateway/evidence/paper-verdict.ts";
import { parsePaperCheckpoint } from "../../../gateway/evidence/paper.ts";
import { formatReceipt, parseReceipt } from "../../../gateway/evidence/receipt.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { facts } from "../../unit/documents/facts.ts";
import { type Hall, openHall } from "./hall.ts";

const run = promisify(execFile);
const CHECK = new URL("../../peers/tlog-proof/check.go", import.meta.url).pathname;

function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    if (existsSync("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")) return true;
  } catch {
    // Said below: a skip must be seen.
  }
  console.warn("SKIPPED: Go's note and tlog need apt-get install golang-go golang-golang-x-mod-dev");
  return false;
}

interface Issued {
  readonly id: DocumentId;
  readonly ref: EntryRef;
  readonly qr: string;
  readonly receipt: string;
  readonly pdf: Uint8Array;
}

let hall: Hall;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

async function issue(of: DocumentFacts, matter?: string): Promise<Issued> {
  const { id, ref } = await hall.issue(of, matter);
  await hall.documents.finish(ref);
  const rendition = (await hall.documents.find(id))?.rendition;
  if (rendition === undefined) throw new Error("not finished");
  const { qr } = (await hall.store.readRecord(rendition)).body.json;
  const { bytes } = await hall.documents.pdf(id);
  return {
    id,
    ref,
    qr: typeof qr === "string" ? qr : "",
    receipt: await hall.documents.receipt(id),
    pdf: bytes,
  };
}
const check = (text: string, pdf?: Uint8Array) =>
  hall.documents.check({ text, ...(pdf === undefined ? {} : { pdfSha256: sha256Of(pdf) }) }, async (matter) =>
    hall.told.sealed.has(matter),
  );

describe("the digital receipt", () => {
  it("proves entry and PDF offline, to nobody but the log's key", async () => {
    const { receipt, pdf } = await issue(facts.acceptanceNotice);
    const keys = hall.store.logs().flatMap(({ origin }) => hall.signer.vkeys(origin));
    const trust = { keys, sha256: nodeSha256, verify: nodeVerify };
    expect(await verdictOnPaper({ text: receipt, pdf }, trust)).toMatchObject({
      result: "genuine",
      pdf: "same",
      number: facts.acceptanceNotice.number,
    });
    expect(receipt).not.toContain(facts.acceptanceNotice.applicant.name);
  });

  it.skipIf(!hasGo())(
    "is accepted by Go's note and tlog, and refused once a bit is changed",
    async () => {
      const { receipt, ref } = await issue(facts.correctionNotice);
      const program = join(hall.folder, "check");
      await run("go", ["build", "-o", program, CHECK], {
        env: {
          ...process.env,
          GO111MODULE: "off",
          GOFLAGS: "",
          GOPATH: "/usr/share/gocode",
          GOCACHE: join(hall.folder, "gocache"),
        },
      });
      const [log] = hall.store.logs();
      const vkey = await hall.signer.vkey(log?.origin ?? "");
      const file = join(hall.folder, "one.tlog-proof");
      const said = async (text: string): Promise<string> => {
        await writeFile(file, text);
        return run(program, [file, vkey]).then(
          ({ stdout }) => stdout,
          (error: { stdout: string }) => error.stdout,
        );
      };
      expect(await said(receipt)).toMatch(new RegExp(`^OK ${log?.origin} ${ref.seq} of \\d+\n$`));
      const parts = parseReceipt(receipt);
      const other = { ...parts.document, index: parts.document.index - 1 };
      expect(await said(formatReceipt({ ...parts, document: other }))).toMatch(/^FAIL/);
      const bytes = parts.document.bytes.slice();
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      expect(await said(formatReceipt({ ...parts, document: { ...parts.document, bytes } }))).toMatch(
        /^FAIL/,
      );
    },
    120_000,
  );

  it("takes the newest checkpoint that a witness has cosigned, where that covers the paper", async () => {
    const { id, receipt } = await issue(facts.materialReceipt);
    const own = parseReceipt(receipt).checkpoint;
    const [log] = hall.store.logs();
    if (log === undefined) throw new Error("no log");
    const newest = hall.store.checkpoint(log.logId)?.note ?? "";
    hall.told.cosigned = `${newest}— witness.example/w1 AAAAAQAAAAAAAAAA\n`;
    expect(parseReceipt(await hall.documents.receipt(id)).checkpoint.signatures).toHaveLength(
      own.signatures.length + 1,
    );
    hall.told.cosigned = undefined;
  });
});

describe("what anybody is told of a paper", () => {
  it("is what the paper says, for its QR and for its receipt, whatever the scanner made of it", async () => {
    const { qr, receipt, pdf } = await issue(facts.acceptanceNotice);
    const genuine = {
      result: "genuine",
      kind: "acceptanceNotice",
      title: facts.acceptanceNotice.title,
      number: facts.acceptanceNotice.number,
      issuedMs: facts.acceptanceNotice.issuedAtMs,
      standing: "current",
      duplicates: false,
      pdf: "unknown",
    };
    expect(await check(qr)).toEqual(genuine);
    expect(await check(` ${qr.toLowerCase()}\r\n`)).toEqual(genuine);
    expect(await check(receipt, pdf)).toEqual({ ...genuine, pdf: "same" });
    expect(await check(qr, new Uint8Array(3))).toEqual({ result: "altered", why: "pdf" });
    expect(JSON.stringify(await check(qr))).not.toContain(facts.acceptanceNotice.applicant.name);
  });

  it("says when it is superseded, void or one of several slips", async () => {
    const { id, qr } = await issue(facts.correctionNotice);
    for (const standing of ["superseded", "voided"] as const) {
      hall.told.standings.set(id, standing);
      expect(await check(qr)).toMatchObject({ result: "genuine", standing });
    }
  });

  it("tells nothing while the matter is sealed, and strangers not even that", async () => {
    const matter = "a-2";
    const { ref, qr, receipt, pdf } = await issue(facts.acceptanceNotice, matter);
    const theirs = await issue(facts.nonAcceptanceNotice);
    const before = await check(theirs.qr);
    hall.told.sealed.add(matter);
    const nothing = { result: "cannotTell", why: "notFinished" };
    // The same words whatever is shown: neither the right PDF nor a wrong one makes a difference.
    for (const shown of [undefined, pdf, new Uint8Array(3)]) {
      expect(await check(qr, shown)).toEqual(nothing);
      expect(await check(receipt, shown)).toEqual(nothing);
    }
    const moved = theirs.qr.replace(/\.[0-9A-Z]+\./, `.${ref.seq.toString(36).toUpperCase()}.`);
    expect(await check(moved)).toEqual({ result: "altered", why: "notThisPaper" });
    expect(await check(theirs.qr)).toEqual(before);
    hall.told.sealed.delete(matter);
    expect(await check(qr)).toMatchObject({ result: "genuine" });
  });

  it("tells nothing of another document to who moves the index or builds a receipt from the public log", async () => {
    const mine = await issue(facts.acceptanceNotice);
    const theirs = await issue(facts.nonAcceptanceNotice);
    const { size } = parsePaperCheckpoint(theirs.qr);
    const notThisPaper = { result: "altered", why: "notThisPaper" };
    const moved = theirs.qr.replace(/\.[0-9A-Z]+\./, `.${mine.ref.seq.toString(36).toUpperCase()}.`);
    expect(parsePaperCheckpoint(moved)).toMatchObject({ size, index: mine.ref.seq });
    expect(await check(moved)).toEqual(notThisPaper);
    const noDocument = mine.qr.replace(/\.[0-9A-Z]+\./, ".0.");
    expect(await check(noDocument)).toEqual(notThisPaper);
    const { rendition, ...fromThePublicLog } = parseReceipt(theirs.receipt);
    expect(await check(formatReceipt(fromThePublicLog))).toEqual(notThisPaper);
    if (rendition === undefined) throw new Error("no rendition");
    const guessed = { ...rendition, record: rendition.record.map((byte, i) => (i < 32 ? 0 : byte)) };
    expect(await check(formatReceipt({ ...fromThePublicLog, rendition: guessed }))).toEqual(notThisPaper);
  });

  it("says that it can't tell of a stranger's QR, and raises an alarm when a paper proves another history", async () => {
    const { qr } = await issue(facts.acceptanceNotice);
    const other = await openHall();
    try {
      expect(await other.documents.check({ text: qr }, async () => false)).toEqual({
        result: "cannotTell",
        why: "noKey",
      });
      const keys = hall.store.logs().flatMap(({ origin }) => hall.signer.vkeys(origin));
      // The same origin and a known key, but not this tree: as after a disk that went back in time.
      other.told.moreKeys.push(...keys);
      expect(await other.documents.check({ text: qr }, async () => false)).toEqual({
        result: "cannotTell",
        why: "logDisagrees",
      });
      expect(other.told.disagreements).toEqual([hall.store.logs()[0]?.origin]);
    } finally {
      await other.close();
    }
  });

  it("stays an answer after the text was erased: destroyed by law, and still proven", async () => {
    const { qr, id, ref, receipt } = await issue(facts.serviceReceipt);
    const rendition = (await hall.documents.find(id))?.rendition;
    if (rendition === undefined) throw new Error("not finished");
    await hall.store.erase({
      logId: ref.logId,
      ranges: [[ref.seq, rendition.seq + 1]],
      of: "all",
      basis: "list-2026-1",
    });
    const { t } = await hall.store.readEntry(ref);
    for (const text of [qr, receipt, await hall.documents.receipt(id)])
      expect(await check(text)).toEqual({ result: "erased", issuedMs: t });
    expect(parseReceipt(await hall.documents.receipt(id)).rendition).toBeUndefined();
  });
});
