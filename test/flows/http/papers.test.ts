/** Papers over HTTP: anybody checks, the applicant takes theirs along, and nothing of it is in an address or a log. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { type RealUseCases, realUseCases } from "./real-use-cases.ts";
import { APPLICANT, type SignedIntake, signedIntake } from "./signed-intake.ts";

let real: RealUseCases;
let test: TestApp;
let done: SignedIntake;
beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(real.make);
  done = await signedIntake(test);
});
afterAll(async () => {
  await real.close();
  await test.close();
});

const take = async (what: "receipt" | "pdf", code: string) =>
  test.ask("POST", `/api/papers/take/${what}`, { body: { code } });
async function takeCode(): Promise<string> {
  const url = `/api/kiosk/papers/${done.documentId}/take`;
  return (await test.ask("POST", url, { as: done.kiosk, body: {} })).json<{ code: string }>().code;
}

it("lets the applicant take PDF and receipt along, by a code that wears out and that no stranger has", async () => {
  const url = `/api/kiosk/papers/${done.documentId}/take`;
  expect((await test.ask("POST", url, { body: {} })).statusCode).toBe(401);
  const code = await takeCode();
  const receipt = await take("receipt", code);
  const pdf = await take("pdf", code);
  expect(receipt.body.startsWith("c2sp.org/tlog-proof@v1\n")).toBe(true);
  expect(pdf.rawPayload.subarray(0, 5).toString()).toBe("%PDF-");
  const pdfSha256 = createHash("sha256").update(pdf.rawPayload).digest("hex");
  const checked = await test.ask("POST", "/api/papers/check", { body: { text: receipt.body, pdfSha256 } });
  expect(checked.json()).toMatchObject({
    result: "genuine",
    kind: "materialReceipt",
    standing: "current",
    pdf: "same",
  });
  expect(checked.body).not.toContain(APPLICANT.name);
  const others = await Promise.all(["A", "B"].map((end) => take("pdf", `${code.slice(0, -1)}${end}`)));
  const stranger = others.find(({ statusCode }) => statusCode === 403);
  expect(stranger?.json()).toMatchObject({ code: "people.takeCodeWrong" });
  for (let times = 2; times < 6; times++) await take("receipt", code);
  expect((await take("receipt", code)).json()).toMatchObject({ code: "people.takeCodeWrong" });
});

it("forgets a code after ten minutes", async () => {
  const code = await takeCode();
  const later = performance.now() + 10 * 60_000 + 1;
  const clock = vi.spyOn(test.clock, "monotonicMs").mockReturnValue(later);
  try {
    expect((await take("pdf", code)).json()).toMatchObject({ code: "people.takeCodeWrong" });
  } finally {
    clock.mockRestore();
  }
});

it("gives the clerk the receipt, and every receipt and PDF that leaves is a row of the access ledger", async () => {
  const answer = await test.ask("GET", `/api/documents/${done.documentId}/receipt`, { as: done.clerk });
  expect(answer.headers["content-disposition"]).toBe(`attachment; filename="${done.documentId}.tlog-proof"`);
  const as = await test.signIn("supervisor");
  const { rows } = (await test.ask("GET", "/api/ledgers/access", { as })).json<{
    rows: { by: string; act: string; subject: string }[];
  }>();
  const copies = rows.filter(({ act }) => act === "copy").map(({ by, subject }) => `${by} ${subject}`);
  expect(copies).toContain(`clerk document/${done.documentId}`);
  expect(copies).toContain(`kiosk/win-1 document/${done.documentId}`);
});

it("answers strangers a limited number of times a minute, with nothing of what they sent in any log", async () => {
  const text = "C1:A.1.SOMETHING-THAT-MUST-NOT-BE-LOGGED";
  const answers = [];
  for (let i = 0; i < 40; i++) answers.push(await test.ask("POST", "/api/papers/check", { body: { text } }));
  expect(answers[0]?.json()).toEqual({ result: "cannotTell", why: "notAPaper" });
  expect(answers.at(-1)?.statusCode).toBe(429);
  expect(answers.at(-1)?.json()).toMatchObject({ code: "http.tooManyRequests" });
  const logged = JSON.stringify(test.lines);
  expect(logged).toContain("/api/papers/check");
  for (const word of ["SOMETHING-THAT", "tlog-proof", APPLICANT.name, APPLICANT.idNumber])
    expect(logged).not.toContain(word);
  expect(test.lines.filter(({ level }) => level === "error")).toEqual([]);
});
