/** Reads the messages out of the kiosk's sources: each `msg(text, { id })`, with the file it stands in. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const KIOSK = join(import.meta.dirname, "../../../kiosk");

export interface Message {
  readonly id: string;
  /** The Chinese text, placeholders written as `${0}`, `${1}` in order. */
  readonly text: string;
  /** Path below kiosk/. */
  readonly file: string;
}

export interface Source {
  readonly file: string;
  /** Without comments. */
  readonly code: string;
}

/** All modules below kiosk/, without the translations themselves. */
export function sources(folder = ""): readonly Source[] {
  return readdirSync(join(KIOSK, folder)).flatMap((name): readonly Source[] => {
    const file = join(folder, name);
    if (name === "dist") return [];
    if (statSync(join(KIOSK, file)).isDirectory()) return sources(file);
    if (!name.endsWith(".ts") || file.startsWith("text/en")) return [];
    const code = readFileSync(join(KIOSK, file), "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/(^|\s)\/\/.*$/gm, "");
    return [{ file, code }];
  });
}

/** End of the bracket that opens at `start`; strings and template literals are stepped over. */
function closing(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    const character = code[at];
    if (character === '"' || character === "`") {
      at += 1;
      while (at < code.length && code[at] !== character) {
        if (code[at] === "\\") at += 1;
        else if (character === "`" && code.startsWith("${", at)) at = closing(code, at + 1);
        at += 1;
      }
    } else if (character === "(" || character === "{" || character === "[") depth += 1;
    else if (character === ")" || character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new Error("a bracket is not closed");
}

function numbered(template: string): string {
  let text = "";
  let index = 0;
  for (let at = 0; at < template.length; at += 1) {
    if (!template.startsWith("${", at)) text += template[at];
    else {
      at = closing(template, at + 1);
      text += `\${${index}}`;
      index += 1;
    }
  }
  return text;
}

/** The calls of `msg` in a source, and the source without them. */
export function messagesOf({ file, code }: Source): {
  readonly messages: readonly Message[];
  readonly rest: string;
} {
  const messages: Message[] = [];
  let rest = "";
  let from = 0;
  for (const call of code.matchAll(/\bmsg\(/g)) {
    const end = closing(code, call.index + 3);
    const inner = code.slice(call.index + 4, end);
    const id = /\bid:\s*"([^"]+)"/.exec(inner)?.[1];
    const plain = /^\s*"((?:[^"\\]|\\.)*)"/.exec(inner)?.[1];
    const template = /^\s*str`([\s\S]*)`\s*,/.exec(inner)?.[1];
    const text = plain ?? (template === undefined ? undefined : numbered(template));
    if (id === undefined || text === undefined)
      throw new Error(`${file}: a message without id or text: ${inner}`);
    messages.push({ id, text, file });
    if (call.index >= from) rest += code.slice(from, call.index);
    from = Math.max(from, end + 1);
  }
  return { messages, rest: rest + code.slice(from) };
}
