/** Checking a paper ("查验文书") and taking its digital receipt along. What is checked goes in a body, never in an address. */
import { type Static, Type } from "typebox";
import { DOCUMENT_KINDS } from "../../domain/document.ts";
import { PAPER_STANDINGS } from "../../domain/intake/standing.ts";
import { Bilingual, DocumentIdField, Sha256Field, TimeMs, closed } from "./fields.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

const TEXT_CHARS = 48_000;
const ONE_MINUTE_MS = 60_000;

export const PaperCheckAnswer = Type.Union([
  closed({
    result: Type.Literal("genuine"),
    kind: Type.Enum([...DOCUMENT_KINDS]),
    title: Bilingual,
    number: Type.String(),
    issuedAt: TimeMs,
    standing: Type.Enum([...PAPER_STANDINGS]),
    /** More than one slip was printed; from the second on they say 副本. */
    duplicates: Type.Boolean(),
    /** Whether the PDF that was shown with it is the stored one. */
    pdf: Type.Enum(["same", "unknown"]),
  }),
  closed({ result: Type.Literal("erased"), issuedAt: TimeMs }),
  closed({
    result: Type.Literal("altered"),
    why: Type.Enum(["signature", "proof", "pdf", "notThisPaper"]),
  }),
  closed({
    result: Type.Literal("cannotTell"),
    why: Type.Enum(["notAPaper", "noKey", "notFinished", "logDisagrees"]),
  }),
]);
export type PaperCheckAnswer = Static<typeof PaperCheckAnswer>;

const receipt = {
  answer: { mediaType: "text/plain", description: "C2SP tlog-proof of the document's entry" },
  errors: codesOf("documents", "evidence", "store"),
} as const;
const params = closed({ id: DocumentIdField });

export const paperRoutes = {
  checkPaper: route({
    method: "POST",
    url: "/api/papers/check",
    tag: "papers",
    summary: "Whether a paper is genuine, unchanged and in force, by its QR or its digital receipt",
    audience: "anyone",
    body: closed({
      /** The line of the QR, or the whole digital receipt. */
      text: Type.String({ minLength: 1, maxLength: TEXT_CHARS }),
      pdfSha256: Type.Optional(Sha256Field),
    }),
    answer: PaperCheckAnswer,
    errors: codesOf("evidence"),
    rateLimit: { max: 30, windowMs: ONE_MINUTE_MS },
  }),
  offlinePage: route({
    method: "GET",
    url: "/api/papers/offline-page",
    tag: "papers",
    summary:
      "One HTML file that checks papers without a network, with this gateway's public keys pinned in it",
    audience: "anyone",
    answer: { mediaType: "text/html", description: "a page to be kept and opened from a file" },
    errors: ["http.notFound"],
    rateLimit: { max: 12, windowMs: ONE_MINUTE_MS },
  }),
  documentReceipt: route({
    method: "GET",
    url: "/api/documents/:id/receipt",
    tag: "documents",
    summary: "The digital receipt; the copy is logged",
    audience: ["clerk", "supervisor", "leader", "custodian"],
    params,
    ...receipt,
    errors: [...receipt.errors, ...codesOf("access")],
  }),
  kioskTake: route({
    method: "POST",
    url: "/api/kiosk/papers/:id/take",
    tag: "kiosk",
    summary: "A one-time code with which the applicant takes PDF and receipt along on a phone of their own",
    audience: "applicant",
    params,
    answer: closed({ code: Type.String(), until: TimeMs }),
    errors: [...codesOf("documents", "evidence"), "people.notYours"],
    rateLimit: { max: 12, windowMs: ONE_MINUTE_MS },
  }),
  takeReceipt: route({
    method: "POST",
    url: "/api/papers/take/receipt",
    tag: "papers",
    summary: "The digital receipt, by the code from the kiosk",
    audience: "anyone",
    body: closed({ code: Type.String({ pattern: "^[0-9A-Za-z_-]{22}$" }) }),
    ...receipt,
    errors: [...receipt.errors, "people.takeCodeWrong"],
    rateLimit: { max: 20, windowMs: ONE_MINUTE_MS },
  }),
  takePdf: route({
    method: "POST",
    url: "/api/papers/take/pdf",
    tag: "papers",
    summary: "The stored PDF, by the code from the kiosk",
    audience: "anyone",
    body: closed({ code: Type.String({ pattern: "^[0-9A-Za-z_-]{22}$" }) }),
    answer: { mediaType: "application/pdf", description: "PDF/A of the rendition" },
    errors: [...codesOf("documents", "evidence", "store"), "people.takeCodeWrong"],
    rateLimit: { max: 20, windowMs: ONE_MINUTE_MS },
  }),
} as const;
