/**
 * `npm run profile-check`: lists what every installed profile says, from which article, and where its regulation is
 * silent and a default stands in. Ends with status 1 when a file is wrong or looser than the law.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodedError } from "../domain/errors.ts";
import { type Profile, articleOf } from "../domain/profile.ts";
import { PARAMETER_KEYS } from "../domain/profile-parameters.ts";
import { loadProfiles } from "../intake/load-rules.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../../firmware-configs/profiles");
const KEY_WIDTH = 34;
const VALUE_WIDTH = 44;

function lines(profile: Profile): readonly string[] {
  const rows = PARAMETER_KEYS.map((key) => {
    const rule = profile.rule(key);
    const value = JSON.stringify(rule.value);
    const shown = value.length > VALUE_WIDTH ? `${value.slice(0, VALUE_WIDTH - 1)}…` : value;
    const from =
      rule.basis === "regulation"
        ? (articleOf(rule) ?? "")
        : `silent, ${rule.basis} ${articleOf(rule) ?? ""}`;
    return `  ${key.padEnd(KEY_WIDTH)} ${shown.padEnd(VALUE_WIDTH)} ${from.trim()}`;
  });
  const spoken = PARAMETER_KEYS.filter((key) => profile.rule(key).basis === "regulation").length;
  return [
    `${profile.regulation} ${profile.id} ${profile.version}  ${profile.name.zh}`,
    ...profile.switches.map(
      (each) => `  switch ${each.name} is ${each.on ? "on" : "off"}: ${each.warning.zh}`,
    ),
    ...rows,
    `  says ${spoken} of ${PARAMETER_KEYS.length}, silent on ${PARAMETER_KEYS.length - spoken}`,
    "",
  ];
}

try {
  const { all } = await loadProfiles(process.argv[2] ?? FOLDER, process.argv[3] ?? "changli-mr");
  for (const profile of all) console.log(lines(profile).join("\n"));
} catch (error) {
  const said =
    error instanceof CodedError ? `${error.message} ${JSON.stringify(error.details)}` : String(error);
  console.error(said);
  process.exitCode = 1;
}
