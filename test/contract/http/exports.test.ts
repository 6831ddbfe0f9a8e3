/** Copies of footage: a reason and a row first, then one archive for the person who asked, and nobody else. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { applicationId, cameraId, streamId } from "../../../gateway/domain/ids.ts";
import type { ExportView } from "../../../gateway/http/contract/exports.ts";
import { proves } from "../../law/proves.ts";
import { type SignedIn, type TestApp, openTestApp } from "./test-app.ts";

const STREAM = streamId("camera/cam-1/main");
const CAMERA = cameraId("cam-1");
const MATTER = applicationId("app-1");
let test: TestApp;
let fromMs: number;
let supervisor: SignedIn;

beforeEach(async () => {
  test = await openTestApp({
    intake: {
      footageOf: async () => ({
        applicationId: MATTER,
        sessions: [
          {
            fromMs,
            toMs: fromMs + 6000,
            open: false,
            coverage: [{ cameraId: CAMERA, from: fromMs, to: fromMs + 6000, spans: [], gaps: [] }],
          },
        ],
        agreement: [],
      }),
    },
  });
  fromMs = test.clock.wallMs() - 60_000;
  const appended = await test.store.append([
    { type: "run", stream: STREAM, record: { json: { v: 1 } } },
    ...[0, 1, 2].map((i) => ({
      // No init segment of its own form: the archive then holds the evidence alone.
      type: "fragment" as const,
      stream: STREAM,
      codec: "avc1.4d0028",
      bytes: randomBytes(500),
      t: fromMs + i * 2000,
      durMs: 2000,
    })),
  ]);
  const last = appended.at(-1);
  if (last !== undefined) await test.store.applied(last);
  supervisor = await test.signIn("supervisor");
});
afterEach(() => test.close());

const open = (as: SignedIn, body: object) => test.ask("POST", "/api/exports", { as, body });
const range = () => ({ cameraId: CAMERA, fromMs, toMs: fromMs + 6000 });

/** An approved request of the supervisor's own. */
async function granted(target: object): Promise<string> {
  const body = {
    commandId: randomUUID(),
    requester: "staff",
    act: "copy",
    material: "footage",
    inProceeding: false,
    purpose: "归档",
    ...target,
  };
  const asked = await test.ask("POST", "/api/access-requests", { as: supervisor, body });
  const { requestId } = asked.json<{ requestId: string }>();
  const leader = await test.signIn("leader");
  const decision = { commandId: randomUUID(), approved: true, opinion: "同意" };
  await test.ask("POST", `/api/access-requests/${requestId}/decision`, { as: leader, body: decision });
  return requestId;
}

