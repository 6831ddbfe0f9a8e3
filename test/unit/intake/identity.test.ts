/** Identity numbers, names and phones as they come over the counter: right ones pass, slips of the pen don't. */
import { assert, nat, pre, property } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isCreditCode,
  isPersonId,
  isPhone,
  isResidentId18,
  maskedName,
  maskedNumber,
  plainName,
  plainNumber,
} from "../../../gateway/domain/identity.ts";

const TODAY = "2026-11-20";

describe("identity numbers", () => {
  it("checks the last digit and the date of birth of an 18-digit number", () => {
    // GB 11643's own example numbers.
    expect(isResidentId18("11010519491231002X", TODAY)).toBe(true);
    expect(isResidentId18("440524188001010014", TODAY)).toBe(true);
    expect(isResidentId18("110105194912310021", TODAY)).toBe(false);
    expect(isResidentId18("11010519490231002X", TODAY)).toBe(false);
    expect(isResidentId18("99010519491231002X", TODAY)).toBe(false);
  });

  it("notices any single wrong digit", () => {
    const number = "11010519491231002X";
    assert(
      property(nat(16), nat(9), (at, digit) => {
        pre(number[at] !== String(digit));
        const wrong = number.slice(0, at) + String(digit) + number.slice(at + 1);
        expect(isResidentId18(wrong, TODAY)).toBe(false);
      }),
    );
  });

  it("takes the old 15-digit form and the other papers of the list", () => {
    expect(isPersonId("residentId", "110105491231002", TODAY)).toBe(true);
    expect(isPersonId("residentId", "110105491331002", TODAY)).toBe(false);
    expect(isPersonId("passport", "E12345678", TODAY)).toBe(true);
    expect(isPersonId("passport", "E1", TODAY)).toBe(false);
    expect(isPersonId("hkMacaoPermit", "H12345678", TODAY)).toBe(true);
    expect(isPersonId("taiwanPermit", "12345678", TODAY)).toBe(true);
    expect(isPersonId("foreignPermanentResident", "USA110090121501", TODAY)).toBe(true);
    expect(isPersonId("hkMacaoTaiwanResidence", "810000199408230021", TODAY)).toBe(true);
    expect(isPersonId("residentId", "810000199408230021", TODAY)).toBe(false);
  });

  it("checks a unified social credit code by GB 32100", () => {
    expect(isCreditCode("91350100M000100Y43")).toBe(true);
    expect(isCreditCode("91350100M000100Y44")).toBe(false);
    expect(isCreditCode("91350100I000100Y43")).toBe(false);
  });

  it("brings typed numbers into one form and never shows more than two characters", () => {
    expect(plainNumber(" １１０１05-19491231 002x ")).toBe("11010519491231002X");
    expect(maskedNumber("11010519491231002X")).toBe("1****************X");
    expect(maskedName("欧阳娜娜")).toBe("欧***");
  });
});

describe("names and phones", () => {
  it("takes names of every people and refuses what is none", () => {
    for (const name of [
      "王芳",
      "阿卜杜拉·买买提",
      "𠮷田",
      "䶮",
      "Anna-Maria O'Neill",
      "北京某某（集团）有限公司",
    ])
      expect(plainName(`  ${name} `)).toBe(name);
    for (const wrong of ["", "   ", "12345", "——", "a\u202eb", "<b>x</b>", "x".repeat(101), "\u0000王"])
      expect(plainName(wrong)).toBeUndefined();
  });

  it("takes mobiles and landlines and refuses the rest", () => {
    for (const phone of ["13800138000", "0335-2022222", "010-12345678", "+85212345678", "12345"])
      expect(isPhone(phone)).toBe(true);
    for (const wrong of ["", "abc", "1380013800", "110110110110110110"]) expect(isPhone(wrong)).toBe(false);
  });
});
