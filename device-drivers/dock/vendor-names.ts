/**
 * Reads what a vendor's file name claims, by the patterns in `firmware-configs/docks`. Invariant: a claim is never
 * more than a claim, and a name that fits no pattern is no error.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface VendorNameClaim {
  readonly deviceSerial?: string;
  readonly officer?: string;
  /** Device clock, UTC ms. */
  readonly deviceStartMs?: number;
}

export interface VendorNames {
  parse(fileName: string): VendorNameClaim | undefined;
}

const FOLDER = fileURLToPath(new URL("../../firmware-configs/docks/", import.meta.url));
const BEIJING_OFFSET_MS = 8 * 3_600_000;
const LONGEST_NAME = 255;

/** Throws when a file in the folder is not of the form of `firmware-configs/schema/dock.schema.json`. */
export function loadVendorNames(folder: string = FOLDER): VendorNames {
  const patterns = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => readPatterns(JSON.parse(readFileSync(`${folder}${name}`, "utf8")), name));
  return {
    parse(fileName) {
      if (fileName.length > LONGEST_NAME) return undefined;
      for (const pattern of patterns) {
        const groups = pattern.exec(fileName)?.groups;
        if (groups !== undefined) return readClaim(groups);
      }
      return undefined;
    },
  };
}

function readPatterns(raw: unknown, name: string): RegExp[] {
  if (typeof raw !== "object" || raw === null || !("fileNames" in raw) || !Array.isArray(raw.fileNames))
    throw new TypeError(`${name}: fileNames is not a list`);
  return raw.fileNames.map((pattern) => new RegExp(String(pattern)));
}

function readClaim(groups: Readonly<Record<string, string | undefined>>): VendorNameClaim {
  const deviceStartMs = readTime(groups["time"]);
  return {
    ...(groups["serial"] === undefined ? {} : { deviceSerial: groups["serial"] }),
    ...(groups["officer"] === undefined ? {} : { officer: groups["officer"] }),
    ...(deviceStartMs === undefined ? {} : { deviceStartMs }),
  };
}

/** `YYYYMMDDhhmmss` in Beijing; undefined for a moment that does not exist, such as month 13. */
function readTime(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? "");
  if (parts === null) return undefined;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.000Z`;
  const civil = new Date(iso);
  if (Number.isNaN(civil.getTime()) || civil.toISOString() !== iso) return undefined;
  return civil.getTime() - BEIJING_OFFSET_MS;
}
