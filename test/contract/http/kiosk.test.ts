/** The kiosk: bound to one counter, shown what the clerk presents, limited to claimed papers, wiped, and every look logged. */
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DocumentContent } from "../../../gateway/domain/document-content.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import {
  applicationId,
  commandId,
  counterId,
  documentId,
  logId,
  seq,
  sha256Hex,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { KioskState } from "../../../gateway/http/contract/kiosk.ts";
import type { Intake } from "../../../gateway/intake/intake.ts";
import type { ClaimResult, IntakeView, PaperView } from "../../../gateway/intake/results.ts";
import { proves } from "../../law/proves.ts";
import { type SignedIn, type TestApp, openTestApp } from "./test-app.ts";

const APPLICATION = applicationId("app-1");
const NOTICE = documentId("doc-1");
const OTHER = documentId("doc-2");
const WIN_1 = counterId("win-1");
const REF = { logId: logId("2026"), seq: seq(1) };

const paper: PaperView = {
  documentId: NOTICE,
  kind: "correctionNotice",
  number: "昌市监补〔2026〕G1-000001号",
  issuedMs: 1,
  version: 4,
  attempts: [],
  ref: REF,
  title: { zh: "补正通知书" },
  finished: true,
  served: false,
};
const view: IntakeView = {
  state: {
    applicationId: APPLICATION,
    version: 3,
    phase: "CORRECTION_NOTIFIED",
    profile: { id: "changli", version: "1" },
    startedMs: 1,
    lastMs: 2,
    sessions: [{ counterId: WIN_1, cameraIds: [], fromMs: 1 }],
    handlers: [],
    items: [],
    notices: [],
    judges: [],
    reminders: 0,
    materialsReturned: false,
    papers: [],
    claimCodeHashes: [],
  },
  items: [],
  clocks: [],
  actions: [],
  papers: [paper],
  ledger: [],
  profile: { id: "changli", version: "1", name: { zh: "昌黎" } },
  approvalSteps: [],
  titles: {
    acceptance: { zh: "受" },
    correction: { zh: "补" },
    withCorrection: [],
    nonAcceptance: { zh: "不" },
  },
};
const claimed: ClaimResult = {
  applicationId: APPLICATION,
  matter: { zh: "食品经营许可" },
  phase: "CORRECTION_NOTIFIED",
  papers: [
    {
      documentId: NOTICE,
      kind: "correctionNotice",
      title: { zh: "补正通知书" },
      number: paper.number,
      issuedMs: 1,
      served: false,
      ref: REF,
    },
  ],
};
const content: DocumentContent = {
  kind: "correctionNotice",
  lang: "zh",
  number: paper.number,
  blocks: [{ type: "title", text: "补正通知书" }],
};
const started = {
  applicationId: APPLICATION,
  version: 1,
  phase: "STARTED",
  papers: [],
  warnings: [],
} as const;

let test: TestApp;
let kiosk: SignedIn;
let shown: Parameters<Intake["showNotice"]>[0][];
beforeEach(async () => {
  shown = [];
  test = await openTestApp({
    intake: {
      get: async () => view,
      start: async () => started,
      closeSession: async () => started,
      async showNotice(request) {
        shown.push(request);
        // The clerk changed the application in the same moment: once.
        if (shown.length === 1) throw new CodedError("intake.conflict");
        return started;
      },
      async claim({ code, last4 }) {
        if (code !== "12345678" || last4 !== "123X") throw new CodedError("intake.claimRefused");
        return claimed;
      },
    },
    documents: {
      preview: async () => content,
      find: async () => ({
        documentId: NOTICE,
        applicationId: APPLICATION,
        number: paper.number,
        kind: "correctionNotice",
        document: REF,
        prints: 0,
        printState: "unprinted",
      }),
      pdf: async () => ({
        bytes: new TextEncoder().encode("%PDF-1.7"),
        sha256: sha256Hex("0".repeat(64)),
        number: paper.number,
      }),
    },
  });
  await test.begin(APPLICATION);
  kiosk = await test.bindKiosk();
});
afterEach(() => test.close());

async function state(): Promise<KioskState> {
  return (await test.ask("GET", "/api/kiosk/state", { as: kiosk })).json();
}
async function claim(code = "12345678", last4 = "123X") {
  return test.ask("POST", "/api/kiosk/claim", { as: kiosk, body: { code, last4 } });
}
async function start(): Promise<SignedIn> {
  const clerk = await test.signIn("clerk");
  const body = { commandId: "command-1", counterId: "win-1" };
  const answer = await test.ask("POST", "/api/intakes", { as: clerk, body });
  expect(answer.statusCode).toBe(201);
  return clerk;
}
async function ledger(): Promise<{ by: string; act: string; subject: string; reason: string | null }[]> {
  const as = await test.signIn("supervisor");
  return (await test.ask("GET", "/api/ledgers/access", { as })).json<{ rows: [] }>().rows;
}

interface Stream {
  next(): Promise<KioskState>;
  close(): void;
}

