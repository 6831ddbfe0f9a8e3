/** Replay checks: a sample nobody can choose, comments on the timeline, findings with order, deadline and closing. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { commandId, userId } from "../../../gateway/domain/ids.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { proves } from "../../law/proves.ts";
import { PEOPLE, fresh } from "../access/desk.ts";
import { refused } from "../intake/counter.ts";
import { INSPECTOR, type Inspected, RESPONSIBLE, openInspected } from "./inspected.ts";

let hall: Inspected;
afterEach(() => hall.remove());
const BY = { by: INSPECTOR };
const ALL = { fromMs: 0, toMs: Date.UTC(2100, 0) };

describe("a sample of a month", () => {
  it(
    proves(
      ["S0-36", "S3-B-7"],
      "is drawn from the log after the month, by a seed nobody can choose, and anybody can draw it again",
    ),
    async () => {
      hall = await openInspected({ profile: "qd-xha-commerce", now: "2026-09-16 10:00" });
      const matters: string[] = [];
      for (let i = 0; i < 6; i += 1) matters.push(await hall.counter.begin());
      const draw: Inspected["inspections"]["draw"] = (request) => hall.inspections.draw(request);
      const asked = { ...BY, commandId: fresh(), period: "2026-09", count: 3 };
      expect((await refused(draw(asked))).code).toBe("oversight.periodOpen");
      hall.counter.setNow("2026-10-08 09:00");
      for (const bad of [{ period: "2026-13" }, { count: 0 }, { count: 501 }])
        expect((await refused(draw({ ...asked, ...bad }))).code).toBe("oversight.badPeriod");
      expect((await refused(draw({ ...asked, period: "2026-08" }))).code).toBe("oversight.nothingToDraw");
      const { drawn, candidates } = await draw(asked);
      if (drawn === undefined) throw new Error("not drawn");
      expect(candidates).toBe(6);
      expect(new Set(drawn.items).size).toBe(3);
      // Anybody with the signed note and the list draws the same: three lines of hashing.
      const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
      const { origin, size, rootHex } = drawn;
      const seed = hash(`oversight-sample-v1\n${origin}\n${size}\n${rootHex}\n2026-09\n`);
      const ranked = matters
        .map((id) => `matter/${id}`)
        .toSorted((a, b) => (hash(`${seed}\n${a}`) < hash(`${seed}\n${b}`) ? -1 : 1));
      expect(drawn.items).toEqual(ranked.slice(0, 3));
      // The note that was signed covers the tree, and the root is the log's own.
      const checkpoint = parseCheckpoint(parseNote(drawn.note).text);
      expect(checkpoint.origin).toBe(origin);
      expect(checkpoint.size).toBeGreaterThanOrEqual(size);
      const logId = hall.counter.store.logs().at(-1)?.logId;
      if (logId === undefined) throw new Error("no log");
      expect(Buffer.from(await hall.counter.store.rootAt(logId, size)).toString("hex")).toBe(rootHex);
      // Not again, and not by another.
      const again = { by: userId("head-1"), commandId: fresh(), period: "2026-09", count: 6 };
      expect((await refused(draw(again))).code).toBe("oversight.alreadyDrawn");
      expect((await draw(asked)).drawn?.items).toEqual(drawn.items);
    },
  );
});

describe("the inspection ledger", () => {
  it(proves(["S0-36"], "has a row for every playback by an inspector, and for none by others"), async () => {
    hall = await openInspected({ profile: "qd-xha-commerce" });
    const id = await hall.decided();
    const { sessions } = (await hall.counter.intake.get(id)).state;
    const fromMs = sessions[0]?.fromMs ?? 0;
    const look = { act: "playback", subject: "camera/cam-1", reason: "队容风纪抽检", matterId: id } as const;
    const footage = { cameraId: "cam-1", fromMs, toMs: fromMs + 1 };
    await hall.access.open({ ...look, caller: PEOPLE.clerk, footage });
    expect(await hall.inspections.ledger(ALL)).toEqual([]);
    await hall.access.open({ ...look, caller: PEOPLE.legal, footage });
    await hall.inspections.comment({
      ...BY,
      commandId: fresh(),
      subject: `matter/${id}`,
      text: "未出示证件",
      momentMs: fromMs + 1,
    });
    expect(await hall.inspections.ledger(ALL)).toMatchObject([
      { kind: "comment", by: "legal-1", subject: `matter/${id}`, momentMs: fromMs + 1, text: "未出示证件" },
      { kind: "playback", by: "legal-1", subject: `matter/${id}`, momentMs: fromMs, text: "队容风纪抽检" },
    ]);
  });

  it(
    proves(
      ["S3-B-7"],
      "orders what was found to be rectified by a day, watches it, and is closed by another person",
    ),
    async () => {
      hall = await openInspected({ profile: "zz-mr", now: "2026-09-16 10:00" });
      const { inspections } = hall;
      const asked = {
        ...BY,
        subject: "camera/cam-1",
        text: "现场记录中断",
        order: "三日内提交说明并重新培训",
        responsible: RESPONSIBLE,
        dueOn: "2026-09-19",
        article: "S3-B-7",
      };
      const bad = [
        [{ dueOn: "2026-09-15" }, "oversight.badDeadline"],
        [{ dueOn: "2026-02-30" }, "oversight.badDeadline"],
        [{ order: " " }, "oversight.badText"],
        [{ subject: "x" }, "oversight.badText"],
        [{ responsible: userId("nobody") }, "oversight.noSuchPerson"],
      ] as const;
      for (const [change, code] of bad)
        expect((await refused(inspections.find({ ...asked, ...change, commandId: fresh() }))).code).toBe(
          code,
        );
      expect(await hall.inspections.findings()).toEqual([]);
      const first = commandId("finding-0001");
      const { findingId } = await inspections.find({ ...asked, commandId: first });
      expect((await inspections.find({ ...asked, commandId: first })).findingId).toBe(findingId);
      hall.counter.setNow("2026-09-19 23:59");
      expect(await inspections.overdue()).toEqual([]);
      hall.counter.setNow("2026-09-20 00:00");
      expect(await inspections.overdue()).toMatchObject([{ findingId, isOverdue: true }]);
      const done = { commandId: fresh(), findingId, text: "已重新培训" };
      expect((await refused(inspections.closeFinding({ ...BY, ...done }))).code).toBe(
        "oversight.findingState",
      );
      await inspections.rectify({ ...done, by: RESPONSIBLE });
      expect(
        (await refused(inspections.closeFinding({ ...done, commandId: fresh(), by: RESPONSIBLE }))).code,
      ).toBe("oversight.ownFinding");
      const closed = await inspections.closeFinding({
        ...BY,
        ...done,
        commandId: fresh(),
        text: "核实，销号",
      });
      expect(closed).toMatchObject({
        isOverdue: false,
        rectified: { by: RESPONSIBLE },
        closed: { by: INSPECTOR },
      });
      expect(await inspections.overdue()).toEqual([]);
      expect((await hall.inspections.ledger(ALL)).map(({ kind }) => kind)).toEqual([
        "findingClosed",
        "rectified",
        "finding",
      ]);
    },
  );
});
