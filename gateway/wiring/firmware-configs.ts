/** Reads the data that ships with the box: the law's part through the intake's loaders, and the recording notice. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../config.ts";
import { CodedError } from "../domain/errors.ts";
import { type MetadataElement, parseMetadataElements } from "../domain/case-files/archival-metadata.ts";
import type { DocumentKinds } from "../domain/records/document-kinds.ts";
import { loadDocumentKinds } from "../intake/records/load-kinds.ts";
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
  /** Every paper of the whole process. */
  readonly kinds: DocumentKinds;
  /** What an archived AV record says of itself. */
  readonly metadata: readonly MetadataElement[];
  readonly notice: RecordingNotice;
}

/** Throws `intake.profile*` for a profile that can't be used and `config.siteUnreadable` for other data. */
export async function readRules({ site, siteFolder }: Config): Promise<Rules> {
  const profiles = await loadProfiles(join(FOLDER, "profiles"), site.profile, site.profileSwitches ?? {});
  try {
    const notice = join(FOLDER, "notices", "recording.json");
    const { version, text } = JSON.parse(await readFile(notice, "utf8")) as RecordingNotice;
    const papers = join(FOLDER, "document-kinds");
    const metadata = await readFile(join(papers, "archival-metadata.json"), "utf8");
    return {
      profiles,
      kinds: await loadDocumentKinds(papers),
      metadata: parseMetadataElements(JSON.parse(metadata)),
      calendars: await loadCalendars(join(FOLDER, "calendars")),
      catalogue: await loadCatalogue(join(siteFolder, site.catalogue), site.profile),
      notice: { version, text },
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : "unreadable";
    throw new CodedError("config.siteUnreadable", { path: siteFolder, problem }, { cause });
  }
}
