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

/** Throws `intake.profileInvalid` or `intake.profileLooser`; `intake.profileMissing` when `currentId` has no file. */
export async function loadProfiles(
  folder: string,
  currentId: string,
  switches: Readonly<Record<string, boolean>> = {},
): Promise<LoadedProfiles> {
  const files = await jsonFiles(folder);
  const all = files.map(({ json }) => parseProfile(json));
  const index = all.findIndex((profile) => profile.id === currentId);
  const file = files[index];
  if (file === undefined) throw new CodedError("intake.profileMissing", { id: currentId });
  const current = parseProfile(file.json, switches);
  return {
    all,
    current: () => current,
    find(id, version) {
      const known = files[all.findIndex((profile) => profile.id === id)];
      if (known === undefined) return undefined;
      try {
        const profile = parseProfile(known.json, switchesIn(version));
        return profile.version === version ? profile : undefined;
      } catch (error) {
        // A switch of that version is no longer in the file: the version isn't installed.
        if (error instanceof CodedError) return undefined;
        throw error;
      }
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
