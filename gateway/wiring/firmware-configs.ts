/** Reads the data that ships with the box: the law's part through the intake's loaders, and the recording notice. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../config.ts";
import { CodedError } from "../domain/errors.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../intake/load-rules.ts";
import type { Calendars, Catalogue, Profiles } from "../intake/ports.ts";

const FOLDER = fileURLToPath(new URL("../../firmware-configs/", import.meta.url));

export interface RecordingNotice {
  readonly version: string;
  readonly text: { readonly zh: string; readonly en: string };
}

export interface Rules {
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly catalogue: Catalogue;
  readonly notice: RecordingNotice;
}

/** Throws `intake.profile*` for a profile that can't be used and `config.siteUnreadable` for other data. */
export async function readRules({ site, siteFolder }: Config): Promise<Rules> {
  const profiles = await loadProfiles(join(FOLDER, "profiles"), site.profile, site.profileSwitches ?? {});
  try {
    const notice = join(FOLDER, "notices", "recording.json");
    const { version, text } = JSON.parse(await readFile(notice, "utf8")) as RecordingNotice;
    return {
      profiles,
      calendars: await loadCalendars(join(FOLDER, "calendars")),
      catalogue: await loadCatalogue(join(siteFolder, site.catalogue), site.profile),
      notice: { version, text },
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : "unreadable";
    throw new CodedError("config.siteUnreadable", { path: siteFolder, problem }, { cause });
  }
}
