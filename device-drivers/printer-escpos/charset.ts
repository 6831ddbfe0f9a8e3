/**
 * Which characters a printer's own font can be trusted with; the rest is drawn.
 * Invariant: decided on the very bytes that would be sent, so no replacement character can slip through.
 */
import { commands } from "receiptline";
import type { PrinterProfile } from "./profile.ts";

const { escpos } = commands;
const ENCODING = "gb18030";
const prefixLength = escpos.text("", ENCODING).length;

/** Trail bytes that GB 18030 added to the last row of GBK's region 4; printers' fonts lack them. */
const ADDED_LEAD = 0xfe;
const ADDED_TRAIL = 0x50;
const PRIVATE_USE = /\p{Co}/u;
const HAN = /\p{Script=Han}/u;
const ASCII_PRINTABLE = /^[\x20-\x7e]$/;

function bytesOf(character: string): string {
  return escpos.text(character, ENCODING).slice(prefixLength);
}

function printable(character: string, charset: PrinterProfile["charset"]): boolean {
  if (ASCII_PRINTABLE.test(character)) return true;
  // The receipt language normalises, which turns some compatibility characters of names into others.
  if (character.normalize() !== character || PRIVATE_USE.test(character)) return false;
  const bytes = bytesOf(character);
  const inGbk =
    bytes.length === 2 && (bytes.charCodeAt(0) !== ADDED_LEAD || bytes.charCodeAt(1) < ADDED_TRAIL);
  return inGbk || (charset === "gb18030" && HAN.test(character));
}

/** Whether the printer can set every character of the text by itself. */
export function canPrint(text: string, charset: PrinterProfile["charset"]): boolean {
  return Array.from(text).every((character) => printable(character, charset));
}
