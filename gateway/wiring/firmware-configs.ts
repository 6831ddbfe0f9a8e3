/** Reads the data that ships with the box or lies beside the site file: profiles, calendars, service guide, notices. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Site } from "../config.ts";
import { parseCalendarYear, workingDayCalendar } from "../domain/calendar.ts";
import { type LicenceMatter, parseCatalogue } from "../domain/catalogue.ts";
import type { Profile } from "../domain/profile.ts";
import { parseProfile } from "../domain/profile-file.ts";
import { CodedError } from "../domain/errors.ts";
import type { Calendars, Catalogue, Profiles } from "../intake/ports.ts";

const FOLDER = fileURLToPath(new URL("../../firmware-configs/", import.meta.url));

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CodedError("config.siteUnreadable", { path }, { cause });
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(FOLDER, folder, name));
}

/** The site's profile with its switches, and every other shipped profile under its own version. */
export function readProfiles(site: Site): Profiles {
  const shipped = filesIn("profiles").map((path) => readJson(path));
  const profiles = shipped.map((json) => parseProfile(json));
  const at = profiles.findIndex(({ id }) => id === site.profile);
  if (at < 0) throw new CodedError("config.siteInvalid", { place: "/profile", problem: "no such profile" });
  const current: Profile = parseProfile(shipped[at], site.profileSwitches ?? {});
  const known = [current, ...profiles];
  return {
    current: () => current,
    find: (id, version) => known.find((profile) => profile.id === id && profile.version === version),
  };
}

export function readCalendars(): Calendars {
  const years = filesIn("calendars").map((path) => parseCalendarYear(readJson(path)));
  return { forRegion: (region) => workingDayCalendar(years, region) };
}

export function readCatalogue(path: string): Catalogue {
  const matters: readonly LicenceMatter[] = parseCatalogue(readJson(path));
  return {
    matters: () => matters,
    find: (code, version) =>
      matters.find((matter) => matter.code === code && (version === undefined || matter.version === version)),
  };
}

export interface RecordingNotice {
  readonly version: string;
  readonly text: { readonly zh: string; readonly en: string };
}

export function readRecordingNotice(): RecordingNotice {
  const { version, text } = readJson(join(FOLDER, "notices", "recording.json")) as RecordingNotice;
  return { version, text };
}
