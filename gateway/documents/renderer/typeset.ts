/**
 * Sets a document's content as an A4 PDF/A-2a by typst; runs in the renderer child only.
 * Invariant: bytes follow from content, time of issue, QR and the template version alone.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { HEADING_FAMILIES, TEXT_FAMILIES } from "./fonts.ts";
import type { RenderJob } from "./jobs.ts";

const template = readFileSync(new URL("./a4.typ", import.meta.url), "utf8");
const require = createRequire(import.meta.url);
const engine = (require("@myriaddreamin/typst-ts-node-compiler/package.json") as { version: string }).version;

/** Names template, engine and font list; not the fonts' own versions, which the packages pin. */
export const templateVersion = `a4-${createHash("sha256")
  .update(template)
  .update([...TEXT_FAMILIES, ...HEADING_FAMILIES].join())
  .digest("hex")
  .slice(0, 12)}+typst-${engine}`;

/** A character for which none of the families has a glyph. */
export class CharacterNotShown extends Error {
  readonly characters: readonly string[];
  constructor(characters: readonly string[], options?: ErrorOptions) {
    super("a character has no glyph", options);
    this.name = "CharacterNotShown";
    this.characters = characters;
  }
}

const NO_GLYPH = /could not be displayed with font/;
/** typst keeps memoised results for this many further documents. */
const CACHE_AGE = 10;

/** The compiler quotes a character, or writes it as `\u{10fffd}` where it is no printable one. */
function codePoints(message: string): readonly string[] {
  const quoted = [...message.matchAll(/the text `\\?"(.+?)\\?"` could not/gu)].map((match) => match[1] ?? "");
  const plain = quoted
    .join("")
    .replace(/\\+u\{([0-9a-f]+)\}/g, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  return [...new Set(Array.from(plain))].map((one) => {
    const hex = (one.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `U+${hex.padStart(4, "0")}`;
  });
}

export interface Typesetter {
  /** Throws CharacterNotShown, or Error with the compiler's words (which may quote the document). */
  pdf(job: Extract<RenderJob, { type: "pdf" }>): Uint8Array;
}

export function createTypesetter(): Typesetter {
  const compiler = NodeCompiler.create({});
  return {
    pdf: ({ content, issuedAtMs, qrSvg }) => {
      const compiled = compiler.compile({
        mainFileContent: template,
        inputs: {
          content: JSON.stringify(content),
          families: JSON.stringify(TEXT_FAMILIES),
          headings: JSON.stringify(HEADING_FAMILIES),
          ...(qrSvg === undefined ? {} : { qr: qrSvg }),
        },
      });
      const document = compiled.result;
      if (document === null)
        throw new Error(`typst: ${JSON.stringify(compiled.takeError()?.shortDiagnostics ?? [])}`);
      try {
        return compiler.pdf(document, {
          pdfStandard: "a-2a",
          // Written into the PDF as UTC; the Beijing date stands on the page.
          creationTimestamp: Math.floor(issuedAtMs / 1000),
        });
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        if (NO_GLYPH.test(message)) throw new CharacterNotShown(codePoints(message), { cause });
        throw cause;
      } finally {
        compiler.evictCache(CACHE_AGE);
      }
    },
  };
}
