/**
 * Reads the rules that are data: profiles, calendars, published matters. Invariant: a file that is wrong stops the
 * start with its name; nothing half read is ever used.
 */
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { type CalendarYear, parseCalendarYear, workingDayCalendar } from "../domain/calendar.ts";
import { type LicenceMatter, parseCatalogue } from "../domain/catalogue.ts";
import { CodedError } from "../domain/errors.ts";
import type { Profile } from "../domain/profile.ts";
import { parseProfile } from "../domain/profile-file.ts";
import type { Calendars, Catalogue, Profiles } from "./ports.ts";

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RangeError(`${basename(path)} is not JSON`, { cause: error });
  }
}

async function jsonFiles(
  folder: string,
): Promise<readonly { readonly name: string; readonly json: unknown }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();
  return Promise.all(names.map(async (name) => ({ name, json: await readJson(join(folder, name)) })));
}

/** The switches behind a version such as `2026.1-incompleteAsWritten`. */
function switchesIn(version: string): Readonly<Record<string, boolean>> {
  const found = [...version.matchAll(/([+-])([A-Za-z]+)/g)];
  return Object.fromEntries(found.map(([, sign, name]) => [name ?? "", sign === "+"]));
}

export interface LoadedProfiles extends Profiles {
  readonly all: readonly Profile[];
}

/** `2026.2` before `2026.10`. */
function byVersion(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

/**
 * All versions of all profiles in the folder, one file each: the newest version of `currentId` is in force, the older
 * ones stay for the applications that are pinned to them. Throws `intake.profileInvalid` or `intake.profileLooser`;
 * `intake.profileMissing` when `currentId` has no file.
 */
export async function loadProfiles(
  folder: string,
  currentId: string,
  switches: Readonly<Record<string, boolean>> = {},
): Promise<LoadedProfiles> {
  const installed = (await jsonFiles(folder)).map(({ json }) => ({ json, profile: parseProfile(json) }));
  const versions = new Set(installed.map(({ profile }) => `${profile.id}@${profile.version}`));
  if (versions.size !== installed.length)
    throw new CodedError("intake.profileInvalid", { what: "version", reason: "one version twice" });
  const [newest] = installed
    .filter(({ profile }) => profile.id === currentId)
    .toSorted((a, b) => byVersion(b.profile.version, a.profile.version));
  if (newest === undefined) throw new CodedError("intake.profileMissing", { id: currentId });
  const current = parseProfile(newest.json, switches);
  const found = new Map<string, Profile | undefined>();
  const find = (id: string, version: string): Profile | undefined => {
    for (const { json, profile: asInstalled } of installed) {
      if (asInstalled.id !== id || !version.startsWith(asInstalled.version)) continue;
      try {
        const profile = parseProfile(json, switchesIn(version));
        if (profile.version === version) return profile;
      } catch (error) {
        // A switch of that version is no longer in the file: the version isn't installed.
        if (!(error instanceof CodedError)) throw error;
      }
    }
    return undefined;
  };
  return {
    all: installed.map(({ profile }) => profile),
    current: () => current,
    find(id, version) {
      const key = `${id}@${version}`;
      if (!found.has(key)) found.set(key, find(id, version));
      return found.get(key);
    },
  };
}

/** Throws RangeError naming the file that is wrong. */
export async function loadCalendars(
  folder: string,
): Promise<Calendars & { readonly years: readonly CalendarYear[] }> {
  const years = (await jsonFiles(folder)).map(({ name, json }) => {
    try {
      return parseCalendarYear(json);
    } catch (error) {
      throw new RangeError(`${name}: ${error instanceof Error ? error.message : "unreadable"}`, {
        cause: error,
      });
    }
  });
  return { years, forRegion: (region) => workingDayCalendar(years, region) };
}

/** Published matters, all or those a profile offers. Throws RangeError naming what is wrong. */
export async function loadCatalogue(file: string, profileId?: string): Promise<Catalogue> {
  const json = await readJson(file);
  const all = parseCatalogue(json);
  const newest = new Map<string, LicenceMatter>();
  for (const matter of parseCatalogue(json, profileId))
    if ((newest.get(matter.code)?.version ?? 0) < matter.version) newest.set(matter.code, matter);
  return {
    matters: () => [...newest.values()],
    find: (code, version) =>
      version === undefined
        ? newest.get(code)
        : all.find((matter) => matter.code === code && matter.version === version),
  };
}
