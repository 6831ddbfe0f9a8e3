/** A paper whose number was made void: nobody at desk or kiosk is handed a slip of it; it can still be read. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { printerId } from "../../../gateway/domain/ids.ts";
import type { CommandAnswer, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { type TestApp, openTestApp } from "../../contract/http/test-app.ts";
import { type RealUseCases, realUseCases } from "./real-use-cases.ts";
import { type SignedIntake, signedIntake } from "./signed-intake.ts";

let real: RealUseCases;
let test: TestApp;
let done: SignedIntake;
const SLIP_1 = printerId("slip-1");
/** How many slips came out. */
let slips = 0;

beforeAll(async () => {
  real = realUseCases();
  test = await openTestApp(async (parts) => ({
    ...(await real.make(parts)),
    printers: {
      find: () => ({ id: SLIP_1, widthDots: 384, print: async () => void (slips += 1) }),
    },
    fleet: {
      wanted: async () => ({
        counters: [{ id: "win-1" as never, name: "1号窗口" }],
        cameras: [],
        printers: [{ id: SLIP_1, counterId: "win-1" }] as never,
        docks: [],
      }),
    },
  }));
  done = await signedIntake(test);
});
afterAll(async () => {
  await real.close();
  await test.close();
});

const printAt = (place: "documents" | "kiosk/papers", id: string) =>
  place === "documents"
    ? test.ask("POST", `/api/documents/${id}/print`, { as: done.clerk, body: { printerId: SLIP_1 } })
    : test.ask("POST", `/api/kiosk/papers/${id}/print`, { as: done.kiosk, body: {} });

async function printRows(id: string): Promise<number> {
  const as = await test.signIn("supervisor");
  const { rows } = (await test.ask("GET", "/api/ledgers/access", { as })).json<{
    rows: { act: string; subject: string }[];
  }>();
  return rows.filter(({ act, subject }) => act === "print" && subject === `document/${id}`).length;
}

it("prints until the number is void, then refuses at both places, and prints the paper that took its place", async () => {
  const { documentId } = done;
  for (const place of ["documents", "kiosk/papers"] as const)
    expect((await printAt(place, documentId)).json()).toMatchObject({ copyNo: expect.any(Number) });
  expect(slips).toBe(2);
  const applicationId = (await test.ask("GET", `/api/documents/${documentId}`, { as: done.clerk })).json<{
    applicationId: string;
  }>().applicationId;
  const before = (
    await test.ask("GET", `/api/intakes/${applicationId}`, { as: done.clerk })
  ).json<IntakeView>();
  const voided = await test.ask("POST", `/api/intakes/${applicationId}/void-paper`, {
    as: done.clerk,
    body: { commandId: randomUUID(), expectedVersion: before.version, documentId, reason: "打印串号" },
  });
  const { intake } = voided.json<CommandAnswer>();
  const rowsBefore = await printRows(documentId);
  for (const place of ["documents", "kiosk/papers"] as const) {
    const refused = await printAt(place, documentId);
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({
      code: "documents.numberVoid",
      message: { zh: expect.stringContaining("作废"), en: expect.stringContaining("void") },
    });
  }
  expect(slips).toBe(2);
  // A print that was refused is no row of the ledger of looks.
  expect(await printRows(documentId)).toBe(rowsBefore);
  const read = await test.ask("GET", `/api/documents/${documentId}/content`, { as: done.clerk });
  expect(read.statusCode).toBe(200);
  const fresh = intake.papers.find(({ voided: gone }) => gone === null)?.documentId ?? "";
  expect(fresh).not.toBe(documentId);
  expect((await printAt("documents", fresh)).json()).toEqual({ copyNo: 1 });
  expect(slips).toBe(3);
  expect(test.lines.filter(({ level }) => level === "error")).toEqual([]);
});
