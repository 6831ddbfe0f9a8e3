/** Issued papers: content for the screen, the stored PDF, the slip, printing. */
import { type Static, Type } from "typebox";
import type { ContentBlock, DocumentContent as DomainContent } from "../../domain/document-content.ts";
import { DOCUMENT_KINDS } from "../../domain/document.ts";
import {
  ApplicationIdField,
  DocumentIdField,
  EntryRefField,
  Nullable,
  PrinterIdField,
  Sha256Field,
  SizeBytes,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { RequestIdField } from "./playback.ts";
import { route } from "./route.ts";

const READERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("documents", "evidence", "access");
const requestId = Type.Optional(RequestIdField);
const params = closed({ id: DocumentIdField });

const ContentFieldView = closed({
  label: Type.String(),
  value: Type.String(),
  slipValue: Type.Optional(Type.String()),
});
const paperOnly = Type.Optional(Type.Literal(true));

/** Mirror of the domain's ContentBlock; `Mirror` below makes the compiler hold the two together. */
export const ContentBlockView = Type.Union([
  closed({ type: Type.Literal("authority"), text: Type.String() }),
  closed({ type: Type.Literal("title"), text: Type.String() }),
  closed({ type: Type.Literal("number"), text: Type.String() }),
  closed({ type: Type.Literal("paragraph"), text: Type.String(), indent: Type.Boolean(), paperOnly }),
  closed({ type: Type.Literal("fields"), fields: Type.Array(ContentFieldView), paperOnly }),
  closed({
    type: Type.Literal("table"),
    caption: Type.String(),
    columns: Type.Array(Type.String()),
    rows: Type.Array(Type.Array(Type.String())),
    paperOnly,
  }),
  closed({
    type: Type.Literal("items"),
    caption: Type.String(),
    items: Type.Array(closed({ heading: Type.String(), fields: Type.Array(ContentFieldView) })),
    paperOnly,
  }),
  closed({
    type: Type.Literal("notes"),
    caption: Type.String(),
    notes: Type.Array(Type.String()),
    paperOnly,
  }),
  closed({
    type: Type.Literal("seal"),
    slot: Type.String(),
    authority: Type.String(),
    date: Type.String(),
  }),
  closed({
    type: Type.Literal("signatures"),
    slots: Type.Array(Type.String()),
    paperOnly: Type.Literal(true),
  }),
  closed({ type: Type.Literal("qr"), captions: Type.Array(Type.String()) }),
]);

export const DocumentContentView = closed({
  kind: Type.Enum([...DOCUMENT_KINDS]),
  lang: Type.Enum(["zh", "en"]),
  number: Type.String(),
  blocks: list(ContentBlockView, 500),
});
export type DocumentContentView = Static<typeof DocumentContentView>;

type Admits<Narrow extends Wide, Wide> = Narrow;
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
/** The compiler's proof that both directions hold: the domain's content fits the schema and the reverse. @knipignore */
export type Mirror = [
  Admits<Static<typeof ContentBlockView>, ContentBlock>,
  Admits<DocumentContentView, DomainContent>,
  Admits<DomainContent, Frozen<DocumentContentView>>,
];

export const DocumentView = closed({
  documentId: DocumentIdField,
  applicationId: ApplicationIdField,
  kind: Type.Enum([...DOCUMENT_KINDS]),
  number: Type.String(),
  document: EntryRefField,
  rendition: Nullable(closed({ ref: EntryRefField, sha256: Sha256Field, sizeBytes: SizeBytes })),
  /** Prints that may have put paper into someone's hand. */
  prints: Type.Integer({ minimum: 0 }),
  printState: Type.Enum(["unprinted", "printing", "printed", "failed"]),
  /** Why the last print failed, such as `printer.paperOut`. */
  printReason: Nullable(Type.String()),
  /** Signed on a screen; `ref` can be given as evidence of a hand-over. */
  signatures: list(closed({ ref: EntryRefField, at: TimeMs, device: Type.String() }), 64),
});
export type DocumentView = Static<typeof DocumentView>;

export const PrintAnswer = closed({
  /** 1 is the first print; from 2 on the slip says 副本. */
  copyNo: Type.Integer({ minimum: 1 }),
});
export type PrintAnswer = Static<typeof PrintAnswer>;

export const documentRoutes = {
  readDocument: route({
    method: "GET",
    url: "/api/documents/:id",
    tag: "documents",
    summary: "An issued paper: number, rendition, prints, signatures",
    audience: READERS,
    params,
    query: closed({ requestId }),
    answer: DocumentView,
    errors,
  }),
  documentContent: route({
    method: "GET",
    url: "/api/documents/:id/content",
    tag: "documents",
    summary: "What the paper says, for the screen; the view is logged",
    audience: READERS,
    params,
    query: closed({ lang: Type.Optional(Type.Enum(["zh", "en"])), requestId }),
    answer: DocumentContentView,
    errors,
  }),
  documentPdf: route({
    method: "GET",
    url: "/api/documents/:id/pdf",
    tag: "documents",
    summary: "The stored PDF, byte for byte; the copy is logged, and kept where a request is supplied by it",
    audience: READERS,
    params,
    query: closed({ requestId }),
    answer: { mediaType: "application/pdf", description: "PDF/A of the rendition" },
    errors,
  }),
  printDocument: route({
    method: "POST",
    url: "/api/documents/:id/print",
    tag: "documents",
    summary: "Print the slip at a counter's printer; each print is an entry",
    audience: ["clerk", "supervisor"],
    params,
    body: closed({ printerId: PrinterIdField }),
    answer: PrintAnswer,
    errors: [...errors, ...codesOf("devices")],
    rateLimit: { max: 60, windowMs: 60_000 },
  }),
} as const;