/** Messages of the kiosk's stream, to be awaited one by one. */
async function listen(headers: Record<string, string>): Promise<Stream> {
  await test.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = test.app.server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/kiosk/stream`, { headers });
  const seen: KioskState[] = [];
  const waiting: ((state: KioskState) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const state = JSON.parse(String(data)) as KioskState;
    const take = waiting.shift();
    if (take === undefined) seen.push(state);
    else take(state);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("no stream")));
  });
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const first = seen.shift();
        if (first !== undefined) {
          resolve(first);
          return;
        }
        const limit = setTimeout(() => reject(new Error("no message within 5 s")), 5000);
        waiting.push((state) => {
          clearTimeout(limit);
          resolve(state);
        });
      }),
    close: () => socket.close(),
  };
}

describe("a bound kiosk", () => {
  it("shows the recording notice when the clerk starts, and its showing is logged once", async () => {
    await start();
    expect((await state()).screen).toMatchObject({
      kind: "recordingNotice",
      noticeVersion: "2026-1",
      shown: false,
    });
    const body = { applicationId: APPLICATION, noticeVersion: "2026-1", lang: "en" };
    await test.ask("POST", "/api/kiosk/notice-shown", { as: kiosk, body });
    await test.ask("POST", "/api/kiosk/notice-shown", { as: kiosk, body });
    expect((await state()).screen).toMatchObject({ shown: true });
    expect(shown.map(({ device, language, noticeVersion }) => [device, language, noticeVersion])).toEqual([
      ["kiosk/win-1", "en", "2026-1"],
      ["kiosk/win-1", "en", "2026-1"],
    ]);
  });

  it("is told over its stream what the clerk does, at once", async () => {
    const stream = await listen({ cookie: kiosk.cookie });
    expect((await stream.next()).screen.kind).toBe("idle");
    const clerk = await start();
    expect((await stream.next()).screen.kind).toBe("recordingNotice");
    const body = { documentId: NOTICE, purpose: "sign" };
    const presented = await test.ask("POST", `/api/intakes/${APPLICATION}/present`, { as: clerk, body });
    expect(presented.json()).toEqual({ presented: true });
    expect((await stream.next()).screen).toMatchObject({
      kind: "document",
      documentId: NOTICE,
      purpose: "sign",
    });
    await test.ask("POST", `/api/intakes/${APPLICATION}/close-session`, {
      as: clerk,
      body: { commandId: "command-2", expectedVersion: 3 },
    });
    expect((await stream.next()).screen.kind).toBe("idle");
    stream.close();
  });

  it("opens no stream without its cookie or from another site's page", async () => {
    await expect(listen({})).rejects.toThrow("no stream");
    const { cookie } = kiosk;
    const origin = "https://elsewhere.test";
    const upgrade = { connection: "upgrade", upgrade: "websocket" };
    const refused = await test.ask("GET", "/api/kiosk/stream", { headers: { cookie, origin, ...upgrade } });
    expect(refused.json()).toMatchObject({ code: "people.csrf" });
  });

  it(proves(["S3-C-2"], "shows claimed papers alone, each look a row of the ledger"), async () => {
    expect((await claim("12345678", "0000")).json()).toMatchObject({ code: "intake.claimRefused" });
    expect((await claim()).json()).toMatchObject({ claim: { applicationId: APPLICATION } });
    const papers = (await test.ask("GET", "/api/kiosk/papers", { as: kiosk })).json<{ papers: object[] }>();
    expect(papers.papers).toMatchObject([{ documentId: NOTICE }]);
    const read = await test.ask("GET", `/api/kiosk/papers/${NOTICE}/content`, { as: kiosk });
    expect(read.json()).toEqual(content);
    const other = await test.ask("GET", `/api/kiosk/papers/${OTHER}/content`, { as: kiosk });
    expect(other.json()).toMatchObject({ code: "people.notYours" });
    expect(await ledger()).toMatchObject([{ by: "kiosk/win-1", act: "view", subject: `document/${NOTICE}` }]);
  });

  it("forgets the applicant on wipe, and whatever they could read with them", async () => {
    await claim();
    await test.ask("POST", "/api/kiosk/wipe", { as: kiosk, body: { cause: "done" } });
    expect((await state()).claim).toBeNull();
    for (const path of ["", `/${NOTICE}/content`]) {
      const { statusCode } = await test.ask("GET", `/api/kiosk/papers${path}`, { as: kiosk });
      expect([401, 403]).toContain(statusCode);
    }
  });

  it("keeps the recording notice when the kiosk wipes itself for idleness", async () => {
    await start();
    await test.ask("POST", "/api/kiosk/wipe", { as: kiosk, body: { cause: "idle" } });
    expect((await state()).screen.kind).toBe("recordingNotice");
  });

  it("stores a signature as strokes with times, in an entry of its own", async () => {
    const clerk = await start();
    await test.ask("POST", `/api/intakes/${APPLICATION}/present`, {
      as: clerk,
      body: { documentId: NOTICE, purpose: "sign" },
    });
    const strokes = [
      [
        { x: 1, y: 2, tMs: 0, pressure: 0.5 },
        { x: 3, y: 4, tMs: 16 },
      ],
    ];
    const signed = await test.ask("POST", `/api/kiosk/papers/${NOTICE}/sign`, {
      as: kiosk,
      body: { width: 600, height: 200, strokes },
    });
    const { ref } = signed.json<{ ref: typeof REF }>();
    const { body } = await test.store.readRecord(ref);
    expect(body.json).toMatchObject({
      documentId: NOTICE,
      applicationId: APPLICATION,
      device: "kiosk/win-1",
      ground: "presented",
      strokes: [
        [
          [1, 2, 0, 0.5],
          [3, 4, 16],
        ],
      ],
    });
    expect((await state()).screen).toMatchObject({ signed: true });
    const document = await test.ask("GET", `/api/documents/${NOTICE}`, { as: clerk });
    expect(document.json()).toMatchObject({ signatures: [{ ref, device: "kiosk/win-1" }] });
  });

  it("takes no signature for a paper that is not on it", async () => {
    const body = { width: 600, height: 200, strokes: [[{ x: 1, y: 1, tMs: 0 }]] };
    const refused = await test.ask("POST", `/api/kiosk/papers/${NOTICE}/sign`, { as: kiosk, body });
    expect(refused.json()).toMatchObject({ code: "people.notYours" });
  });
});

describe("a kiosk once the matter is sealed", () => {
  const strokes = { width: 600, height: 200, strokes: [[{ x: 1, y: 1, tMs: 0 }]] };
  const papersOf = async () => unnumbered(await test.ask("GET", "/api/kiosk/papers", { as: kiosk }));
  /** The answer without the number that each request has of its own. */
  const unnumbered = (answer: { json(): object }): object => {
    const { requestId: _, ...rest } = answer.json() as { readonly requestId?: string };
    return rest;
  };
  const onPaper = async (id: string) => {
    const paths = [
      ["GET", "content"],
      ["POST", "print"],
      ["POST", "sign"],
      ["POST", "take"],
    ] as const;
    return Promise.all(
      paths.map(async ([method, act]) => {
        const body = act === "sign" ? { body: strokes } : {};
        const path = `/api/kiosk/papers/${id}/${act}`;
        return (await test.ask(method, path, { as: kiosk, ...body })).json<{ code: string }>().code;
      }),
    );
  };
  const seal = () =>
    test.deps.access.seal({
      commandId: commandId("seal-the-matter-1"),
      caller: { userId: userId("clerk"), roles: ["clerk"] },
      matterId: APPLICATION,
      reason: "附件标有机密",
    });

  it(
    proves(
      ["S3-C-9", "S3-A-18"],
      "lists, shows, prints, takes along and signs nothing of a claim, and answers as if nothing were there",
    ),
    async () => {
      const wrong = unnumbered(await claim("12345678", "0000"));
      const none = await papersOf();
      await claim();
      expect(await papersOf()).toMatchObject({ papers: [{ documentId: NOTICE }] });
      await seal();
      expect(await papersOf()).toEqual(none);
      expect(await onPaper(NOTICE)).toEqual(await onPaper(OTHER));
      expect(await onPaper(NOTICE)).toEqual(Array.from({ length: 4 }, () => "people.notYours"));
      expect((await state()).claim).toBeNull();
      // A new claim with the right numbers answers what one with wrong numbers does.
      expect(unnumbered(await claim())).toEqual(wrong);
    },
  );

  it("signs nothing that the clerk presented before, and its screen is empty", async () => {
    const clerk = await start();
    const body = { documentId: NOTICE, purpose: "sign" };
    await test.ask("POST", `/api/intakes/${APPLICATION}/present`, { as: clerk, body });
    expect((await state()).screen.kind).toBe("document");
    await seal();
    expect(await onPaper(NOTICE)).toEqual(await onPaper(OTHER));
    expect((await state()).screen).toEqual({ kind: "idle" });
  });
});

describe("a clerk's look", () => {
  it(
    proves(["S3-C-2"], "at an intake, its paper and the PDF is a row before anything is shown"),
    async () => {
      const as = await test.signIn("clerk");
      for (let i = 0; i < 3; i++) await test.ask("GET", `/api/intakes/${APPLICATION}`, { as });
      await test.ask("GET", `/api/documents/${NOTICE}/content`, { as });
      const pdf = await test.ask("GET", `/api/documents/${NOTICE}/pdf`, { as });
      expect(pdf.headers["content-type"]).toBe("application/pdf");
      expect(pdf.headers["cache-control"]).toContain("no-store");
      expect((await ledger()).map(({ by, act, subject }) => `${by} ${act} ${subject}`)).toEqual([
        `clerk copy document/${NOTICE}`,
        `clerk view document/${NOTICE}`,
        `clerk view application/${APPLICATION}`,
      ]);
    },
  );

  it("shows nothing when the ledger can't be written", async () => {
    const as = await test.signIn("clerk");
    await test.store.close();
    const refused = await test.ask("GET", `/api/documents/${NOTICE}/pdf`, { as });
    expect(refused.statusCode).toBeGreaterThanOrEqual(500);
    expect(refused.body).not.toContain("%PDF");
  });
});
