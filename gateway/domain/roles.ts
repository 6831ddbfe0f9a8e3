/** Who may do what is decided by roles alone; one person can have several. */
export const ROLES = ["clerk", "technician", "supervisor", "leader", "custodian", "archive"] as const;
export type Role = (typeof ROLES)[number];

export function isRole(value: unknown): value is Role {
  return typeof value === "string" && (ROLES as readonly string[]).includes(value);
}
