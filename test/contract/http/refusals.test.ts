/** Every class of refusal: one form, a status, both languages, a request id, and no word of what runs inside. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CodedError, errorTable } from "../../../gateway/domain/errors.ts";
import type { ErrorAnswer } from "../../../gateway/http/contract/errors.ts";
import { type TestApp, openTestApp } from "./test-app.ts";

const ID_NUMBER = "130322198001011234";
let test: TestApp;
let fails: () => Promise<never>;
beforeAll(async () => {
  test = await openTestApp({ intake: { get: () => fails(), register: () => fails() } });
});
afterAll(() => test.close());

function expectRefusal(
  response: { statusCode: number; headers: Record<string, unknown>; body: string },
  code: keyof typeof errorTable,
): ErrorAnswer {
  const answer = JSON.parse(response.body) as ErrorAnswer;
  expect(answer.code).toBe(code);
  expect(response.statusCode).toBe(errorTable[code].status);
  expect(answer.status).toBe(response.statusCode);
  expect(answer.message).toEqual({ zh: errorTable[code].zh, en: errorTable[code].en });
  expect(answer.requestId).toBe(response.headers["x-request-id"]);
  expect(response.body).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|FST_|Error:/);
  expect(response.headers["cache-control"]).toBe("no-store");
  return answer;
}

describe("the edge refuses", () => {
  it("an address that no route has", async () => {
    expectRefusal(await test.ask("GET", "/api/nothing"), "http.notFound");
    expectRefusal(await test.ask("GET", "/nothing.html"), "http.notFound");
    expectRefusal(await test.ask("PUT", "/api/session"), "http.notFound");
  });

  it("an address that can't be decoded", async () => {
    expectRefusal(await test.ask("GET", "/api/intakes/%E0%A4%A"), "http.badRequest");
  });

  it("files outside the pages and hidden ones", async () => {
    for (const url of [
      "/../secrets/tls/ca.secret",
      "/..%2f..%2fetc/passwd",
      "/.git/config",
      "/assets/..%2f..%2fx",
    ])
      expect((await test.ask("GET", url)).statusCode, url).toBeGreaterThanOrEqual(400);
  });

  it("a body that is too large, before it is read", async () => {
    const body = { user: "clerk", password: "x".repeat(70_000) };
    expectRefusal(await test.ask("POST", "/api/session", { body }), "http.bodyTooLarge");
  });

  it("a body of the wrong media type", async () => {
    for (const type of [
      "text/plain",
      "application/xml",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
    ])
      expectRefusal(
        await test.ask("POST", "/api/session", { body: "user=clerk", headers: { "content-type": type } }),
        "http.wrongMediaType",
      );
  });

  it("JSON that is none, and a missing body", async () => {
    const headers = { "content-type": "application/json" };
    expectRefusal(await test.ask("POST", "/api/session", { body: "{", headers }), "http.badRequest");
    expectRefusal(await test.ask("POST", "/api/session"), "http.badRequest");
  });

  it("a body that is not of the form, naming the place and never the value", async () => {
    const answer = expectRefusal(
      await test.ask("POST", "/api/session", {
        body: { user: "clerk", password: 12345678, secret: ID_NUMBER },
      }),
      "http.badRequest",
    );
    expect(JSON.stringify(answer.details)).toContain("/password");
    expect(JSON.stringify(answer)).not.toContain("12345678");
    expect(JSON.stringify(answer)).not.toContain(ID_NUMBER);
  });

  it("a poisoned prototype", async () => {
    const headers = { "content-type": "application/json" };
    const body = '{"user":"clerk","password":"x","__proto__":{"admin":true}}';
    expectRefusal(await test.ask("POST", "/api/session", { body, headers }), "http.badRequest");
  });

  it("a caller without a session, with a wrong one, and with one that ended", async () => {
    expectRefusal(await test.ask("GET", "/api/intakes"), "people.noSession");
    const cookie = `session=${randomBytes(32).toString("base64url")}`;
    expectRefusal(await test.ask("GET", "/api/intakes", { headers: { cookie } }), "people.noSession");
    const as = await test.signIn("clerk");
    await test.ask("DELETE", "/api/session", { as });
    expectRefusal(await test.ask("GET", "/api/session", { as }), "people.noSession");
  });

  it("a role that the route does not admit", async () => {
    const as = await test.signIn("clerk");
    expectRefusal(await test.ask("GET", "/api/ledgers/access", { as }), "people.wrongRole");
    expectRefusal(await test.ask("POST", "/api/camera-discoveries", { as }), "people.wrongRole");
  });

  it("who asks before what is asked: a stranger learns nothing of the form", async () => {
    expectRefusal(await test.ask("POST", "/api/people", { body: { nonsense: true } }), "people.noSession");
  });

  it("a changing call without the session's CSRF token, or from another site's page", async () => {
    const as = await test.signIn("technician");
    const body = { counterId: "win-1" };
    const url = "/api/kiosk/binding-codes";
    for (const headers of [
      { "x-csrf-token": "" },
      { "x-csrf-token": "guess" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://elsewhere.test" },
      { origin: "null" },
    ] as Record<string, string>[])
      expectRefusal(await test.ask("POST", url, { as, body, headers }), "people.csrf");
    const headers = { "sec-fetch-site": "same-origin", origin: "http://localhost:80", host: "localhost:80" };
    expect((await test.ask("POST", url, { as, body, headers })).statusCode).toBe(201);
  });

  it("a kiosk that is not bound, and an applicant without a claim", async () => {
    expectRefusal(await test.ask("GET", "/api/kiosk/state"), "people.kioskNotBound");
    const as = await test.bindKiosk();
    expectRefusal(await test.ask("GET", "/api/kiosk/papers", { as }), "people.noClaim");
    expectRefusal(await test.ask("GET", "/api/kiosk/papers/doc-1/content", { as }), "people.notYours");
    expectRefusal(await test.ask("GET", "/api/intakes", { as }), "people.noSession");
  });

  it("metrics to anybody who is not on the box", async () => {
    const response = await test.app.inject({ url: "/metrics", remoteAddress: "192.0.2.7" });
    expectRefusal(response, "http.loopbackOnly");
    expect((await test.ask("GET", "/metrics")).body).toContain("counter_log_entries");
  });

  it("too many calls, telling when to come again", async () => {
    const limited = [];
    for (let i = 0; i < 14; i++) {
      const response = await test.app.inject({
        method: "POST",
        url: "/api/kiosk/binding",
        remoteAddress: "127.0.0.9",
        payload: { code: "WRONG" },
      });
      if (i < 10) expectRefusal(response, "people.bindingCodeWrong");
      else limited.push(response);
    }
    for (const response of limited) {
      expectRefusal(response, "http.tooManyRequests");
      expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
    }
  });

  it("what the use case refuses, with the article of the profile", async () => {
    fails = () =>
      Promise.reject(new CodedError("intake.itemsUnjudged", { article: "S1-6(4)", items: ["a", "b"] }));
    const as = await test.signIn("clerk");
    const answer = expectRefusal(await test.ask("GET", "/api/intakes/app-1", { as }), "intake.itemsUnjudged");
    expect(answer.article).toBe("S1-6(4)");
    expect(answer.details).toEqual({ items: ["a", "b"] });
  });

  it("a defect with nothing but a request id, while the log has the cause", async () => {
    fails = () =>
      Promise.reject(new TypeError(`cannot read ${ID_NUMBER} of undefined at /srv/gateway/x.ts:1:2`));
    const as = await test.signIn("clerk");
    const answer = expectRefusal(await test.ask("GET", "/api/intakes/app-1", { as }), "http.internal");
    expect(JSON.stringify(answer)).not.toContain(ID_NUMBER);
    const line = test.lines.find(({ fields }) => fields["requestId"] === answer.requestId);
    expect(line).toMatchObject({ level: "error", fields: { error: { name: "TypeError" } } });
  });

  it("a thrown thing that is not an error", async () => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a dependency might do this
    fails = () => Promise.reject("plain text");
    const as = await test.signIn("clerk");
    expectRefusal(await test.ask("GET", "/api/intakes/app-1", { as }), "http.internal");
  });
});

describe("the log of requests", () => {
  it("names routes by their pattern and holds nothing that was sent", async () => {
    const as = await test.signIn("clerk");
    fails = () => Promise.reject(new CodedError("intake.conflict"));
    await test.ask("POST", "/api/intakes/app-77/register", {
      as,
      body: {
        commandId: "12345678",
        expectedVersion: 0,
        matterCode: "food-licence",
        applicant: {
          kind: "person",
          name: "张三",
          idKind: "residentId",
          idNumber: ID_NUMBER,
          phone: "13800000000",
        },
      },
    });
    const text = JSON.stringify(test.lines.filter(({ message }) => message === "request"));
    expect(text).toContain("POST /api/intakes/:id/register");
    for (const secret of ["app-77", "张三", ID_NUMBER, as.csrf, as.cookie])
      expect(text).not.toContain(secret);
  });
});
