/** Footage leaves within a viewing alone: its row in the ledger comes first, and it opens nothing beyond its range. */
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { applicationId, streamId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { type SignedIn, type TestApp, openTestApp } from "./test-app.ts";

const STREAM = streamId("camera/cam-1/main");
const SECOND = 1000;
let test: TestApp;
let fromMs: number;
let init: { readonly ref: Appended; readonly bytes: Uint8Array };
let fragments: { readonly ref: Appended; readonly bytes: Uint8Array }[];
let supervisor: SignedIn;

beforeEach(async () => {
  stills.length = 0;
  test = await openTestApp({
    recorders: {
      thumbnail: async (_camera, atMs) => {
        stills.push(atMs);
        return Uint8Array.of(1, 2, 3);
      },
    },
  });
  fromMs = test.clock.wallMs() - 60 * SECOND;
  const footage = { stream: STREAM, codec: "avc1.4d0028" } as const;
  const initBytes = randomBytes(64);
  const fragmentBytes = [0, 1, 2].map(() => randomBytes(500));
  const appended = await test.store.append([
    { type: "run", stream: STREAM, record: { json: { v: 1 } } },
    { ...footage, type: "init", bytes: initBytes, t: fromMs },
    ...fragmentBytes.map((bytes, i) => ({
      ...footage,
      type: "fragment" as const,
      bytes,
      t: fromMs + i * 2 * SECOND,
      durMs: 2 * SECOND,
    })),
    {
      type: "gap",
      stream: STREAM,
      record: { json: { from: fromMs + 6 * SECOND, to: fromMs + 8 * SECOND, causes: ["disconnected"] } },
    },
  ]);
  const [, initRef, ...rest] = appended;
  const last = appended.at(-1);
  if (initRef === undefined || last === undefined) throw new Error("nothing appended");
  await test.store.applied(last);
  init = { ref: initRef, bytes: initBytes };
  fragments = fragmentBytes.flatMap((bytes, i) => {
    const ref = rest[i];
    return ref === undefined ? [] : [{ ref, bytes }];
  });
  supervisor = await test.signIn("supervisor");
});
afterEach(() => test.close());

/** Asked of the recorder for thumbnails. */
const stills: number[] = [];

async function openViewing(as: SignedIn, seconds: number) {
  return test.ask("POST", "/api/viewings", {
    as,
    body: { cameraId: "cam-1", fromMs, toMs: fromMs + seconds * SECOND, reason: "投诉核查" },
  });
}
const nameOf = ({ logId, seq }: Appended, kind: "mp4" | "m4s"): string => `${logId}/${seq}.${kind}`;

describe("a viewing", () => {
  it("shows stills of its own range alone", async () => {
    const { viewingId } = (await openViewing(supervisor, 6)).json<{ viewingId: string }>();
    const still = (atMs: number, as = supervisor) =>
      test.ask("GET", `/api/viewings/${viewingId}/thumbnails/${atMs}`, { as });
    const answer = await still(fromMs + 2 * SECOND);
    expect(answer.headers["content-type"]).toBe("image/jpeg");
    expect((await still(fromMs + 6 * SECOND)).statusCode).toBe(404);
    expect((await still(fromMs - 1)).statusCode).toBe(404);
    expect((await still(fromMs, await test.signIn("leader"))).statusCode).toBe(404);
    expect(stills).toEqual([fromMs + 2 * SECOND]);
  });

  it(proves(["S3-C-2", "S0-36"], "is a row with reason and range before any picture"), async () => {
    const viewing = (await openViewing(supervisor, 8)).json<{ viewingId: string; playlist: string }>();
    const ledger = await test.ask("GET", "/api/ledgers/access", { as: supervisor });
    expect(ledger.json<{ rows: object[] }>().rows).toMatchObject([
      {
        by: "supervisor",
        act: "playback",
        subject: "camera/cam-1",
        reason: "投诉核查",
        fromMs,
        toMs: fromMs + 8 * SECOND,
        basis: "inspection",
      },
    ]);
    const playlist = await test.ask("GET", viewing.playlist, { as: supervisor });
    expect(playlist.headers["content-type"]).toBe("application/vnd.apple.mpegurl");
    expect(playlist.body).toContain(`#EXT-X-MAP:URI="${nameOf(init.ref, "mp4")}"`);
    const base = `/api/viewings/${viewing.viewingId}`;
    const first = await test.ask("GET", `${base}/${nameOf(init.ref, "mp4")}`, { as: supervisor });
    expect(first.rawPayload.equals(init.bytes)).toBe(true);
    for (const { ref, bytes } of fragments) {
      const answer = await test.ask("GET", `${base}/${nameOf(ref, "m4s")}`, { as: supervisor });
      expect(answer.rawPayload.equals(bytes)).toBe(true);
    }
  });

  it("is for inspectors and the officers of the case; everybody else needs an approved request", async () => {
    const id = applicationId("app-1");
    await test.begin(id, { fromMs, toMs: fromMs + 6 * SECOND });
    const body = { cameraId: "cam-1", fromMs, toMs: fromMs + 6 * SECOND, reason: "核对" };
    const ask = async (role: "clerk" | "custodian" | "leader", more: object = {}) => {
      const as = await test.signIn(role);
      return (await test.ask("POST", "/api/viewings", { as, body: { ...body, ...more } })).json<object>();
    };
    expect(await ask("custodian")).toMatchObject({ code: "access.noBasis" });
    expect(await ask("clerk")).toMatchObject({ code: "access.noBasis" });
    expect(await ask("clerk", { applicationId: id })).toHaveProperty("viewingId");
    expect(await ask("leader")).toHaveProperty("viewingId");
    // Beyond the matter's own session a clerk sees nothing.
    const beyond = { applicationId: id, fromMs: fromMs - SECOND };
    expect(await ask("clerk", beyond)).toMatchObject({ code: "access.noBasis" });
    const ledger = await test.ask("GET", "/api/ledgers/access", { as: supervisor });
    expect(ledger.json<{ rows: object[] }>().rows).toMatchObject([
      { by: "leader", basis: "inspection", applicationId: id },
      { by: "clerk", basis: "caseOfficer", applicationId: id },
    ]);
  });

  it("says what is missing, and why", async () => {
    const { coverage } = (await openViewing(supervisor, 8)).json<{ coverage: object }>();
    expect(coverage).toMatchObject({
      complete: false,
      spans: [{ fromMs, toMs: fromMs + 6 * SECOND }],
      gaps: [{ causes: ["disconnected"], fromMs: fromMs + 6 * SECOND, toMs: fromMs + 8 * SECOND }],
    });
    const gaps = await test.ask("GET", "/api/ledgers/gaps", { as: supervisor });
    expect(gaps.json<{ rows: object[] }>().rows).toMatchObject([
      { cameraId: "cam-1", causes: ["disconnected"] },
    ]);
  });

  it("opens nothing outside its range, and nothing to anybody else", async () => {
    const { viewingId } = (await openViewing(supervisor, 2)).json<{ viewingId: string }>();
    const [inside, outside] = [fragments[0], fragments[2]];
    if (inside === undefined || outside === undefined) throw new Error("no fragments");
    const ask = (ref: Appended, as: SignedIn) =>
      test.ask("GET", `/api/viewings/${viewingId}/${nameOf(ref, "m4s")}`, { as });
    expect((await ask(inside.ref, supervisor)).statusCode).toBe(200);
    expect((await ask(outside.ref, supervisor)).json()).toMatchObject({ code: "http.notFound" });
    expect((await ask(inside.ref, await test.signIn("leader"))).json()).toMatchObject({
      code: "http.notFound",
    });
    expect((await ask(inside.ref, await test.signIn("technician"))).json()).toMatchObject({
      code: "people.wrongRole",
    });
  });

  it("needs a reason, and a range that is not too long", async () => {
    const body = { cameraId: "cam-1", fromMs, toMs: fromMs + 10 * 3_600_000, reason: "x" };
    const long = await test.ask("POST", "/api/viewings", { as: supervisor, body });
    expect(long.json()).toMatchObject({ code: "recording.rangeTooLong" });
    const silent = await test.ask("POST", "/api/viewings", { as: supervisor, body: { ...body, reason: "" } });
    expect(silent.json()).toMatchObject({ code: "http.badRequest" });
  });
});

describe("the log over HTTP", () => {
  it("gives checkpoint, tiles and bundles to anybody, and no second address of a tile", async () => {
    const { logId } = init.ref;
    await test.store.covering(init.ref);
    const checkpoint = await test.ask("GET", `/log/${logId}/checkpoint`);
    expect(checkpoint.headers["content-type"]).toBe("text/plain; charset=utf-8");
    const size = Number(checkpoint.body.split("\n")[1]);
    const tile = await test.ask("GET", `/log/${logId}/tile/0/000.p/${size}`);
    expect(tile.rawPayload.length).toBe(32 * size);
    const bundle = await test.ask("GET", `/log/${logId}/tile/entries/000.p/${size}`);
    const entry = JSON.parse(
      bundle.rawPayload.subarray(2, 2 + bundle.rawPayload.readUInt16BE(0)).toString(),
    ) as object;
    expect(entry).toMatchObject({ seq: 0 });
    // Each rule with its section of tlog-tiles.
    expect(checkpoint.headers["cache-control"], "Checkpoints: mutable").toBe("no-cache");
    for (const answer of [tile, bundle]) {
      expect(answer.headers["content-type"]).toBe("application/octet-stream");
      expect(answer.headers["cache-control"], "Merkle Tree, Log entries: immutable").toContain("immutable");
    }
    const asked = { url: `/log/${logId}/tile/entries/000.p/${size}`, headers: { "accept-encoding": "gzip" } };
    const packed = await test.app.inject({ method: "GET", ...asked });
    expect(packed.headers["content-encoding"], "Log entries: compressed at the HTTP layer").toBe("gzip");
    expect(gunzipSync(packed.rawPayload)).toEqual(bundle.rawPayload);
    for (const path of [
      "0/000",
      "0/x000/000",
      "0/0",
      "entries/001",
      "64/000",
      "0/000.p/256",
      "0/000.p/0",
      "../x",
    ])
      expect((await test.ask("GET", `/log/${logId}/tile/${path}`)).statusCode, path).toBeGreaterThanOrEqual(
        400,
      );
    expect((await test.ask("GET", "/log/1999/checkpoint")).json()).toMatchObject({ code: "http.notFound" });
    expect((await test.ask("GET", "/log")).json()).toMatchObject({ origins: [{ logId }] });
  });
});
