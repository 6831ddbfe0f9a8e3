/** Service guides 服务指南: written, imported, published by version, shown at the kiosk. */
import { type Static, Type } from "typebox";
import { Bilingual, CommandIdField, DateField, Nullable, TimeMs, closed, list } from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";
import { RowProblems, TABLE_LIMIT_BYTES, TableText } from "./tables.ts";

const WRITERS = ["supervisor"] as const;
const errors = codesOf("guides", "store");
const CodeField = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" });

const GuideItem = closed({
  itemId: Type.String(),
  name: Bilingual,
  form: Type.Enum(["original", "copy"]),
  copies: Type.Integer({ minimum: 1 }),
  required: Type.Boolean(),
  legalForm: Bilingual,
  basis: Type.String(),
});
const GuideContent = {
  code: Type.String(),
  name: Bilingual,
  basis: Type.String(),
  legalDays: Type.Integer({ minimum: 1 }),
  promisedDays: Nullable(Type.Integer({ minimum: 1 })),
  items: list(GuideItem, 500),
};
export const GuideView = closed({
  ...GuideContent,
  version: Type.Integer({ minimum: 1 }),
  publishedOn: DateField,
});
export type GuideView = Static<typeof GuideView>;

export const GuideRowView = closed({
  code: Type.String(),
  inForce: Nullable(GuideView),
  coming: list(closed({ effectiveFrom: DateField, guide: GuideView }), 50),
  draft: Nullable(closed({ ...GuideContent, by: Type.String(), at: TimeMs })),
});
export type GuideRowView = Static<typeof GuideRowView>;

export const guideRoutes = {
  listGuides: route({
    method: "GET",
    url: "/api/guides",
    tag: "guides",
    summary: "Guides with what is in force, what comes, and what is being written",
    audience: ["supervisor", "leader", "clerk"],
    answer: list(GuideRowView, 1000),
    errors: [],
  }),
  importGuides: route({
    method: "POST",
    url: "/api/guides/import",
    tag: "guides",
    summary: "Guides from CSV or JSON as drafts, all or nothing; every bad row is told",
    audience: WRITERS,
    body: closed({ commandId: CommandIdField, format: Type.Enum(["csv", "json"]), text: TableText }),
    answer: closed({ applied: Type.Boolean(), matters: list(Type.String(), 500), problems: RowProblems }),
    errors,
    bodyLimitBytes: TABLE_LIMIT_BYTES,
  }),
  saveGuideDraft: route({
    method: "PUT",
    url: "/api/guides/draft",
    tag: "guides",
    summary: "Write a draft, in the form of one matter of the JSON import",
    audience: WRITERS,
    body: closed({ commandId: CommandIdField, guide: Type.Object({}) }),
    answer: GuideRowView,
    errors,
    bodyLimitBytes: TABLE_LIMIT_BYTES,
  }),
  publishGuide: route({
    method: "POST",
    url: "/api/guides/:code/publish",
    tag: "guides",
    summary: "Publish the draft as the next version, in force from a day on",
    audience: WRITERS,
    params: closed({ code: CodeField }),
    body: closed({ commandId: CommandIdField, effectiveFrom: DateField }),
    answer: GuideRowView,
    errors,
  }),
  kioskGuides: route({
    method: "GET",
    url: "/api/kiosk/guides",
    tag: "kiosk",
    summary: "The guides in force, for whoever stands at the kiosk",
    audience: "kiosk",
    answer: list(GuideView, 500),
    errors: [],
  }),
} as const;
