/** The profile's numbers for footage from docks, in the dock path's terms, each with its article. */
import { type IngestRules, LABEL_NAMES, READINESS_CHECKS } from "../docks/ports.ts";
import { type Profile, articleOf } from "../domain/profile.ts";

/** A body camera's clock that is off by more makes its times suspect; no regulation gives a number. */
const CLOCK_SUSPECT_MS = 60_000;
const HOURS_24 = 24;

export function ingestRules(profile: Profile): IngestRules {
  const limit = profile.rule("ingest.limit");
  const prompt = profile.rule("ingest.prompt");
  const labels = profile.rule("ingest.mandatoryLabels");
  const preUse = profile.rule("device.preUseCheck");
  return {
    limit: limit.value === "24h" ? { hours: HOURS_24 } : limit.value === "sameDay" ? "sameDay" : null,
    limitArticle: articleOf(limit) ?? null,
    ...(prompt.value === "prompt"
      ? { prompt: { hours: profile.rule("ingest.promptHours").value, article: articleOf(prompt) ?? null } }
      : {}),
    mandatoryLabels: LABEL_NAMES.filter((name) => labels.value.includes(name)),
    labelsArticle: articleOf(labels) ?? null,
    preUseCheck: READINESS_CHECKS.filter((name) => preUse.value.includes(name)),
    preUseArticle: articleOf(preUse) ?? null,
    clockSuspectMs: CLOCK_SUSPECT_MS,
  };
}
