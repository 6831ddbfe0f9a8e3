/** Who may ask to view or copy, what they show for it, and what they ask for. */

/** 查阅、复制申请人. `staff`: somebody of this authority, whose account says who. */
export const REQUESTER_KINDS = [
  "staff",
  "party",
  "agent",
  "lawyer",
  "interestedPerson",
  "police",
  "procuratorate",
  "court",
  "stateSecurity",
  "discipline",
  "audit",
  "reconsideration",
] as const;
export type RequesterKind = (typeof REQUESTER_KINDS)[number];

/** 身份证件、工作证、单位介绍信、律师执业证、授权委托书 */
export const CREDENTIAL_KINDS = [
  "identityDocument",
  "workCard",
  "unitLetter",
  "lawyerLicence",
  "authorisation",
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** 查阅、复制、外借 */
export const ACCESS_ACTS = ["view", "copy", "loan"] as const;
export type RequestedAct = (typeof ACCESS_ACTS)[number];

/** `conclusive`: the requester's own decision and notices 结论性文件; `file`: everything of the matter. */
export const MATERIALS = ["conclusive", "footage", "file"] as const;
export type Material = (typeof MATERIALS)[number];

/** Who approves 批准人; what the profile calls them and which role of this box stands for them. */
export const OFFICES = ["legalSection", "head", "headOfAuthority", "leaderInCharge", "caseLead"] as const;
export type Office = (typeof OFFICES)[number];

/** 国家秘密、商业秘密、个人隐私 */
export const SENSITIVITIES = ["stateSecret", "tradeSecret", "privacy"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

const OFFICIAL: ReadonlySet<RequesterKind> = new Set<RequesterKind>([
  "police",
  "procuratorate",
  "court",
  "stateSecurity",
  "discipline",
  "audit",
  "reconsideration",
]);
export const isOfficial = (kind: RequesterKind): boolean => OFFICIAL.has(kind);
/** Organs that review the authority's acts. */
export const isReviewing = (kind: RequesterKind): boolean => kind === "court" || kind === "reconsideration";
