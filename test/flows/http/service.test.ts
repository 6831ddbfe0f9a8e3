/** Service 送达 and scans over HTTP by a signed-in clerk, on the real counter, decoder and store. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { PIECE_MEDIA_TYPE, type ScanView } from "../../../gateway/http/contract/scans.ts";
import type { ServiceView } from "../../../gateway/http/contract/service.ts";
import { type SignedIn, type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { TEST_NOW_MS, freshFolder } from "../../contract/real-store.ts";
import { type HttpDesk, openDesk } from "./desk-over-http.ts";
import { type RealService, realService } from "./real-service.ts";

let secrets: Awaited<ReturnType<typeof freshFolder>>;
let real: RealService;
let test: TestApp;
let desk: HttpDesk;

beforeAll(async () => {
  secrets = await freshFolder();
  real = realService(join(secrets.path, "secrets"));
  test = await openTestApp(real.make);
  desk = await openDesk(test);
  await desk.register();
  await desk.accept();
});
afterAll(async () => {
  await real.close();
  await test.close();
  await secrets.remove();
});

async function picture(): Promise<Buffer> {
  return sharp(randomBytes(240 * 160 * 3), { raw: { width: 240, height: 160, channels: 3 } })
    .png()
    .toBuffer();
}
const piece = (scanId: string, offset: number, bytes: Uint8Array, as: SignedIn = desk.clerk) =>
  test.ask("PUT", `/api/scan-uploads/${scanId}?offset=${offset}`, {
    as,
    body: Buffer.from(bytes),
    headers: { "content-type": PIECE_MEDIA_TYPE },
  });
async function announced(bytes: Uint8Array): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const body = { mediaType: "image/png", sizeBytes: bytes.length, sha256 };
  return (await desk.post<{ uploadId: string }>("/api/scan-uploads", body)).uploadId;
}
async function uploaded(): Promise<string> {
  const bytes = await picture();
  const scanId = await announced(bytes);
  expect((await piece(scanId, 0, bytes)).json()).toMatchObject({ state: "stored" });
  return scanId;
}
const link = (scanId: string, purpose: string, kind: string, id: string) =>
  test.ask("POST", `/api/scans/${scanId}/links`, {
    as: desk.clerk,
    body: { commandId: randomUUID(), purpose, link: { kind, id } },
  });

describe("a scan", () => {
  it("goes up in pieces that resume, is linked, listed and read; every look is a row of the ledger", async () => {
    const bytes = await picture();
    const scanId = await announced(bytes);
    const half = Math.floor(bytes.length / 2);
    expect((await piece(scanId, 0, bytes.subarray(0, half))).json()).toMatchObject({ offset: half });
    const skipped = await piece(scanId, half + 1, bytes.subarray(half + 1));
    expect(skipped.json()).toMatchObject({ details: { offset: half } });
    expect(await desk.get(`/api/scan-uploads/${scanId}`)).toMatchObject({ offset: half, state: "open" });
    await piece(scanId, half, bytes.subarray(half));

    const { applicationId } = desk.view();
    expect((await link(scanId, "material", "application", applicationId)).statusCode).toBe(200);
    const found = await desk.get<ScanView[]>(`/api/scans?kind=application&id=${applicationId}`);
    expect(found).toMatchObject([{ scanId, width: 240, height: 160, by: "clerk" }]);
    const content = await test.ask("GET", `/api/scans/${scanId}/content`, { as: desk.clerk });
    expect(content.rawPayload.equals(bytes)).toBe(true);
    const small = await test.ask("GET", `/api/scans/${scanId}/thumbnail`, { as: desk.clerk });
    expect((await sharp(small.rawPayload).metadata()).format).toBe("jpeg");
    const as = await test.signIn("supervisor");
    const { rows } = (await test.ask("GET", "/api/ledgers/access", { as })).json<{
      rows: { by: string; act: string; subject: string; applicationId: string | null }[];
    }>();
    for (const act of ["copy", "view"])
      expect(rows).toContainEqual(
        expect.objectContaining({ by: "clerk", act, subject: `scan/${scanId}`, applicationId }),
      );
  });

  it("is refused to strangers, without the page's token, in another form, and where it would belong to nothing", async () => {
    const scanId = await uploaded();
    const bytes = await picture();
    expect((await test.ask("GET", `/api/scans/${scanId}/content`)).statusCode).toBe(401);
    const noToken = await piece(await announced(bytes), 0, bytes, { ...desk.clerk, csrf: "" });
    expect(noToken.json()).toMatchObject({ code: "people.csrf" });
    const technician = await test.signIn("technician");
    const wrongRole = await test.ask("GET", `/api/scans/${scanId}/content`, { as: technician });
    expect(wrongRole.json()).toMatchObject({ code: "people.wrongRole" });
    const asJson = await test.ask("PUT", `/api/scan-uploads/${scanId}?offset=0`, {
      as: desk.clerk,
      body: { bytes: "" },
    });
    expect(asJson.json()).toMatchObject({ code: "http.wrongMediaType" });
    expect((await link(scanId, "material", "application", "nothing")).json()).toMatchObject({
      code: "scans.noSuchTarget",
    });
    const text = Buffer.from("no picture at all");
    expect((await piece(await announced(text), 0, text)).json()).toMatchObject({ code: "scans.notReadable" });
  });
});

describe("a paper signed in ink", () => {
  it("awaits its scan, and closes on it through the link alone, once", async () => {
    const documentId = desk.paper("acceptanceNotice");
    await desk.command("hand-over", {
      documentId,
      recipient: { name: "慕容不留痕", relation: "self" },
      signature: { mode: "ink", date: "2026-11-20" },
    });
    const awaits = (view: IntakeView) =>
      view.papers.find((paper) => paper.documentId === documentId)?.awaitsScan;
    expect(awaits(desk.view())).toBe(true);
    const url = `/api/intakes/${desk.view().applicationId}`;
    const photo = await uploaded();
    expect((await link(photo, "photo", "document", documentId)).statusCode).toBe(200);
    expect(awaits(await desk.get(url))).toBe(true);
    const scanId = await uploaded();
    const body = {
      commandId: randomUUID(),
      purpose: "signedPaper",
      link: { kind: "document", id: documentId },
    };
    await desk.post(`/api/scans/${scanId}/links`, body);
    const closed = await desk.get<IntakeView>(url);
    expect(awaits(closed)).toBe(false);
    await desk.post(`/api/scans/${scanId}/links`, body);
    expect((await link(await uploaded(), "signedPaper", "document", documentId)).statusCode).toBe(200);
    expect((await desk.get<IntakeView>(url)).version).toBe(closed.version);
  });
});

describe("service outside the counter", () => {
  it("is written down as an attempt of two certified officers, and is service only with every scan it needs", async () => {
    test.clock.setWallMs(TEST_NOW_MS + 3_600_000);
    const documentId = desk.paper("materialReceipt");
    const url = `/api/services/${documentId}`;
    const now = () => desk.get<ServiceView>(url);
    const send = async (what: string, body: object) =>
      test.ask("POST", `${url}/${what}`, {
        as: desk.clerk,
        body: { commandId: randomUUID(), expectedVersion: (await now()).version, ...body },
      });
    const attempt = {
      method: "postal",
      mail: "express",
      postalNo: "EA123456789CN",
      servers: ["clerk", "colleague"],
      happenedAt: test.clock.wallMs() - 60_000,
      placeKind: "domicile",
      place: "示范县人民路1号",
      credentialsShown: true,
    };
    const later = { ...attempt, happenedAt: test.clock.wallMs() + 86_400_000 };
    expect((await send("attempts", { attempt: later })).statusCode).toBeGreaterThanOrEqual(400);
    const stranger = await test.ask("POST", `${url}/attempts`, {
      as: await test.signIn("supervisor"),
      body: { commandId: randomUUID(), expectedVersion: 0, attempt },
    });
    expect(stranger.json()).toMatchObject({ code: "people.wrongRole" });
    const { version } = await now();
    const body = { commandId: randomUUID(), expectedVersion: version, attempt };
    const made = await desk.post<ServiceView>(`${url}/attempts`, body);
    expect(await desk.post(`${url}/attempts`, body)).toEqual(made);
    const open = made.attempts.at(-1);
    const attemptId = open?.attemptId;
    expect(open).toMatchObject({
      status: "open",
      method: "postal",
      servers: [
        { officerId: "clerk", certNo: "0303-clerk" },
        { officerId: "colleague", certNo: "0303-colleague" },
      ],
    });
    expect(open?.lacking.length).toBeGreaterThan(0);
    const early = await send("completion", { attemptId, deliveredOn: "2026-11-20" });
    expect(early.json()).toMatchObject({ code: "service.incomplete" });
    const nothing = { kind: "postalVoucher", link: { in: "scan", scanId: `s${"0".repeat(40)}` } };
    const missing = await send("evidence", { attemptId, evidence: [nothing] });
    expect(missing.json()).toMatchObject({ code: "service.badEvidence" });
    const evidence = await Promise.all(
      (open?.lacking ?? []).map(async ({ kind }) => {
        const scanId = await uploaded();
        await link(scanId, kind, "service", documentId);
        return { kind, link: { in: "scan", scanId } };
      }),
    );
    expect((await send("evidence", { attemptId, evidence })).json()).toMatchObject({
      attempts: [{ lacking: [] }],
    });
    expect((await desk.get<ScanView[]>(`/api/scans?kind=service&id=${documentId}`)).length).toBe(
      evidence.length,
    );
    const done = await send("completion", { attemptId, deliveredOn: "2026-11-20" });
    expect(done.json()).toMatchObject({ served: { method: "postal" } });
    const view = await desk.get<IntakeView>(`/api/intakes/${desk.view().applicationId}`);
    expect(view.papers.find((paper) => paper.documentId === documentId)?.service).toBe("served");
    expect(real.owed).toEqual([]);
    expect(test.lines.filter(({ message }) => message === "undeclared error code")).toEqual([]);
  });
});
