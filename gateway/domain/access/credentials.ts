/** What each requester has to show, by profile. Invariant: whoever is not of this house shows at least who they are. */
import type { Profile } from "../profile.ts";
import { type CredentialKind, type RequesterKind, isOfficial } from "./parties.ts";

/** One of each group has to be shown (S3-C-4, C-5; S4-33). */
export function credentialsFor(
  profile: Profile,
  requester: RequesterKind,
): readonly (readonly CredentialKind[])[] {
  const allowed = profile.rule("access.credentials").value;
  if (requester === "staff") return [];
  if (isOfficial(requester)) return [["unitLetter"], ["workCard"]];
  if (requester === "lawyer") return [["lawyerLicence"], ["authorisation"]];
  // S4-33 takes an identity card, a work card or a letter from citizens, companies and organisations alike.
  const identity: readonly CredentialKind[] = allowed.includes("workCard")
    ? ["identityDocument", "workCard", "unitLetter"]
    : ["identityDocument"];
  return requester === "agent" ? [identity, ["authorisation"]] : [identity];
}

/** The groups of which nothing was shown. */
export function missingCredentials(
  wanted: readonly (readonly CredentialKind[])[],
  shown: readonly CredentialKind[],
): readonly (readonly CredentialKind[])[] {
  return wanted.filter((group) => !group.some((kind) => shown.includes(kind)));
}
