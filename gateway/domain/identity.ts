/**
 * Identity numbers and names as they may come over the counter. Invariant: a number that passes has a right check
 * digit where its kind has one, so a slip of the pen is caught before it is in the record.
 */
import { isCivilDate } from "./calendar.ts";
import type { PersonIdKind } from "./intake/party.ts";

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECK = "10X98765432";
/** First two digits of GB/T 2260, with 81 to 83 for residence permits and 91 for foreigners' cards of 2023. */
const PROVINCES = new Set(
  (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 " +
    "81 82 83 91 92 93 94 95 96 97 98"
  ).split(" "),
);
const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_CODE = /^[0-9A-HJ-NP-RTUWXY]{18}$/;

/** Full-width digits and letters to plain ones, blanks out, upper case. */
export function plainNumber(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
}

function birthDateHolds(digits: string, latest: string): boolean {
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  return isCivilDate(date) && date >= "1850-01-01" && date <= latest;
}

/** 18 digits with ISO 7064 MOD 11-2 check (GB 11643-1999). `today` bounds the date of birth. */
export function isResidentId18(number: string, today: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number) || !PROVINCES.has(number.slice(0, 2))) return false;
  if (!birthDateHolds(number.slice(6, 14), today)) return false;
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return RESIDENT_CHECK[sum % 11] === number[17];
}

/** The 15-digit form of before 1999, still on old papers; it has no check digit. */
export function isResidentId15(number: string, today: string): boolean {
  return (
    /^\d{15}$/.test(number) &&
    PROVINCES.has(number.slice(0, 2)) &&
    birthDateHolds(`19${number.slice(6, 12)}`, today)
  );
}

/** Unified social credit code with its check character (GB 32100-2015). */
export function isCreditCode(code: string): boolean {
  if (!CREDIT_CODE.test(code)) return false;
  let sum = 0;
  let weight = 1;
  for (const character of code.slice(0, 17)) {
    sum += CREDIT_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31] === code[17];
}

/** Whether a number can be one of its kind; `number` as `plainNumber` gives it. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function isPersonId(kind: PersonIdKind, number: string, today: string): boolean {
  switch (kind) {
    case "residentId":
      return (
        (isResidentId18(number, today) && !/^[89]/.test(number.slice(0, 1))) || isResidentId15(number, today)
      );
    case "passport":
      return /^[A-Z0-9]{5,15}$/.test(number) && /\d{4}/.test(number);
    case "hkMacaoPermit":
      return /^[HM]\d{8}(\d{2})?$/.test(number);
    case "taiwanPermit":
      return /^(\d{8}|\d{10}[A-Z]?)$/.test(number);
    case "foreignPermanentResident":
      return (number.startsWith("9") && isResidentId18(number, today)) || /^[A-Z]{3}\d{12}$/.test(number);
    case "hkMacaoTaiwanResidence":
      return /^8[123]/.test(number) && isResidentId18(number, today);
  }
}

const LONGEST_NAME = 100;
const HAS_LETTER = /\p{L}/u;
/** Controls, line breaks, private use and bidirectional overrides: nothing a name is written with. */
const NOT_IN_NAMES = /[\p{Cc}\p{Co}\u2028\u2029\u202a-\u202e\u2066-\u2069<>{}]/u;

/** A name of a person or organisation, blanks at its ends taken off; undefined when it can't be one. */
export function plainName(typed: string): string | undefined {
  const name = typed.normalize("NFC").replace(/\s+/g, " ").trim();
  if (name === "" || Array.from(name).length > LONGEST_NAME) return undefined;
  if (NOT_IN_NAMES.test(name) || !HAS_LETTER.test(name)) return undefined;
  return name;
}

/** Mobile, landline with area code, service numbers, or an international number. */
export function isPhone(typed: string): boolean {
  const digits = typed.normalize("NFKC").replace(/[\s()-]/g, "");
  return /^(1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}|(400|800)\d{7}|1[02]\d{3}|\+\d{7,15})$/.test(digits);
}

/** First and last character with asterisks between: nothing longer ever goes on paper or a public screen. */
export function maskedNumber(number: string): string {
  return number.length <= 2
    ? "*".repeat(number.length)
    : `${number.slice(0, 1)}${"*".repeat(number.length - 2)}${number.slice(-1)}`;
}

/** Surname and asterisks (REGULATIONS 2.6). */
export function maskedName(name: string): string {
  const characters = Array.from(name);
  return `${characters[0] ?? ""}${"*".repeat(Math.max(1, Math.min(characters.length - 1, 3)))}`;
}
