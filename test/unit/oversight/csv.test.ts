/** CSV that a spreadsheet opens as it is, and that runs nothing, whatever was typed into it. */
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { csvOf } from "../../../gateway/domain/oversight/csv.ts";

const text = (rows: Parameters<typeof csvOf>[0]): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(csvOf(rows));

describe("CSV", () => {
  it("starts with a BOM, quotes every field and ends lines as RFC 4180 has it", () => {
    expect(
      text([
        ["a", 'b"c'],
        [1, "d,e\nf"],
      ]),
    ).toBe('\uFEFF"a","b""c"\r\n"1","d,e\nf"\r\n');
  });
  it("lets no field start a formula", () => {
    for (const evil of ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
      expect(text([[evil]])).toBe(`\uFEFF"'${evil}"\r\n`);
    for (const plain of ["-12.5", "3", "王=芳"]) expect(text([[plain]])).toBe(`\uFEFF"${plain}"\r\n`);
    assert(
      property(string({ unit: "binary" }), (typed) => {
        const cell = text([[typed]]).slice(2, -3);
        expect(/^\s*[=+@\t]/u.test(cell)).toBe(false);
      }),
    );
  });
});
