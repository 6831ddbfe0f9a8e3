/**
 * The whole gateway is off from before a limit until after it (libfaketime): what the law made meanwhile is derived at
 * the start, once, with its paper; and a kill right after that makes no second one.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { proves } from "../../law/proves.ts";
import { FAKETIME_INSTALL, fakedClock, hasFaketime } from "../../peers/faketime/faked-clock.ts";
import { until } from "../children.ts";
import { CounterClerk } from "../counter-clerk.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const LIMIT_MS = 20_000;
const at = (text: string): number => Math.round((Date.parse(`${text}:00+08:00`) - Date.now()) / 1000);

if (!hasFaketime) console.warn(`SKIPPED, a gateway off across a limit needs: ${FAKETIME_INSTALL}`);

describe.skipIf(!hasFaketime)(`a gateway that was off across a limit (else: ${FAKETIME_INSTALL})`, () => {
  let folder: string;
  let id = "";
  let later: IntakeView;
  let afterKill: IntakeView;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "off-across-limit-"));
    const clock = fakedClock(join(folder, "clock"));
    const start = () => startGatewayProcess({ dataFolder: join(folder, "data"), env: { ...clock.env } });
    const read = async (gateway: RunningGateway): Promise<IntakeView> => {
      const clerk = await Caller.signIn(gateway.url, "clerk", await gateway.password("clerk"));
      let view: IntakeView | undefined;
      await until("the limit's consequence", LIMIT_MS, async () => {
        view = (await clerk.json("GET", `/api/intakes/${id}`)) as IntakeView;
        return view.phase === "ACCEPTED" && view.papers.every((paper) => paper.finished);
      });
      if (view === undefined) throw new Error("no view");
      return view;
    };

    clock.set(at("2026-09-24T10:00"));
    const before = await start();
    const clerk = await Caller.signIn(before.url, "clerk", await before.password("clerk"));
    const counter = new CounterClerk(clerk, "counter-1", () => undefined);
    id = (await counter.serve("leave-received")).applicationId;
    expect(await before.close()).toBe(0);

    clock.set(at("2026-10-12T09:00"));
    const again = await start();
    later = await read(again);
    await again.kill();
    const third = await start();
    afterKill = await read(third);
    expect(await third.close()).toBe(0);
  }, 150_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    proves(
      ["S1-6(4)", "S4-9(3)"],
      "AS-11: has the application accepted from the day of receipt, with one late notice, dated today",
    ),
    () => {
      expect(later.papers.map(({ kind }) => kind)).toEqual(["materialReceipt", "lateAcceptanceNotice"]);
      expect(later.receivedOn).toBe("2026-09-24");
      expect(later.clocks).toContainEqual(
        expect.objectContaining({ kind: "decisionLegal", fromDay: "2026-09-24" }),
      );
      expect(later.history.filter(({ what }) => what === "accepted")).toMatchObject([
        { by: "gateway", role: "system" },
      ]);
    },
  );

  it("is not derived a second time after a kill", () => {
    expect(afterKill.papers.map(({ number }) => number)).toEqual(later.papers.map(({ number }) => number));
    expect(afterKill.history.filter(({ what }) => what === "accepted")).toHaveLength(1);
    expect(afterKill.version).toBe(later.version);
  });
});
