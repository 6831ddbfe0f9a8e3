import { array, assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { canPrint } from "../../../device-drivers/printer-escpos/charset.ts";
import {
  parsePrinterProfile,
  shippedPrinterProfile,
} from "../../../device-drivers/printer-escpos/profile.ts";
import { columnsOf, wrapped } from "../../../device-drivers/printer-escpos/wrap.ts";

describe("breaking slip lines", () => {
  it("keeps numbers whole and marks where they belong", () => {
    expect(wrapped("决定自2026年9月18日起受理，另行告知", 16)).toEqual([
      "决定自2026年9月",
      "18日起受理，另行",
      "告知",
    ]);
    expect(wrapped("一式两份存档、申请人", 12)).toEqual(["一式两份存", "档、申请人"]);
    expect(wrapped("依据《许可法》办理", 6)).toEqual(["依据", "《许可", "法》办", "理"]);
  });

  it("loses no character and stays within the paper, whatever the text", () => {
    const character = constantFrom(...Array.from("受理通知书，。（）《》12ab 3-:/𠮷—"));
    assert(
      property(array(character, { maxLength: 80 }), integer({ min: 4, max: 48 }), (characters, columns) => {
        const text = characters.join("");
        const lines = wrapped(text, columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe("the printer's own characters", () => {
  it("trusts GBK to every printer, four-byte Han to those that have them, nothing else to any", () => {
    for (const charset of ["gbk", "gb18030"] as const) {
      expect(canPrint("受理〔2026〕G1-000001号 ￥“”—…", charset)).toBe(true);
      for (const beyond of ["😀", "ئ", "\uE000", "\uF9B5"])
        expect(canPrint(beyond, charset), beyond).toBe(false);
    }
    for (const rare of ["𠮷", "㛃", "䶮", "𬭎", "龴"]) {
      expect(canPrint(rare, "gbk"), rare).toBe(false);
      expect(canPrint(rare, "gb18030"), rare).toBe(true);
    }
  });
});

describe("printer profiles", () => {
  it("reads every profile that ships and names the field that is wrong", () => {
    for (const name of ["virtual-80", "virtual-58", "escpos-80", "escpos-58", "epson-tm-80"])
      expect(shippedPrinterProfile(name).columns).toBeGreaterThan(0);
    expect(() => parsePrinterProfile({ columns: 48 })).toThrow("widthDots");
    expect(() => shippedPrinterProfile("../sites/x")).toThrow("not a name");
    expect(() => shippedPrinterProfile("none")).toThrow("there is no none");
  });
});
