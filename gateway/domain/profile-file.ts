/**
 * Reads one profile file (already parsed JSON) into a `Profile`: checks that every parameter is there, fills what the
 * regulation leaves open, applies switches. Invariant: whatever is looser than the law is refused, whoever wrote it.
 */
import { CodedError } from "./errors.ts";
import type { Profile, ProfileSwitch, Rule, RuleSource } from "./profile.ts";
import {
  LICENSING_LAW,
  PARAMETERS,
  PARAMETER_KEYS,
  type ParameterKey,
  type ParameterValue,
} from "./profile-parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

const fields = (json: unknown, what: string): Fields => {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new CodedError("intake.profileInvalid", { what, reason: "not an object" });
  return json as Fields;
};
const word = (json: unknown, what: string): string => {
  if (typeof json !== "string" || json === "")
    throw new CodedError("intake.profileInvalid", { what, reason: "not a text" });
  return json;
};
const wording = (json: unknown, what: string): { readonly zh: string; readonly en: string } => {
  const { zh, en } = fields(json, what);
  return { zh: word(zh, `${what}.zh`), en: word(en, `${what}.en`) };
};

function read<Key extends ParameterKey>(key: Key, json: unknown): ParameterValue<Key> {
  const parameter = PARAMETERS[key];
  try {
    return parameter.read(json) as ParameterValue<Key>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    throw new CodedError("intake.profileInvalid", { what: key, reason }, { cause: error });
  }
}

function refuseLooser(key: ParameterKey, value: unknown): void {
  const parameter: { readonly looser?: (value: never) => string | undefined } = PARAMETERS[key];
  const why = parameter.looser?.(value as never);
  if (why !== undefined) throw new CodedError("intake.profileLooser", { parameter: key, reason: why });
}

function silent(key: ParameterKey): Rule<unknown> {
  const parameter: {
    readonly fallback: unknown;
    readonly basis: "national" | "inferred";
    readonly law?: string;
  } = PARAMETERS[key];
  return {
    value: parameter.fallback,
    basis: parameter.basis,
    ...(parameter.law === undefined ? {} : { source: { regulation: LICENSING_LAW, article: parameter.law } }),
  };
}

function source(json: unknown, key: string): RuleSource {
  const { regulation, article } = fields(json, `${key}.source`);
  return { regulation: word(regulation, `${key}.source`), article: word(article, `${key}.source`) };
}

function ruleFrom(key: ParameterKey, json: unknown): Rule<unknown> {
  if (json === null) return silent(key);
  const { value, source: from } = fields(json, key);
  return { value: read(key, value), basis: "regulation", source: source(from, key) };
}

/** A switch that is off puts its own values in the place of the regulation's. */
function applySwitch(
  rules: Map<ParameterKey, Rule<unknown>>,
  name: string,
  json: unknown,
  wanted: boolean | undefined,
): ProfileSwitch {
  const { on, warning, off } = fields(json, name);
  const isOn = wanted ?? on === true;
  if (!isOn)
    for (const [key, value] of Object.entries(fields(off, `${name}.off`))) {
      const known = PARAMETER_KEYS.find((candidate) => candidate === key);
      const rule = known === undefined ? undefined : rules.get(known);
      if (known === undefined || rule?.source === undefined)
        throw new CodedError("intake.profileInvalid", { what: `${name}.off.${key}`, reason: "no such rule" });
      rules.set(known, { value: read(known, value), basis: "switch", source: rule.source, switch: name });
    }
  return { name, on: isOn, warning: wording(warning, `${name}.warning`) };
}

/**
 * `switches` override the file's own settings. Throws `intake.profileInvalid` or `intake.profileLooser`, naming the
 * parameter and the reason.
 */
export function parseProfile(json: unknown, switches: Readonly<Record<string, boolean>> = {}): Profile {
  const file = fields(json, "profile");
  if (file["v"] !== 1) throw new CodedError("intake.profileInvalid", { what: "v", reason: "not 1" });
  const given = fields(file["rules"], "rules");
  for (const key of Object.keys(given))
    if (!PARAMETER_KEYS.some((known) => known === key))
      throw new CodedError("intake.profileInvalid", { what: key, reason: "no such parameter" });
  const rules = new Map<ParameterKey, Rule<unknown>>();
  for (const key of PARAMETER_KEYS) {
    if (!(key in given)) throw new CodedError("intake.profileInvalid", { what: key, reason: "left out" });
    rules.set(key, ruleFrom(key, given[key]));
  }
  const known = fields(file["switches"] ?? {}, "switches");
  for (const name of Object.keys(switches))
    if (!(name in known))
      throw new CodedError("intake.profileInvalid", { what: `switches.${name}`, reason: "no such switch" });
  const applied = Object.entries(known).map(([name, value]) =>
    applySwitch(rules, name, value, switches[name]),
  );
  for (const [key, rule] of rules) refuseLooser(key, rule.value);
  const off = applied.filter((each) => each.on !== (fields(known[each.name], each.name)["on"] === true));
  return {
    id: word(file["id"], "id"),
    version: [
      word(file["version"], "version"),
      ...off.map((each) => `${each.on ? "+" : "-"}${each.name}`),
    ].join(""),
    regulation: word(file["regulation"], "regulation"),
    name: wording(file["name"], "name"),
    switches: applied,
    rule<Key extends ParameterKey>(key: Key): Rule<ParameterValue<Key>> {
      return rules.get(key) as Rule<ParameterValue<Key>>;
    },
  };
}
