/**
 * A jurisdiction profile: every parameter of one authority's regulation, with the article it comes from or the
 * default that stands in where the regulation is silent. Invariant: rules are data; a profile looser than the law
 * can't be built (REGULATIONS 5).
 */
import type { Wording } from "./document.ts";
import type { ParameterKey, ParameterValue } from "./profile-parameters.ts";

/** Where a value comes from, such as `{regulation: "S1", article: "6(4)"}`. */
export type RuleSource = { readonly regulation: string; readonly article: string };

/** A value in force and why. */
export type Rule<Value> =
  | { readonly value: Value; readonly basis: "regulation"; readonly source: RuleSource }
  | { readonly value: Value; readonly basis: "national" | "inferred"; readonly source?: RuleSource }
  /** A switch of the profile was turned off; the regulation's own rule isn't followed. */
  | { readonly value: Value; readonly basis: "switch"; readonly source: RuleSource; readonly switch: string };

/** What a profile warns of at start, with the switch that turns the rule off. */
export type ProfileSwitch = {
  readonly name: string;
  readonly on: boolean;
  readonly warning: Wording;
};

export interface Profile {
  readonly id: string;
  readonly version: string;
  readonly regulation: string;
  readonly name: Wording;
  readonly switches: readonly ProfileSwitch[];
  /** The rule in force for a parameter. */
  rule<Key extends ParameterKey>(key: Key): Rule<ParameterValue<Key>>;
}

/** `S1-6(4)` for a rule of a regulation, the law's article for a national one, nothing for an inferred one. */
export function articleOf(rule: Rule<unknown>): string | undefined {
  if (rule.source === undefined) return undefined;
  const { regulation, article } = rule.source;
  return /^S\d$/.test(regulation) ? `${regulation}-${article}` : `${regulation} ${article}`;
}
