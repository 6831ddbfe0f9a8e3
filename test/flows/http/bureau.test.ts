/** The bureau's own program over HTTP with its token, on the real counter: who is let in, cases in, outcomes out. */
import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DueView, OutcomeView } from "../../../gateway/http/contract/bureau.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { type HttpDesk, openDesk } from "./desk-over-http.ts";
import { type RealService, realService } from "./real-service.ts";
import { APPLICANT } from "./signed-intake.ts";

const OUTCOMES = "/bureau/v1/outcomes";
let secrets: Awaited<ReturnType<typeof freshFolder>>;
let real: RealService;
let test: TestApp;
let desk: HttpDesk;
let token = "";
const given: string[] = [];

beforeAll(async () => {
  secrets = await freshFolder();
  real = realService(join(secrets.path, "secrets"));
  test = await openTestApp(real.make);
  desk = await openDesk(test);
});
afterAll(async () => {
  await real.close();
  await test.close();
  await secrets.remove();
});

const call = (method: "GET" | "POST", url: string, body?: object, authorization = `Bearer ${token}`) =>
  test.ask(method, url, { headers: { authorization }, ...(body === undefined ? {} : { body }) });
async function renew(): Promise<string> {
  const supervisor = await test.signIn("supervisor");
  const made = await desk.post<{ token: string }>(
    "/api/bureau/token",
    { commandId: randomUUID() },
    supervisor,
  );
  given.push(made.token);
  return made.token;
}
async function everyByteUnder(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
  );
}

describe("the bureau's token", () => {
  it("opens nothing before it is made, nor for a browser's session, nor in another form", async () => {
    const refusals = [
      await test.ask("GET", OUTCOMES),
      await call("GET", OUTCOMES, undefined, "Bearer nothing-was-made-yet"),
      await test.ask("GET", OUTCOMES, { as: await test.signIn("supervisor") }),
    ];
    token = await renew();
    for (const form of [`bearer ${token}`, `Basic ${token}`, `Bearer ${token} `, `Bearer ${token}x`, token])
      refusals.push(await call("GET", OUTCOMES, undefined, form));
    refusals.push(await test.ask("GET", `${OUTCOMES}?access_token=${token}`));
    for (const refusal of refusals.slice(0, -1))
      expect([refusal.statusCode, refusal.json().code]).toEqual([401, "bureau.notAdmitted"]);
    expect(refusals.at(-1)?.statusCode).toBeGreaterThanOrEqual(400);
    expect((await call("GET", OUTCOMES)).statusCode).toBe(200);
  });

  it("is made by supervisor or technician alone, and opens nothing of the staff's side", async () => {
    const byClerk = await test.ask("POST", "/api/bureau/token", {
      as: desk.clerk,
      body: { commandId: randomUUID() },
    });
    expect(byClerk.json()).toMatchObject({ code: "people.wrongRole" });
    expect((await call("GET", "/api/bureau/cases")).json()).toMatchObject({ code: "people.noSession" });
  });

  it("ends with the next one", async () => {
    const before = token;
    token = await renew();
    expect(token).not.toBe(before);
    expect((await call("GET", OUTCOMES, undefined, `Bearer ${before}`)).statusCode).toBe(401);
    expect((await call("GET", OUTCOMES)).statusCode).toBe(200);
  });
});

describe("cases by the program", () => {
  it("are one case however often they are sent, and are refused like what a clerk types", async () => {
    const { matters } = await desk.get<{ matters: { code: string }[] }>("/api/catalogue");
    const body = {
      commandId: randomUUID(),
      caseNo: "昌审〔2026〕17号",
      matterCode: matters[0]?.code,
      applicant: APPLICANT,
    };
    const first = await call("POST", "/bureau/v1/cases", body);
    expect(first.json()).toEqual({ caseNo: body.caseNo, applicationId: null });
    const { size } = test.store.stats();
    expect((await call("POST", "/bureau/v1/cases", body)).json()).toEqual(first.json());
    const again = { ...body, commandId: randomUUID() };
    expect((await call("POST", "/bureau/v1/cases", again)).json()).toEqual(first.json());
    expect(test.store.stats().size).toBe(size);
    const wrong = { ...again, applicant: { ...APPLICANT, idNumber: "110105194912310021" } };
    const refusal = await call("POST", "/bureau/v1/cases", { ...wrong, commandId: randomUUID() });
    expect(refusal.json()).toMatchObject({ code: "intake.badIdNumber" });
    expect(refusal.body).not.toContain("110105194912310021");
    expect(test.store.stats().size).toBe(size);
    const cases =
      await desk.get<{ caseNo: string; source: string; applicant: object }[]>("/api/bureau/cases");
    expect(cases).toMatchObject([{ caseNo: body.caseNo, source: "api", applicant: APPLICANT }]);
  });
});

