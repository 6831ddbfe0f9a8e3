/** Every kind of paper is read back: the A4 page from its PDF, the slip from the printer's dots, a tenth of the QR gone. */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOCUMENT_KINDS } from "../../../gateway/domain/document.ts";
import { type DocumentId, seq } from "../../../gateway/domain/ids.ts";
import { dotsPerModule, qrModules } from "../../../gateway/documents/qr.ts";
import { parsePaperCheckpoint } from "../../../gateway/evidence/paper.ts";
import {
  type Damage,
  type Picture,
  damaged,
  readByPages,
  readByZbar,
  readPicture,
  seeded,
} from "../../peers/qr-readers/picture.ts";
import { facts } from "../../unit/documents/facts.ts";
import { type Hall, type PrinterAtHand, actor, openHall, openPrinter } from "./hall.ts";

function installed(): boolean {
  try {
    for (const program of [
      ["pdftoppm", "-v"],
      ["zbarimg", "--version"],
      ["socat", "-V"],
    ] as const)
      execFileSync(program[0], [program[1]], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: reading papers back needs apt-get install poppler-utils zbar-tools socat");
    return false;
  }
}

/** What a tenth of the symbol may lose on any paper without the reader noticing. */
const SURVIVED: readonly Damage[] = ["stain", "corner"];

describe.skipIf(!installed())("the QR of every kind of document", () => {
  let hall: Hall;
  let wide: PrinterAtHand;
  let narrow: PrinterAtHand;
  const issued = new Map<(typeof DOCUMENT_KINDS)[number], { readonly id: DocumentId; readonly qr: string }>();

  beforeAll(async () => {
    hall = await openHall();
    wide = await openPrinter(hall, "virtual-80", { charset: "gb18030" });
    narrow = await openPrinter(hall, "virtual-58");
    for (const kind of DOCUMENT_KINDS) {
      const { id, ref } = await hall.issue(facts[kind]);
      await hall.documents.finish(ref);
      const rendition = (await hall.documents.find(id))?.rendition;
      if (rendition === undefined) throw new Error(`${kind} was not finished`);
      const { qr } = (await hall.store.readRecord({ logId: ref.logId, seq: seq(rendition.seq) })).body.json;
      if (typeof qr !== "string") throw new Error(`${kind} has no QR`);
      expect(parsePaperCheckpoint(qr).index).toBe(ref.seq);
      issued.set(kind, { id, qr });
    }
  }, 60_000);
  afterAll(async () => {
    await wide.close();
    await narrow.close();
    await hall.close();
  });

  /** Both readers take it as it is, and each kind of damage leaves it readable for at least one of them. */
  function expectReadable(name: string, picture: Picture, qr: string): void {
    const found = readByPages(picture);
    expect(found?.text, `${name}, by the pages`).toBe(qr);
    expect([...readByZbar([picture])], `${name}, by zbar`).toContain(qr);
    if (found === undefined) return;
    for (const how of SURVIVED) {
      const hurt = damaged(picture, found.square, how, seeded(name.length));
      const read = readByPages(hurt)?.text === qr || readByZbar([hurt]).has(qr);
      expect(read, `${name}, ${how}`).toBe(true);
    }
  }

  it.each(DOCUMENT_KINDS)("is read from the PDF of a %s at 203 dpi", async (kind) => {
    const { id, qr } = issued.get(kind) ?? { id: undefined, qr: "" };
    if (id === undefined) throw new Error("not issued");
    const folder = join(hall.folder, `pages-${kind}`);
    await mkdir(folder);
    await writeFile(join(folder, "paper.pdf"), (await hall.documents.pdf(id)).bytes);
    execFileSync("pdftoppm", ["-r", "203", "-gray", "-png", join(folder, "paper.pdf"), join(folder, "page")]);
    const pages = (await readdir(folder)).filter((file) => file.endsWith(".png")).sort();
    const pictures = await Promise.all(
      pages.map(async (file) => readPicture(await readFile(join(folder, file)))),
    );
    const withQr = pictures.filter((picture) => readByPages(picture) !== undefined);
    expect(withQr, `${pages.length} pages`).toHaveLength(1);
    for (const picture of withQr) expectReadable(`${kind} on A4`, picture, qr);
  });

  it.each(DOCUMENT_KINDS)("is read from the dots of a %s on 80 and on 58 mm paper", async (kind) => {
    const { id, qr } = issued.get(kind) ?? { id: undefined, qr: "" };
    if (id === undefined) throw new Error("not issued");
    for (const [paper, at] of [
      ["80 mm", wide],
      ["58 mm", narrow],
    ] as const) {
      await hall.documents.print(id, { printer: at.printer, actor });
      expectReadable(`${kind} on ${paper}`, await readPicture((await at.slip()).picture), qr);
    }
  });

  it("is refused where the paper is too narrow for modules that a reader takes", () => {
    const proof = qrModules("A".repeat(1300)).length;
    expect(() => dotsPerModule(proof, 384)).toThrow(RangeError);
    const line = qrModules(issued.get("acceptanceNotice")?.qr ?? "").length;
    expect([dotsPerModule(line, 384), dotsPerModule(line, 576)]).toEqual([4, 4]);
  });
});
