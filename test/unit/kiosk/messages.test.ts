/** Every visible text of the screens goes through `msg` with an id of its own and has an English text. */
import { describe, expect, it } from "vitest";
import { templates as applicant } from "../../../kiosk/text/en-applicant.ts";
import { templates as clerk } from "../../../kiosk/text/en-clerk.ts";
import { shared } from "../../../kiosk/text/en-shared.ts";
import { templates as supervisor } from "../../../kiosk/text/en-supervisor.ts";
import { templates as technician } from "../../../kiosk/text/en-technician.ts";
import { templates as verify } from "../../../kiosk/text/en-verify.ts";
import { type Message, messagesOf, sources } from "./messages.ts";

const FEWEST_MESSAGES = 300;
const HAN = /\p{Script=Han}/u;
const PAGES: Readonly<Record<string, object>> = { applicant, clerk, supervisor, technician, verify };

const parsed = sources().map((source) => ({ file: source.file, ...messagesOf(source) }));
const messages: readonly Message[] = parsed.flatMap((source) => source.messages);
const known = new Set(messages.map(({ id }) => id));

describe("texts of the screens", () => {
  it("are found by this test at all", () => {
    expect(messages.length).toBeGreaterThan(FEWEST_MESSAGES);
  });

  it("have one Chinese text for each id", () => {
    const texts = new Map<string, string>();
    const different = messages.filter(({ id, text }) => {
      const first = texts.get(id) ?? text;
      texts.set(id, first);
      return first !== text;
    });
    expect(different).toEqual([]);
  });

  it("all go through msg, or stand beside their English: no other Chinese is left in the code", () => {
    const outside = parsed.flatMap(({ file, rest }) =>
      rest
        .split("\n")
        .filter((line) => HAN.test(line) && !/^\s*zh: "/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(outside).toEqual([]);
  });

  it("have an English text on every page that shows them", () => {
    const missing = messages.filter(({ id, file }) => {
      const page = PAGES[file.split("/")[0] ?? ""];
      return !(id in (page ?? shared));
    });
    expect(missing.map(({ id, file }) => `${id} in ${file}`)).toEqual([]);
  });

  it("have no English text without a Chinese one", () => {
    const unused = [...Object.values(PAGES), shared].flatMap((texts) =>
      Object.keys(texts).filter((id) => !known.has(id)),
    );
    expect(unused).toEqual([]);
  });

  it("use the same placeholders in both languages", () => {
    const english = new Map<string, unknown>([...Object.values(PAGES), shared].flatMap(Object.entries));
    const placeholders = (text: unknown): number =>
      typeof text === "string" ? 0 : (text as { readonly values: readonly unknown[] }).values.length;
    const different = messages.filter(
      ({ id, text }) => placeholders(english.get(id)) !== (text.match(/\$\{\d+\}/g)?.length ?? 0),
    );
    expect(different.map(({ id }) => id)).toEqual([]);
  });
});
