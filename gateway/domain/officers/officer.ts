/**
 * Officers as the registry knows them: enforcement certificate 行政执法证, section, training; and what each may be
 * named on. Invariant: an assistant never counts as certified, whatever number is written beside the name (S0-4).
 */
import { type CivilDate, beijingDate } from "../time.ts";
import { isCivilDate } from "../calendar.ts";
import { CodedError } from "../errors.ts";
import { plainName, plainNumber } from "../identity.ts";
import { type UserId, userId } from "../ids.ts";
import { type Profile, articleOf } from "../profile.ts";

/** `assistant` 辅助人员 helps and is never the recorder (S0-4). */
export const OFFICER_KINDS = ["officer", "assistant"] as const;
export type OfficerKind = (typeof OFFICER_KINDS)[number];

export type OfficerCertificate = {
  readonly certNo: string;
  readonly validFrom: CivilDate;
  readonly validTo: CivilDate;
};

export type Training = {
  readonly topic: string;
  readonly on: CivilDate;
  readonly hours: number;
};

export type OfficerFields = {
  /** The account's id where the person has one: one person, one id. */
  readonly officerId: UserId;
  readonly name: string;
  readonly kind: OfficerKind;
  readonly section: string;
  readonly certificate?: OfficerCertificate;
};

export type Officer = OfficerFields & {
  readonly active: boolean;
  readonly training: readonly Training[];
};

/** How a certificate stands on a day. */
export type Standing = "certified" | "assistant" | "none" | "notYetValid" | "expired" | "left";

const LONGEST_TEXT = 120;
const CERT_NO = /^[0-9A-Z（）()-]{4,32}$/;
const MOST_HOURS = 1000;

function text(typed: string, field: string): string {
  const plain = typed.normalize("NFKC").trim();
  if (plain === "" || plain.length > LONGEST_TEXT || /\p{C}/u.test(plain))
    throw new CodedError("officers.badField", { field });
  return plain;
}

function date(typed: string, field: string): CivilDate {
  if (!isCivilDate(typed)) throw new CodedError("officers.badField", { field });
  return typed;
}

/** As typed at the screen or in a table. */
export type OfficerTyped = {
  readonly officerId: string;
  readonly name: string;
  readonly kind: string;
  readonly section: string;
  readonly certNo?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
};

/** Brings what was typed into one form. Throws `officers.badField` naming the field, `officers.assistantCertificate`. */
export function checkedOfficer(typed: OfficerTyped): OfficerFields {
  let officerId: UserId;
  try {
    officerId = userId(typed.officerId.trim());
  } catch (cause) {
    throw new CodedError("officers.badField", { field: "officerId" }, { cause });
  }
  const name = plainName(typed.name);
  if (name === undefined) throw new CodedError("officers.badField", { field: "name" });
  const kind = OFFICER_KINDS.find((known) => known === typed.kind);
  if (kind === undefined) throw new CodedError("officers.badField", { field: "kind" });
  const fields = { officerId, name, kind, section: text(typed.section, "section") };
  const { certNo = "", validFrom = "", validTo = "" } = typed;
  if (certNo.trim() === "") {
    if (validFrom !== "" || validTo !== "") throw new CodedError("officers.badField", { field: "certNo" });
    return fields;
  }
  if (kind === "assistant") throw new CodedError("officers.assistantCertificate", { field: "certNo" });
  const plain = plainNumber(certNo);
  if (!CERT_NO.test(plain)) throw new CodedError("officers.badField", { field: "certNo" });
  const from = date(validFrom, "validFrom");
  const to = date(validTo, "validTo");
  if (to < from) throw new CodedError("officers.badField", { field: "validTo" });
  return { ...fields, certificate: { certNo: plain, validFrom: from, validTo: to } };
}

/** Throws `officers.badField`; a training lies in the past. */
export function checkedTraining(
  typed: { readonly topic: string; readonly on: string; readonly hours: number },
  today: CivilDate,
): Training {
  const on = date(typed.on, "on");
  if (on > today) throw new CodedError("officers.badField", { field: "on" });
  if (!Number.isFinite(typed.hours) || typed.hours <= 0 || typed.hours > MOST_HOURS)
    throw new CodedError("officers.badField", { field: "hours" });
  return { topic: text(typed.topic, "topic"), on, hours: typed.hours };
}

export function standingOn(officer: Officer, day: CivilDate): Standing {
  if (!officer.active) return "left";
  if (officer.kind === "assistant") return "assistant";
  if (officer.certificate === undefined) return "none";
  if (day < officer.certificate.validFrom) return "notYetValid";
  return day > officer.certificate.validTo ? "expired" : "certified";
}

/** An officer as named on an act, with the certificate as it stood then. */
export type NamedOfficer = {
  readonly officerId: UserId;
  readonly name: string;
  readonly certNo?: string;
  readonly standing: Standing;
};

export function namedOn(officer: Officer, wallMs: number): NamedOfficer {
  const standing = standingOn(officer, beijingDate(wallMs));
  return {
    officerId: officer.officerId,
    name: officer.name,
    standing,
    ...(standing === "certified" && officer.certificate !== undefined
      ? { certNo: officer.certificate.certNo }
      : {}),
  };
}

export type ActPlace = "counter" | "field";

/**
 * Who has to be named on an act. Gives warnings where the profile warns only; throws `officers.tooFew` for a field act
 * with fewer different people than the profile's number, `officers.certificateNeeded` where it refuses (S0-4, S4-6),
 * `officers.credentialsNotShown` where the showing has to be recorded (S0-11, S1-9, S2-7, S3-A-12, S4-7).
 */
export function checkNamed(
  act: {
    readonly place: ActPlace;
    readonly officers: readonly NamedOfficer[];
    readonly credentialsShown: boolean;
  },
  profile: Profile,
): readonly string[] {
  const rule =
    act.place === "field"
      ? profile.rule("officers.minCount.field")
      : profile.rule("officers.minCount.counter");
  const different = new Set(act.officers.map(({ officerId }) => officerId));
  const article = (source: Parameters<typeof articleOf>[0]): { readonly article?: string } => {
    const found = articleOf(source);
    return found === undefined ? {} : { article: found };
  };
  if (different.size < rule.value)
    throw new CodedError("officers.tooFew", { needed: rule.value, named: different.size, ...article(rule) });
  const shown = profile.rule("officers.recordCertShown");
  if (act.place === "field" && shown.value && !act.credentialsShown)
    throw new CodedError("officers.credentialsNotShown", article(shown));
  const uncertified = act.officers.filter(({ standing }) => standing !== "certified");
  if (uncertified.length === 0) return [];
  const required = profile.rule("officers.certRequired");
  if (required.value === "refuse")
    throw new CodedError("officers.certificateNeeded", {
      officers: uncertified.map(({ officerId }) => officerId),
      ...article(required),
    });
  return ["officerNotCertified"];
}