describe("outcomes and the decision", () => {
  const seen: OutcomeView[] = [];
  async function pull(from?: string): Promise<string | undefined> {
    let cursor = from;
    for (;;) {
      const after = cursor === undefined ? "" : `&after=${cursor}`;
      const { rows, next } = (await call("GET", `${OUTCOMES}?limit=1${after}`)).json<{
        rows: OutcomeView[];
        next: string | null;
      }>();
      if (next === null) return cursor;
      seen.push(...rows);
      cursor = next;
    }
  }

  it("come by cursor, each once under the case's number, however the pull is cut", async () => {
    await desk.register();
    const { applicationId } = desk.view();
    const caseNo = "昌审〔2026〕17号";
    await desk.post("/api/bureau/cases/link", { commandId: randomUUID(), caseNo, applicationId });
    const cursor = await pull();
    await desk.accept();
    await pull(cursor);
    expect(seen.map(({ kind }) => kind)).toEqual(["registered", "received", "accepted"]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
    for (const row of seen) expect(row).toMatchObject({ caseNo, applicationId });
    expect(JSON.stringify(seen)).not.toContain(APPLICANT.name);
    expect((await call("GET", `${OUTCOMES}?after=..%2f`)).statusCode).toBe(400);
  });

  it("follow pause and resume, and the decision is then handed over here", async () => {
    const { applicationId } = desk.view();
    const on = (what: string, body: object) =>
      call("POST", `/bureau/v1/applications/${applicationId}/${what}`, { commandId: randomUUID(), ...body });
    const pause = { reason: "hearing", from: "2026-11-20", documentNo: "昌听〔2026〕3号" };
    const paused = await on("pause", pause);
    expect(paused.json<DueView>()).toMatchObject({ status: "paused", pauses: [{ ...pause, to: null }] });
    expect((await on("pause", pause)).json()).toMatchObject({ code: "bureau.paused" });
    test.clock.setWallMs(Date.UTC(2026, 10, 25, 2));
    const resumed = await on("resume", { to: "2026-11-24" });
    expect(resumed.json<DueView>()).toMatchObject({ status: "running", pauses: [{ to: "2026-11-24" }] });
    const early = { decision: "granted", number: "昌许〔2026〕9号", decidedOn: "2026-11-19" };
    expect((await on("decision", early)).json()).toMatchObject({ code: "bureau.badDate" });
    const decision = { ...early, decidedOn: "2026-11-25", commandId: randomUUID() };
    const another = { ...decision, commandId: randomUUID() };
    const url = `/bureau/v1/applications/${applicationId}/decision`;
    const made = (await call("POST", url, decision)).json<DueView>();
    expect(made).toMatchObject({ status: "toDeliver", documentId: `${applicationId}.x1` });
    expect((await call("POST", url, decision)).json()).toEqual(made);
    expect((await on("decision", another)).json()).toMatchObject({ code: "bureau.decided" });
    const services = await desk.get<{ documentId: string; foreign: boolean; number: string }[]>(
      `/api/intakes/${applicationId}/services`,
    );
    expect(services.filter(({ foreign }) => foreign)).toMatchObject([
      { documentId: made.documentId, number: decision.number },
    ]);
    const unknown = url.replace(applicationId, `${applicationId.slice(0, -1)}0`);
    expect((await call("POST", unknown, { ...another, commandId: randomUUID() })).json()).toMatchObject({
      code: "bureau.notAccepted",
    });
    expect(real.owed).toEqual([]);
  });
});

describe("the edge of the program's side", () => {
  it("takes 120 calls of a route a minute, those with a wrong token among them", async () => {
    const url = "/bureau/v1/cases";
    const statuses = new Map<number, number>();
    let last = await call("POST", url, {}, "Bearer guess");
    for (let calls = 1; calls <= 121; calls++) {
      last = await call("POST", url, {}, `Bearer guess${calls}`);
      statuses.set(last.statusCode, (statuses.get(last.statusCode) ?? 0) + 1);
    }
    expect(new Set(statuses.keys())).toEqual(new Set([401, 429]));
    expect(last.json()).toMatchObject({ code: "http.tooManyRequests" });
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
    // Whoever holds the token waits too, but another route still answers.
    expect((await call("POST", url, {})).statusCode).toBe(429);
    expect((await call("GET", OUTCOMES)).statusCode).toBe(200);
  });

  it("is described with the bearer scheme, which no other route has", async () => {
    const { components, paths } = (await test.ask("GET", "/openapi.json")).json<{
      components: { securitySchemes: object };
      paths: Record<string, Record<string, { tags: string[]; security?: object[] }>>;
    }>();
    expect(components.securitySchemes).toMatchObject({ bureauToken: { type: "http", scheme: "bearer" } });
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const secured = operations.filter(({ security }) => security !== undefined);
    expect(secured).toHaveLength(operations.filter(({ tags }) => tags.includes("bureau-api")).length);
    expect(secured.length).toBeGreaterThan(4);
    for (const { tags, security } of secured)
      expect({ tags, security }).toEqual({ tags: ["bureau-api"], security: [{ bureauToken: [] }] });
  });

  it("keeps no token: not in a line of the program's log, not in the store, and only its hash as a secret", async () => {
    expect(given).toHaveLength(2);
    const lines = JSON.stringify(test.lines);
    const disk = Buffer.concat([await everyByteUnder(test.folder), await everyByteUnder(secrets.path)]);
    expect(disk.length).toBeGreaterThan(1000);
    for (const secret of given) {
      expect(lines).not.toContain(secret);
      expect(disk.includes(secret)).toBe(false);
    }
    expect(lines).not.toContain("guess1");
  });
});