describe("a copy of footage", () => {
  it(
    proves(["S3-C-2", "S0-36"], "is a row with its reason before it exists, also where it fails"),
    async () => {
      const alone = await open(supervisor, { reason: "投诉核查", range: range() });
      expect(alone.json()).toMatchObject({ code: "access.noBasis" });
      const requestId = await granted({ footage: range() });
      const refused = await open(supervisor, { reason: "投诉核查", range: range(), requestId });
      // Without an init segment the catalogue has nothing that can be played.
      expect(refused.json()).toMatchObject({ code: "recording.noFootage" });
      const ledger = await test.ask("GET", "/api/ledgers/access", { as: supervisor });
      expect(ledger.json<{ rows: object[] }>().rows).toMatchObject([
        { by: "supervisor", act: "copy", subject: "camera/cam-1", reason: "投诉核查", fromMs, requestId },
      ]);
    },
  );

  it("is asked for by matter or by range, not both, with a reason, by those who may", async () => {
    for (const body of [
      { reason: "x" },
      { reason: "x", range: range(), applicationId: MATTER },
      { range: range() },
    ])
      expect((await open(supervisor, body)).statusCode).toBe(400);
    const clerk = await test.signIn("clerk");
    expect((await open(clerk, { reason: "x", range: range() })).statusCode).toBe(403);
  });

  it("of a case file wants a request for that case, and holds the footage that its records link", async () => {
    const init = { type: "init" as const, stream: STREAM, bytes: randomBytes(64), codec: "avc1.4d0028" };
    const fragment = { ...init, type: "fragment" as const, t: fromMs + 2000, durMs: 2000 };
    const appended = await test.store.append([init, fragment]);
    const last = appended.at(-1);
    if (last !== undefined) await test.store.applied(last);
    const clerk = await test.signIn("clerk");
    const opening = {
      commandId: randomUUID(),
      activity: "inspection",
      title: "日常检查",
      authorityBasis: "own",
    };
    const opened = await test.ask("POST", "/api/cases", { as: clerk, body: opening });
    const { caseId } = opened.json<{ caseId: string }>();
    const unlinked = await open(supervisor, { reason: "归档", caseId });
    expect(unlinked.json()).toMatchObject({ code: "recording.noFootage" });
    const record = {
      commandId: randomUUID(),
      kind: "siteInspectionRecord",
      startMs: fromMs,
      endMs: fromMs + 6000,
      flags: [],
      fields: {},
      officers: [],
      signatures: [],
      footage: [{ type: "camera", ...range() }],
      scans: [],
    };
    const made = await test.ask("POST", `/api/cases/${caseId}/records`, { as: clerk, body: record });
    expect(made.statusCode).toBe(201);
    expect((await open(supervisor, { reason: "归档", caseId })).json()).toMatchObject({
      code: "access.noBasis",
    });
    const requestId = await granted({ matterId: caseId });
    const copy = await open(supervisor, { reason: "归档", caseId, requestId });
    expect(copy.json()).toMatchObject({ excerpt: false, state: "waiting", totalBytes: 64 });
    expect((await open(supervisor, { reason: "x", caseId, range: range() })).json()).toMatchObject({
      code: "http.badRequest",
    });
    expect((await open(supervisor, { reason: "x", caseId: "case-none" })).json()).toMatchObject({
      code: "records.noSuchCase",
    });
  });

  it("is its maker's alone, is given out once, and can be cancelled", async () => {
    const init = { type: "init" as const, stream: STREAM, bytes: randomBytes(64), codec: "avc1.4d0028" };
    const fragment = { ...init, type: "fragment" as const, t: fromMs + 2000, durMs: 2000 };
    const appended = await test.store.append([init, fragment]);
    const last = appended.at(-1);
    if (last !== undefined) await test.store.applied(last);
    await test.begin(MATTER, { fromMs, toMs: fromMs + 6000 });
    const requestId = await granted({ matterId: MATTER });
    const whole = { reason: "归档", applicationId: MATTER, requestId };
    const matter = (await open(supervisor, whole)).json<ExportView>();
    expect(matter).toMatchObject({ excerpt: false, state: "waiting", doneBytes: 0, totalBytes: 64 });
    const leader = await test.signIn("leader");
    expect((await test.ask("GET", matter.archive, { as: leader })).statusCode).toBe(404);
    const state = async (): Promise<ExportView> =>
      (await test.ask("GET", `/api/exports/${matter.exportId}`, { as: supervisor })).json<ExportView>();
    // Bytes that are no film: ffmpeg refuses, and nothing that looks like a whole archive comes.
    await test.ask("GET", matter.archive, { as: supervisor }).catch(() => undefined);
    await vi.waitFor(async () => expect((await state()).state).toBe("failed"), { timeout: 10_000 });
    expect((await test.ask("GET", matter.archive, { as: supervisor })).json()).toMatchObject({
      code: "recording.exportGone",
    });
    const other = (await open(supervisor, { reason: "核查", range: range(), requestId })).json<ExportView>();
    expect(other.excerpt).toBe(true);
    await test.ask("DELETE", `/api/exports/${other.exportId}`, { as: supervisor });
    expect((await test.ask("GET", other.archive, { as: supervisor })).json()).toMatchObject({
      code: "recording.exportGone",
    });
  });
});
