/** On whose authority an organ acts. Invariant: every act and paper has exactly one basis. */

/** S2-2: by its own powers, authorised 授权 by law, or entrusted 委托 by another authority. */
export const AUTHORITY_BASES = ["own", "authorised", "entrusted"] as const;
export type AuthorityBasis = (typeof AUTHORITY_BASES)[number];
