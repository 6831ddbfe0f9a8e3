/** The registry of officers: certificates, sections, training. */
import { type Static, Type } from "typebox";
import { OFFICER_KINDS } from "../../domain/officers/officer.ts";
import { CommandIdField, DateField, Line, Nullable, UserIdField, closed, list } from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";
import { TABLE_LIMIT_BYTES, TableBody, TableReport } from "./tables.ts";

const KEEPERS = ["supervisor", "leader"] as const;
const READERS = ["clerk", "supervisor", "leader", "custodian", "technician"] as const;
const params = closed({ officerId: UserIdField });
const errors = codesOf("officers", "store");

export const OfficerView = closed({
  officerId: UserIdField,
  name: Type.String(),
  kind: Type.Enum([...OFFICER_KINDS]),
  section: Type.String(),
  certificate: Nullable(closed({ certNo: Type.String(), validFrom: DateField, validTo: DateField })),
  active: Type.Boolean(),
  /** As of today: who is `certified` may be named on an acceptance or notice. */
  standing: Type.Enum(["certified", "assistant", "none", "notYetValid", "expired", "left"]),
  training: list(closed({ topic: Type.String(), on: DateField, hours: Type.Number() }), 500),
});
export type OfficerView = Static<typeof OfficerView>;

export const officerRoutes = {
  listOfficers: route({
    method: "GET",
    url: "/api/officers",
    tag: "officers",
    summary: "Officers with certificate, section and training",
    audience: READERS,
    answer: list(OfficerView, 5000),
    errors: [],
  }),
  putOfficer: route({
    method: "PUT",
    url: "/api/officers/:officerId",
    tag: "officers",
    summary: "Enter or change an officer; each change is an entry",
    audience: KEEPERS,
    params,
    body: closed({
      commandId: CommandIdField,
      name: Line(100),
      kind: Type.Enum([...OFFICER_KINDS]),
      section: Line(120),
      certNo: Type.Optional(Type.String({ maxLength: 40 })),
      validFrom: Type.Optional(Type.String({ maxLength: 10 })),
      validTo: Type.Optional(Type.String({ maxLength: 10 })),
    }),
    answer: OfficerView,
    errors,
  }),
  trainOfficer: route({
    method: "POST",
    url: "/api/officers/:officerId/training",
    tag: "officers",
    summary: "Add a training to an officer's list",
    audience: KEEPERS,
    params,
    body: closed({ commandId: CommandIdField, topic: Line(120), on: DateField, hours: Type.Number() }),
    answer: OfficerView,
    errors,
  }),
  setOfficerActive: route({
    method: "POST",
    url: "/api/officers/:officerId/active",
    tag: "officers",
    summary: "An officer leaves, or comes back",
    audience: KEEPERS,
    params,
    body: closed({ commandId: CommandIdField, active: Type.Boolean() }),
    answer: OfficerView,
    errors,
  }),
  importOfficers: route({
    method: "POST",
    url: "/api/officers/import",
    tag: "officers",
    summary: "Officers from a table (CSV), all or nothing; every bad row is told",
    audience: KEEPERS,
    body: TableBody,
    answer: TableReport,
    errors,
    bodyLimitBytes: TABLE_LIMIT_BYTES,
  }),
} as const;
