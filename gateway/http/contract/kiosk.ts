/**
 * The kiosk: bound to one counter by a one-time code, showing what the counter's clerk presents, and to an
 * applicant with a claim their own papers. Invariant: a kiosk reads nothing that was neither presented nor claimed.
 */
import { type Static, Type } from "typebox";
import {
  ApplicationIdField,
  Bilingual,
  CounterIdField,
  DocumentIdField,
  Done,
  EntryRefField,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { DOCUMENT_KINDS } from "../../domain/document.ts";
import { PHASES } from "../../domain/intake/state.ts";
import { DocumentContentView, PrintAnswer } from "./documents.ts";
import { codesOf } from "./errors.ts";
import { route } from "./route.ts";

export const KioskScreen = Type.Union([
  closed({ kind: Type.Literal("idle") }),
  closed({
    kind: Type.Literal("recordingNotice"),
    applicationId: ApplicationIdField,
    noticeVersion: Type.String(),
    text: Bilingual,
    shown: Type.Boolean(),
  }),
  closed({
    kind: Type.Literal("document"),
    applicationId: ApplicationIdField,
    documentId: DocumentIdField,
    title: Bilingual,
    purpose: Type.Enum(["read", "sign"]),
    signed: Type.Boolean(),
  }),
]);
export type KioskScreen = Static<typeof KioskScreen>;

export const KioskState = closed({
  counterId: CounterIdField,
  counterName: Type.String(),
  /** Name of the authority, for the head of the screen. */
  authority: Type.Optional(Bilingual),
  /** Grows with every change; what is older than the last seen is to be ignored. */
  revision: Type.Integer({ minimum: 0 }),
  screen: KioskScreen,
  /** An applicant's claim is open; their papers come from `/api/kiosk/papers`. */
  claim: Type.Union([Type.Null(), closed({ applicationId: ApplicationIdField, until: TimeMs })]),
  recording: Type.Boolean({ description: "a camera of this counter records now" }),
  idleWipeMs: Type.Integer({ minimum: 1000 }),
});
export type KioskState = Static<typeof KioskState>;

export const KioskBinding = closed({
  counterId: CounterIdField,
  /** To be sent as header `x-csrf-token` with every call that is not a GET. */
  csrfToken: Type.String(),
});
export type KioskBinding = Static<typeof KioskBinding>;

const Point = closed({
  x: Type.Number({ minimum: 0, maximum: 20_000 }),
  y: Type.Number({ minimum: 0, maximum: 20_000 }),
  /** Milliseconds since the first touch. */
  tMs: Type.Number({ minimum: 0, maximum: 600_000 }),
  pressure: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});

/** A signature as it was drawn; never a picture of it. */
export const StrokesField = closed({
  width: Type.Integer({ minimum: 50, maximum: 20_000 }),
  height: Type.Integer({ minimum: 50, maximum: 20_000 }),
  strokes: Type.Array(Type.Array(Point, { minItems: 1, maxItems: 5000 }), { minItems: 1, maxItems: 200 }),
});
export type StrokesField = Static<typeof StrokesField>;

/** One paper of the claimed application. */
export const ClaimedPaper = closed({
  documentId: DocumentIdField,
  kind: Type.Enum([...DOCUMENT_KINDS]),
  title: Bilingual,
  number: Type.String(),
  issuedAt: TimeMs,
  served: Type.Boolean(),
});
export type ClaimedPaper = Static<typeof ClaimedPaper>;

export const ClaimedPapers = closed({
  applicationId: ApplicationIdField,
  matter: Bilingual,
  phase: Type.Enum([...PHASES]),
  papers: list(ClaimedPaper, 64),
});
export type ClaimedPapers = Static<typeof ClaimedPapers>;

const lang = { lang: Type.Optional(Type.Enum(["zh", "en"])) };
const params = closed({ id: DocumentIdField });
const errors = codesOf("documents", "evidence", "access");

export const kioskRoutes = {
  makeBindingCode: route({
    method: "POST",
    url: "/api/kiosk/binding-codes",
    tag: "kiosk",
    summary: "One-time code that binds a kiosk to a counter",
    audience: ["technician", "clerk"],
    body: closed({ counterId: CounterIdField }),
    answer: closed({ code: Type.String(), expiresAt: TimeMs }),
    status: 201,
    errors: ["people.noSuchCounter"],
  }),
  bindKiosk: route({
    method: "POST",
    url: "/api/kiosk/binding",
    tag: "kiosk",
    summary: "Bind this browser as a counter's kiosk; sets the device cookie",
    audience: "anyone",
    body: closed({ code: Type.String({ minLength: 4, maxLength: 64 }) }),
    answer: KioskBinding,
    errors: ["people.bindingCodeWrong"],
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  readBinding: route({
    method: "GET",
    url: "/api/kiosk/binding",
    tag: "kiosk",
    summary: "Which counter this kiosk is bound to, with the CSRF token",
    audience: "kiosk",
    answer: KioskBinding,
    errors: [],
  }),
  kioskState: route({
    method: "GET",
    url: "/api/kiosk/state",
    tag: "kiosk",
    summary: "What the kiosk has to show now",
    audience: "kiosk",
    answer: KioskState,
    errors: [],
  }),
  kioskStream: route({
    method: "GET",
    url: "/api/kiosk/stream",
    tag: "kiosk",
    summary: "WebSocket: the state, at once and after every change",
    audience: "kiosk",
    answer: KioskState,
    errors: [],
    webSocket: true,
  }),
  noticeShown: route({
    method: "POST",
    url: "/api/kiosk/notice-shown",
    tag: "kiosk",
    summary: "The recording notice was on the screen; its showing is logged",
    audience: "kiosk",
    body: closed({
      applicationId: ApplicationIdField,
      noticeVersion: Type.String({ minLength: 1, maxLength: 64 }),
      lang: Type.Enum(["zh", "en"]),
    }),
    answer: KioskState,
    errors: codesOf("intake", "store"),
  }),
  claim: route({
    method: "POST",
    url: "/api/kiosk/claim",
    tag: "kiosk",
    summary: "Claim code and last four of an ID open the applicant's own papers",
    audience: "kiosk",
    body: closed({
      code: Type.String({ pattern: "^[0-9]{8}$" }),
      last4: Type.String({ pattern: "^[0-9A-Za-z]{4}$" }),
    }),
    answer: KioskState,
    errors: codesOf("intake", "store", "access"),
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  kioskPapers: route({
    method: "GET",
    url: "/api/kiosk/papers",
    tag: "kiosk",
    summary: "The applicant's own papers",
    audience: "applicant",
    answer: ClaimedPapers,
    errors: [],
  }),
  kioskContent: route({
    method: "GET",
    url: "/api/kiosk/papers/:id/content",
    tag: "kiosk",
    summary: "What a presented or claimed paper says; the view is logged",
    audience: "kiosk",
    params,
    query: closed(lang),
    answer: DocumentContentView,
    errors: [...errors, "people.notYours"],
  }),
  kioskPrint: route({
    method: "POST",
    url: "/api/kiosk/papers/:id/print",
    tag: "kiosk",
    summary: "Print a claimed paper's slip at this counter's printer",
    audience: "applicant",
    params,
    answer: PrintAnswer,
    errors: [...errors, ...codesOf("devices"), "people.notYours"],
    rateLimit: { max: 6, windowMs: 60_000 },
  }),
  kioskSign: route({
    method: "POST",
    url: "/api/kiosk/papers/:id/sign",
    tag: "kiosk",
    summary: "Confirm a presented or claimed paper by signing on the screen",
    audience: "kiosk",
    params,
    body: StrokesField,
    answer: closed({ ref: EntryRefField }),
    bodyLimitBytes: 1_048_576,
    errors: [...errors, "people.notYours", ...codesOf("store")],
  }),
  wipe: route({
    method: "POST",
    url: "/api/kiosk/wipe",
    tag: "kiosk",
    summary: "Forget the applicant: after use, on idle, on request",
    audience: "kiosk",
    body: closed({ cause: Type.Enum(["done", "idle", "request"]) }),
    answer: Done,
    errors: [],
  }),
} as const;
