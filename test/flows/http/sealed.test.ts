/** A sealed matter over HTTP: who asks for a paper or a scan of it gets the answer that one gets who asks for nothing. */
import { createHash, randomUUID } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createScans } from "../../../gateway/docks/scans/scans.ts";
import { type CommandId, commandId, sha256Hex, userId } from "../../../gateway/domain/ids.ts";
import type { Scan, Scans } from "../../../gateway/docks/scans/scans.ts";
import type { ScanLink } from "../../../gateway/domain/scan.ts";
import { inspectPicture, pictureThumbnail } from "../../../gateway/recording/pictures.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import { type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { proves } from "../../law/proves.ts";
import { type RealUseCases, realUseCases } from "./real-use-cases.ts";
import { type SignedIntake, signedIntake } from "./signed-intake.ts";

const BY = userId("clerk");
const fresh = (): CommandId => commandId(randomUUID());

let real: RealUseCases;
let scans: Scans;
let test: TestApp;
let done: SignedIntake;
let matterId: string;
beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(async (parts) => {
    scans = createScans({
      ...parts,
      reader: parts.append,
      pictures: { inspect: inspectPicture, thumbnail: pictureThumbnail },
      probe: { probe: probeMedia },
      targets: { document: async () => true, application: async () => true },
    });
    return { ...(await real.make(parts)), scans };
  });
  done = await signedIntake(test);
  matterId = (await test.deps.documents.find(done.documentId as never))?.applicationId ?? "";
});
afterAll(async () => {
  await scans.close();
  await real.close();
  await test.close();
});

async function scanOf(link: ScanLink, width: number): Promise<Scan> {
  const create = { width, height: 40, channels: 3, background: "white" } as const;
  const bytes = new Uint8Array(await sharp({ create }).png().toBuffer());
  const sha256 = sha256Hex(createHash("sha256").update(bytes).digest("hex"));
  const { uploadId } = await scans.announce({
    by: BY,
    mediaType: "image/png",
    sizeBytes: bytes.length,
    sha256,
  });
  await scans.addChunk(uploadId, 0, bytes);
  return scans.link({ commandId: fresh(), by: BY, scanId: uploadId, purpose: "material", link });
}

it(
  proves(
    ["S0-33", "S1-20", "S2-29"],
    "a sealed matter's papers and scans are nowhere to be had, and no answer tells that there is a seal",
  ),
  async () => {
    const { clerk, kiosk, documentId } = done;
    const { claim } = (await test.ask("GET", "/api/kiosk/state", { as: kiosk })).json<{ claim: unknown }>();
    expect(claim).not.toBeNull();
    const links: readonly ScanLink[] = [
      { kind: "application", id: matterId },
      { kind: "document", id: documentId },
    ];
    const found = await Promise.all(links.map((link, i) => scanOf(link, 60 + i)));
    const takeUrl = `/api/kiosk/papers/${documentId}/take`;
    const { code } = (await test.ask("POST", takeUrl, { as: kiosk, body: {} })).json<{ code: string }>();
    const take = (what: string, by = code) =>
      test.ask("POST", `/api/papers/take/${what}`, { body: { code: by } });
    const { body: receipt } = await take("receipt");
    const check = () => test.ask("POST", "/api/papers/check", { body: { text: receipt } });
    const scan = (id: string, what: string) => test.ask("GET", `/api/scans/${id}/${what}`, { as: clerk });
    const listed = async () =>
      Promise.all(
        links.map(async ({ kind, id }) =>
          (await test.ask("GET", `/api/scans?kind=${kind}&id=${id}`, { as: clerk })).json<unknown[]>(),
        ),
      );
    const rows = async () => {
      const as = await test.signIn("supervisor");
      return (await test.ask("GET", "/api/ledgers/access", { as })).json<{ rows: unknown[] }>().rows.length;
    };

    // Open: everything is there.
    expect((await check()).json()).toMatchObject({ result: "genuine" });
    expect((await take("pdf")).statusCode).toBe(200);
    for (const { scanId } of found)
      for (const what of ["content", "thumbnail"]) expect((await scan(scanId, what)).statusCode).toBe(200);
    expect((await listed()).map(({ length }) => length)).toEqual([1, 1]);

    const caller = { userId: BY, roles: ["clerk"] } as const;
    await test.deps.access.seal({ commandId: fresh(), caller, matterId, reason: "附件标有机密" });
    const before = await rows();
    expect((await check()).json()).toEqual({ result: "cannotTell", why: "notFinished" });
    const wrong = await take("pdf", `${"A".repeat(21)}B`);
    for (const what of ["pdf", "receipt"]) {
      const answer = await take(what);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        403,
        "people.takeCodeWrong",
      ]);
      expect(Object.keys(answer.json())).toEqual(Object.keys(wrong.json()));
    }
    const strangers = await test.ask("POST", "/api/kiosk/papers/no.d9/take", { as: kiosk, body: {} });
    const own = await test.ask("POST", takeUrl, { as: kiosk, body: {} });
    expect([own.statusCode, own.json<{ code: string }>().code]).toEqual([
      strangers.statusCode,
      strangers.json<{ code: string }>().code,
    ]);
    const nothing = await scan(`s${"0".repeat(40)}`, "content");
    expect(nothing.json()).toMatchObject({ code: "scans.noSuchScan" });
    for (const { scanId } of found)
      for (const what of ["content", "thumbnail"]) {
        const answer = await scan(scanId, what);
        expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, "scans.noSuchScan"]);
        expect(Object.keys(answer.json())).toEqual(Object.keys(nothing.json()));
      }
    expect(await listed()).toEqual([[], []]);
    const spans = await test.ask("GET", `/api/intakes/${matterId}/footage`, { as: clerk });
    expect(spans.json()).toMatchObject({ code: "access.sealed" });
    // Nothing was shown, so the ledger has no row that says so.
    expect(await rows()).toBe(before);

    const head = { userId: userId("head"), roles: ["leader"] } as const;
    const release = { matterId, decision: "release", opinion: "核实后不涉密" } as const;
    await test.deps.access.decideSeal({ commandId: fresh(), caller: head, ...release });
    expect((await check()).json()).toMatchObject({ result: "genuine" });
    expect((await take("pdf")).statusCode).toBe(200);
    expect((await listed()).map(({ length }) => length)).toEqual([1, 1]);
  },
);
