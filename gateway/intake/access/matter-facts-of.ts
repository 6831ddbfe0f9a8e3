/** Gathers what a decision has to know of a matter: own view, case files, other records. */
import type { MatterFacts } from "../../domain/access/matter-facts.ts";
import { CodedError } from "../../domain/errors.ts";
import type { Profile } from "../../domain/profile.ts";
import type { Matters } from "./matter-view.ts";
import type { CaseFiles, OtherMatters, Profiles } from "./ports.ts";

export interface Known {
  readonly facts: MatterFacts;
  /** The one the matter was registered under. */
  readonly profile: Profile;
}

export interface MatterSources {
  readonly matters: Matters;
  readonly caseFiles: CaseFiles;
  readonly otherMatters: OtherMatters;
  readonly profiles: Profiles;
}

/** Footage that belongs to no matter: nobody is on the case, and nothing of it is decided or filed. */
export function noMatter(profile: Profile): Known {
  const facts = { activity: "other", stage: "decided", staff: [], labels: [], seal: "none" } as const;
  return { facts: { ...facts, matterId: "" }, profile };
}

/** Throws `access.noSuchMatter`. */
export async function knownMatter(sources: MatterSources, matterId: string): Promise<Known> {
  const { matters, caseFiles, otherMatters, profiles } = sources;
  const row = await matters.find(matterId);
  const other = row?.profile === undefined ? await otherMatters.find(matterId) : undefined;
  if (row?.profile === undefined && other === undefined) throw new CodedError("access.noSuchMatter");
  const isArchived = await caseFiles.isArchived(matterId);
  const profile = row?.profile === undefined ? undefined : profiles.find(row.profile.id, row.profile.version);
  const lead = other?.lead ?? row?.lead;
  const stage = other?.stage ?? (row?.isDecided === true ? "decided" : "open");
  return {
    facts: {
      matterId,
      activity: other?.activity ?? "permit",
      stage: isArchived ? "archived" : stage,
      staff: other?.staff ?? row?.staff ?? [],
      ...(lead === undefined ? {} : { lead }),
      labels: row?.labels ?? [],
      seal: row?.seal ?? "none",
    },
    profile: profile ?? profiles.current(),
  };
}
