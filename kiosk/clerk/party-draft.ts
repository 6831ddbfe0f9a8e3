/** What is typed about applicant and agent, with what is wrong with it, by the gateway's own rules. */
import { msg } from "@lit/localize";
import { isCreditCode, isPersonId, isPhone, plainName, plainNumber } from "../../gateway/domain/identity.ts";
import type { Agent, Applicant, PersonIdKind } from "../../gateway/domain/intake/party.ts";

export interface PartyDraft {
  readonly kind: "person" | "company";
  readonly name: string;
  readonly idKind: PersonIdKind;
  readonly idNumber: string;
  readonly creditCode: string;
  readonly representative: string;
  readonly contactName: string;
  readonly phone: string;
  readonly address: string;
  readonly hasAgent: boolean;
  readonly agentName: string;
  readonly agentIdKind: PersonIdKind;
  readonly agentIdNumber: string;
  readonly agentPhone: string;
  readonly authorisation: string;
}

export const EMPTY_PARTY: PartyDraft = {
  kind: "person",
  name: "",
  idKind: "residentId",
  idNumber: "",
  creditCode: "",
  representative: "",
  contactName: "",
  phone: "",
  address: "",
  hasAgent: false,
  agentName: "",
  agentIdKind: "residentId",
  agentIdNumber: "",
  agentPhone: "",
  authorisation: "",
};

type Check = (draft: PartyDraft, today: string) => string | undefined;

const nameCheck =
  (value: (draft: PartyDraft) => string): Check =>
  (draft) =>
    plainName(value(draft)) === undefined
      ? msg("请填写名称，不能只有数字或符号", { id: "party.badName" })
      : undefined;

const numberCheck =
  (kind: (draft: PartyDraft) => PersonIdKind, value: (draft: PartyDraft) => string): Check =>
  (draft, today) =>
    isPersonId(kind(draft), plainNumber(value(draft)), today)
      ? undefined
      : msg("证件号码不正确，请核对每一位（含校验位）", { id: "party.badIdNumber" });

const phoneCheck =
  (value: (draft: PartyDraft) => string): Check =>
  (draft) =>
    isPhone(value(draft)) ? undefined : msg("联系电话不正确", { id: "party.badPhone" });

const creditCodeCheck: Check = (draft) =>
  isCreditCode(plainNumber(draft.creditCode))
    ? undefined
    : msg("统一社会信用代码不正确，请核对 18 位", { id: "party.badCreditCode" });

const authorisationCheck: Check = (draft) =>
  draft.authorisation.trim() === ""
    ? msg("请照委托书填写权限与期限", { id: "party.noAuthorisation" })
    : undefined;

const PERSON: Readonly<Record<string, Check>> = {
  name: nameCheck((draft) => draft.name),
  idNumber: numberCheck(
    (draft) => draft.idKind,
    (draft) => draft.idNumber,
  ),
  phone: phoneCheck((draft) => draft.phone),
};
const COMPANY: Readonly<Record<string, Check>> = {
  name: nameCheck((draft) => draft.name),
  creditCode: creditCodeCheck,
  representative: nameCheck((draft) => draft.representative),
  contactName: nameCheck((draft) => draft.contactName),
  phone: phoneCheck((draft) => draft.phone),
};
const AGENT: Readonly<Record<string, Check>> = {
  agentName: nameCheck((draft) => draft.agentName),
  agentIdNumber: numberCheck(
    (draft) => draft.agentIdKind,
    (draft) => draft.agentIdNumber,
  ),
  agentPhone: phoneCheck((draft) => draft.agentPhone),
  authorisation: authorisationCheck,
};

function checksOf(draft: PartyDraft): Readonly<Record<string, Check>> {
  return { ...(draft.kind === "person" ? PERSON : COMPANY), ...(draft.hasAgent ? AGENT : {}) };
}

/** What is wrong with one field; undefined when it may stand. */
export function problemOfField(draft: PartyDraft, name: string, today: string): string | undefined {
  return checksOf(draft)[name]?.(draft, today);
}

export function problemsOf(draft: PartyDraft, today: string): readonly string[] {
  return Object.values(checksOf(draft)).flatMap((check) => check(draft, today) ?? []);
}

/** The applicant as the contract wants it; to be called when there is no problem left. */
export function applicantOf(draft: PartyDraft): Applicant {
  const name = plainName(draft.name) ?? "";
  const address = draft.address.trim();
  const contact = { phone: draft.phone.trim(), ...(address === "" ? {} : { address }) };
  if (draft.kind === "person")
    return { kind: "person", name, idKind: draft.idKind, idNumber: plainNumber(draft.idNumber), ...contact };
  return {
    kind: "company",
    name,
    creditCode: plainNumber(draft.creditCode),
    representative: plainName(draft.representative) ?? "",
    contactName: plainName(draft.contactName) ?? "",
    ...contact,
  };
}

export function agentOf(draft: PartyDraft): Agent | undefined {
  if (!draft.hasAgent) return undefined;
  return {
    name: plainName(draft.agentName) ?? "",
    idKind: draft.agentIdKind,
    idNumber: plainNumber(draft.agentIdNumber),
    phone: draft.agentPhone.trim(),
    authorisation: draft.authorisation.trim(),
  };
}
