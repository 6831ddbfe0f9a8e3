import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentTexts } from "../../../gateway/domain/document-content.ts";
import { DOCUMENT_KINDS } from "../../../gateway/domain/document.ts";
import { parsePaperCheckpoint, checkPaperCheckpoint } from "../../../gateway/evidence/paper.ts";
import { parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { documentContent } from "../../../gateway/documents/content/content.ts";
import { slipLines } from "../../../gateway/documents/slip/build.ts";
import { nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { RARE_NAME, facts } from "../../unit/documents/facts.ts";
import { type Hall, type PrinterAtHand, actor, openHall, openPrinter } from "./hall.ts";
import { strayText } from "./walk.ts";

const PROGRAMS = [
  ["pdftotext", ["-v"]],
  ["zbarimg", ["--version"]],
  ["socat", ["-V"]],
] as const;

function installed(): boolean {
  try {
    for (const [program, args] of PROGRAMS) execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: reading papers back needs apt-get install poppler-utils zbar-tools socat ffmpeg");
    return false;
  }
}

const say = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, {
    encoding: "utf8",
    maxBuffer: 8_388_608,
    stdio: ["ignore", "pipe", "ignore"],
  });

/** Text in the order of the page's content, without the foot of each page. */
function pdfText(file: string, number: string): string {
  const foot = [/第\d+页\s*共\d+页/gu, /Page \d+ of \d+/gu];
  return say("pdftotext", ["-raw", file, "-"])
    .split("\f")
    .map((page) => {
      const last = page.lastIndexOf(number);
      const withoutNumber = last < 0 ? page : page.slice(0, last) + page.slice(last + number.length);
      return foot.reduce((text, pattern) => text.replace(pattern, ""), withoutNumber);
    })
    .join("");
}

describe.skipIf(!installed())("a document on paper", () => {
  let hall: Hall;
  let wide: PrinterAtHand;
  let narrow: PrinterAtHand;

  beforeAll(async () => {
    hall = await openHall();
    wide = await openPrinter(hall, "virtual-80", { charset: "gb18030" });
    narrow = await openPrinter(hall, "virtual-58");
  });
  afterAll(async () => {
    await wide.close();
    await narrow.close();
    await hall.close();
  });

  async function pdfOf(kind: (typeof DOCUMENT_KINDS)[number], lang: "zh" | "en"): Promise<string> {
    const one = facts[kind];
    const { bytes } = await hall.renderer.pdf({
      content: documentContent(one, lang),
      issuedAtMs: one.issuedAtMs,
    });
    const file = join(hall.folder, `${kind}-${lang}.pdf`);
    await writeFile(file, bytes);
    return file;
  }

  it("says the same on the A4 page, on the screen and on the slip, for every kind", async () => {
    for (const kind of DOCUMENT_KINDS)
      for (const lang of ["zh", "en"] as const) {
        const content = documentContent(facts[kind], lang);
        const screen = contentTexts(content, "screen");
        expect(contentTexts(content, "a4")).toEqual(screen);
        const page = pdfText(await pdfOf(kind, lang), facts[kind].number);
        expect(strayText(page, screen, /[·]/gu), `${kind} ${lang} page`).toEqual([]);
        const slip = slipLines(content, { qrPng: new Uint8Array(), printedBefore: 0 })
          .flatMap((line) => {
            if (line.type === "text") return [line.text];
            return line.type === "pair" ? [line.label, line.value] : [];
          })
          .join("\n");
        expect(strayText(slip, contentTexts(content, "slip"), /\//gu), `${kind} ${lang} slip`).toEqual([]);
      }
  });

  it("prints on the slip, byte for byte through the serial port, what the slip has to say", async () => {
    const { id, ref } = await hall.issue(facts.correctionNotice);
    await hall.documents.finish(ref);
    await hall.documents.print(id, { printer: wide.printer, actor });
    const printed = await readFile((await wide.slip()).text, "utf8");
    const pieces = contentTexts(documentContent(facts.correctionNotice, "zh"), "slip");
    const withoutRules = printed.replace(/^-+$/gmu, "").replace(/\[picture \d+x\d+\]/u, "");
    expect(strayText(withoutRules, pieces, /\//gu)).toEqual([]);
    expect(printed).not.toContain("?");
    expect(printed).toContain(RARE_NAME);
  });

  it("has real glyphs for rare names, with every font embedded and every character found again", async () => {
    const file = await pdfOf("correctionNotice", "zh");
    expect(say("pdftotext", ["-raw", file, "-"])).toContain(RARE_NAME);
    const fonts = say("pdffonts", [file]).split("\n").slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/\s+yes\s+yes\s+yes\s+\d+\s+\d+$/u);
    expect(say("pdfinfo", [file])).toMatch(/Tagged:\s+yes/u);
  });

  it(
    proves(["S0-18", "S4-9"], "carries a QR that leads to its entry, on the page and on both slips"),
    async () => {
      const { id, ref } = await hall.issue(facts.acceptanceNotice);
      const finished = await hall.documents.finish(ref);
      const stored = await hall.documents.pdf(id);
      expect(stored.sha256).toBe(finished.sha256);
      const file = join(hall.folder, "final.pdf");
      await writeFile(file, stored.bytes);
      say("pdftoppm", ["-r", "203", "-png", file, join(hall.folder, "final")]);
      const pages = say("sh", ["-c", `ls "${hall.folder}"/final-*.png`])
        .trim()
        .split("\n");
      const scanned = pages.flatMap((page) => {
        try {
          return [say("zbarimg", ["--raw", "-q", page]).trim()];
        } catch {
          return [];
        }
      });
      expect(scanned).toHaveLength(1);
      const paper = parsePaperCheckpoint(scanned[0] ?? "");
      expect(paper.index).toBe(ref.seq);
      const origin = hall.store.logs().find((log) => log.current)?.origin ?? "";
      const key = parseVerifierKey(await hall.signer.vkey(origin));
      expect((await checkPaperCheckpoint(paper, [key], nodeVerify)).state).toBe("good");

      for (const at of [wide, narrow]) {
        await hall.documents.print(id, { printer: at.printer, actor });
        expect(say("zbarimg", ["--raw", "-q", (await at.slip()).picture]).trim()).toBe(scanned[0]);
      }
    },
  );
});
