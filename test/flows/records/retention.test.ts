/** Holds, classes, warnings, destruction lists and media on the real store: what may go, what may not, and who said so. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReleaser } from "../../../gateway/handover/releaser.ts";
import { proves } from "../../law/proves.ts";
import { MINUTE, type Office, NOW_MS, as, openOffice } from "./office.ts";

const DAY = 86_400_000;
const FOR_EVER = Date.UTC(2199, 0, 1);
let office: Office;
beforeEach(async () => {
  office = await openOffice("qd-xha-commerce");
});
afterEach(() => office.close());

const at = (text: string): void => office.clock.setWallMs(Date.parse(`${text.replace(" ", "T")}+08:00`));
const retention = () => office.work.retention;

/** Fragments that are still on this disk. */
async function here(): Promise<number> {
  let count = 0;
  for (const volume of await office.store.volumes())
    count += (await office.store.footageOf(volume)).filter(({ entry }) => entry.type === "fragment").length;
  return count;
}
/** The releaser as the gateway wires it, on a disk that is as full as the test says. */
const releaserOn = (level: "enough" | "full", localMinimumMs = 0) =>
  createReleaser({
    store: {
      ...office.store,
      volumes: () => office.store.volumes(),
      footageOf: (v) => office.store.footageOf(v),
      release: (r) => office.store.release(r),
      lookAtSpace: async () => level,
    },
    handover: office.handover,
    clock: office.clock,
    rules: async () => {
      const index = await retention().index();
      return { keepUntilMs: (e) => index.keepUntilMs(e), isHeld: (e) => index.isHeld(e), localMinimumMs };
    },
  });

async function throughAllSteps(listId: string) {
  await retention().appraise({ ...as("custodian"), listId, opinion: "期满，无继续保存价值" });
  await retention().approve({ ...as("leader"), listId });
  await retention().approve({ ...as("supervisor", "leader-2"), listId });
}

describe("inspection footage", () => {
  it(
    proves(
      ["S0-30"],
      "AS-20: is refused before two years are over, and then goes only with the centre's receipt and a list",
    ),
    async () => {
      at("2026-03-02 10:00");
      const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
      const items = [{ kind: "file" as const, fileId }];
      office.acknowledge(FOR_EVER);
      at("2028-03-01 10:00");
      await expect(retention().drawUp({ ...as("clerk"), items })).rejects.toMatchObject({
        code: "retention.notOver",
        details: { why: "inspectionAv" },
      });
      at("2028-03-03 00:01");
      const list = await retention().drawUp({ ...as("clerk"), items });
      await expect(retention().carryOut({ ...as("custodian"), listId: list.listId })).rejects.toMatchObject({
        code: "retention.wrongStep",
      });
      await throughAllSteps(list.listId);
      const done = await retention().carryOut({ ...as("custodian"), listId: list.listId });
      expect(done.done?.erased).toHaveLength(1);
      const [, chunk] = await office.docks.entriesOf(fileId);
      if (chunk === undefined) throw new Error("no chunk");
      await expect(office.store.readFootage(chunk)).rejects.toMatchObject({
        code: "evidence.bodyMissing",
        details: { why: "erased" },
      });
      // What was there and why it went stays for ever: the entry of the body, the erase, and the list.
      expect((await office.store.readEntry(chunk)).type).toBe("chunk");
      const [erase] = done.done?.erased ?? [];
      if (erase === undefined) throw new Error("no erase entry");
      expect((await office.store.readRecord(erase)).body.json).toMatchObject({
        listId: list.listId,
        approvedBy: ["leader-1", "leader-2"],
        absence: { basis: list.listId },
      });
      expect(await retention().lists()).toMatchObject([
        { listId: list.listId, appraisal: { by: "custodian-1" } },
      ]);
    },
  );

  it("does not go without the centre's receipt, however old", async () => {
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
    at("2036-01-01 10:00");
    await expect(
      retention().drawUp({ ...as("clerk"), items: [{ kind: "file", fileId }] }),
    ).rejects.toMatchObject({ code: "retention.notOver", details: { why: "notAcknowledged" } });
  });

  it(proves(["S0-30"], "is kept as long as the case file where it is evidence"), async () => {
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
    const caseId = await office.open("penalty");
    await office.record(caseId, "investigationRecord", { footage: [{ type: "file", fileId }] });
    office.acknowledge(FOR_EVER);
    at("2030-01-01 10:00");
    const items = [{ kind: "file" as const, fileId }];
    // Nobody can tell how long while it isn't filed.
    await expect(retention().drawUp({ ...as("clerk"), items })).rejects.toMatchObject({
      details: { why: "caseFile" },
    });
    await office.caseFiles.end({ ...as("clerk"), caseId, endedMs: office.clock.wallMs() });
    await office.caseFiles.file({
      ...as("custodian"),
      caseId,
      archivalCode: "A-1",
      keep: 10,
      explained: "测试",
    });
    office.acknowledge(FOR_EVER);
    at("2040-01-01 10:00");
    await expect(retention().drawUp({ ...as("clerk"), items })).rejects.toMatchObject({
      details: { why: "caseFile" },
    });
    at("2040-01-02 00:01");
    const list = await retention().drawUp({ ...as("clerk"), items: [{ kind: "case", caseId }] });
    await throughAllSteps(list.listId);
    await retention().carryOut({ ...as("custodian"), listId: list.listId });
    const [made] = await office.records.list({ caseId });
    // The words are gone; that there was such a record, and what became of it, stays.
    expect((await office.records.content(made?.facts.recordId ?? "")).erased).toBe(true);
    expect(made?.facts.kind).toBe("investigationRecord");
  });
});

describe("a hold", () => {
  for (const [kind, trigger] of [
    ["objectionRecord", "complaint"],
    ["refusalRecord", "obstruction"],
    ["massIncidentRecord", "massIncident"],
  ] as const)
    it(proves(["S0-31", "S3-A-16"], `sets itself when a ${kind} is recorded`), async () => {
      await office.close();
      for (const profile of ["zz-mr", "qd-xha-commerce"] as const) {
        office = await openOffice(profile);
        const caseId = await office.open("penalty");
        await office.record(caseId, kind);
        expect(await retention().holds()).toMatchObject([
          {
            reason: trigger,
            subject: { kind: "case", caseId },
            article: profile === "zz-mr" ? "S3-A-16" : "S0-31",
          },
        ]);
        if (profile === "zz-mr") await office.close();
      }
    });

  it(
    proves(
      ["S0-31", "S3-A-16"],
      "is set by hand for other important material, by one of the four grounds alone",
    ),
    async () => {
      const caseId = await office.open("inspection");
      const set = await retention().hold({
        ...as("supervisor"),
        subject: { kind: "case", caseId },
        reason: "otherImportant",
      });
      expect(set).toMatchObject({ reason: "otherImportant", article: "S0-31", by: "supervisor-1" });
      await expect(
        retention().hold({
          ...as("supervisor"),
          subject: { kind: "case", caseId: "case-none" },
          reason: "complaint",
        }),
      ).rejects.toMatchObject({ code: "records.noSuchCase" });
      await expect(
        retention().lift({ ...as("supervisor"), holdId: set.holdId, why: "已结案" }),
      ).rejects.toMatchObject({ code: "retention.samePerson" });
      const lifted = await retention().lift({ ...as("leader"), holdId: set.holdId, why: "复议期满，无争议" });
      expect(lifted.lifted).toMatchObject({ by: "leader-1", why: "复议期满，无争议" });
      await expect(
        retention().lift({ ...as("leader"), holdId: set.holdId, why: "再次" }),
      ).rejects.toMatchObject({
        code: "retention.noSuchHold",
      });
    },
  );

  it(
    proves(
      ["S0-31", "S3-A-16"],
      "AS-22: refuses deletion by age and by a full disk alike, and lets all else go",
    ),
    async () => {
      const fromMs = office.clock.wallMs() - 60 * MINUTE;
      await office.film(fromMs, 60 * MINUTE);
      const caseId = await office.open("penalty");
      await office.record(caseId, "objectionRecord", {
        footage: [{ type: "camera", cameraId: "cam-1", fromMs, toMs: fromMs + 10 * MINUTE }],
      });
      office.acknowledge(FOR_EVER);
      const before = await here();
      expect(before).toBeGreaterThan(600);
      // Years later, by age: everything is over but what the hold covers.
      at("2060-01-01 10:00");
      const byAge = await releaserOn("enough").run();
      expect(byAge.staying.held).toBeGreaterThanOrEqual(300);
      const kept = await here();
      expect(kept).toBeGreaterThanOrEqual(300);
      expect(kept).toBeLessThan(before);
      // By disk-full: it says that it is stuck, and drops nothing of it.
      const byRoom = await releaserOn("full").run();
      expect(byRoom.stuck).toBe(true);
      expect(await here()).toBe(kept);
      await expect(
        retention().drawUp({ ...as("clerk"), items: [{ kind: "case", caseId }] }),
      ).rejects.toMatchObject({ code: "retention.held" });
    },
  );

  it("that comes between approval and destruction stops it", async () => {
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
    office.acknowledge(FOR_EVER);
    at("2030-01-01 10:00");
    const list = await retention().drawUp({ ...as("clerk"), items: [{ kind: "file", fileId }] });
    await throughAllSteps(list.listId);
    await retention().hold({ ...as("supervisor"), subject: { kind: "file", fileId }, reason: "complaint" });
    await expect(retention().carryOut({ ...as("custodian"), listId: list.listId })).rejects.toMatchObject({
      code: "retention.held",
    });
    const [, chunk] = await office.docks.entriesOf(fileId);
    if (chunk === undefined) throw new Error("no chunk");
    expect((await office.store.readFootage(chunk)).bytes.length).toBeGreaterThan(100);
  });

  it("is the officer's own mark on a body camera's file", async () => {
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE, "video", true);
    expect(await retention().holds()).toMatchObject([
      { reason: "keyMarked", subject: { kind: "file", fileId } },
    ]);
    office.acknowledge(FOR_EVER);
    at("2036-01-01 10:00");
    const items = [{ kind: "file" as const, fileId }];
    await expect(retention().drawUp({ ...as("clerk"), items })).rejects.toMatchObject({
      code: "retention.held",
    });
    await retention().lift({ ...as("leader"), holdId: `key-${fileId}`, why: "误标" });
    expect((await retention().drawUp({ ...as("clerk"), items })).items).toEqual(items);
  });
});

describe("counter footage of no matter", () => {
  it("is announced first, and runs out only when it was on the list for a fortnight; linked footage stays", async () => {
    const fromMs = office.clock.wallMs() - 60 * MINUTE;
    await office.film(fromMs, 60 * MINUTE);
    const caseId = await office.open("inspection");
    await office.record(caseId, "investigationRecord", {
      footage: [{ type: "camera", cameraId: "cam-1", fromMs, toMs: fromMs + 5 * MINUTE }],
    });
    expect(await retention().warn()).toBeUndefined();
    office.clock.setWallMs(NOW_MS + 165 * DAY);
    const warning = await retention().warn();
    expect(warning?.items).toMatchObject([{ what: "counterUnlinked", of: "cam-1" }]);
    expect(await retention().runOut()).toEqual([]);
    office.clock.setWallMs(NOW_MS + 178 * DAY);
    // Announced for thirteen days and two days too young.
    expect(await retention().runOut()).toEqual([]);
    office.clock.setWallMs(NOW_MS + 182 * DAY);
    const before = await here();
    const erased = await retention().runOut();
    expect(erased).toHaveLength(1);
    const after = await here();
    expect(after).toBeLessThan(before);
    // What belongs to the matter stays, and so does what is not sealed yet.
    expect(after).toBeGreaterThanOrEqual(150);
    expect(await retention().runOut()).toEqual([]);
  });

  it("does not run out when nobody was told", async () => {
    await office.film(office.clock.wallMs() - 30 * MINUTE, 30 * MINUTE);
    office.clock.setWallMs(NOW_MS + 900 * DAY);
    expect(await retention().runOut()).toEqual([]);
  });
});

describe("a destruction list", () => {
  it("wants an appraiser and two approvers, all different, and can be refused", async () => {
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
    office.acknowledge(FOR_EVER);
    at("2030-01-01 10:00");
    const { listId } = await retention().drawUp({ ...as("clerk"), items: [{ kind: "file", fileId }] });
    await expect(retention().approve({ ...as("leader"), listId })).rejects.toMatchObject({
      code: "retention.wrongStep",
    });
    await expect(retention().appraise({ ...as("clerk"), listId, opinion: "同意" })).rejects.toMatchObject({
      code: "retention.samePerson",
    });
    await retention().appraise({ ...as("custodian"), listId, opinion: "无保存价值" });
    await retention().approve({ ...as("leader"), listId });
    for (const who of ["leader-1", "custodian-1", "clerk-1"])
      await expect(retention().approve({ ...as("leader", who), listId })).rejects.toMatchObject({
        code: "retention.samePerson",
      });
    await retention().reject({ ...as("supervisor"), listId, why: "仍有诉讼可能" });
    await expect(retention().approve({ ...as("supervisor"), listId })).rejects.toMatchObject({
      code: "retention.wrongStep",
    });
    await expect(retention().carryOut({ ...as("custodian"), listId })).rejects.toMatchObject({
      code: "retention.wrongStep",
    });
    expect(await retention().lists()).toMatchObject([{ listId, rejected: { why: "仍有诉讼可能" } }]);
  });
});

it(
  proves(["S0-31", "S3-A-16"], "a disc with a held matter is registered with the hash of its manifest"),
  async () => {
    const caseId = await office.open("penalty");
    await office.record(caseId, "objectionRecord", {});
    const [hold] = await retention().holds();
    const manifest = `${JSON.stringify({ v: 1, files: [{ path: "video/a.mp4", sizeBytes: 7, sha256: "00" }] })}\n`;
    office.copies.set("copy-1", { fileName: "matter-1.tar", manifest });
    const command = {
      ...as("custodian"),
      mediumNo: "光盘-2026-001",
      kind: "disc" as const,
      exportId: "copy-1",
      caseId,
      ...(hold === undefined ? {} : { holdId: hold.holdId }),
      keptAt: "档案室3柜",
    };
    const medium = await retention().registerMedium(command);
    expect(medium).toMatchObject({
      manifestSha256: createHash("sha256").update(manifest).digest("hex"),
      files: 1,
      sizeBytes: 7,
      holdId: hold?.holdId,
    });
    expect(await retention().media()).toEqual([medium]);
    await expect(retention().registerMedium({ ...command, ...as("custodian") })).rejects.toMatchObject({
      details: { what: "mediumNo" },
    });
    // A copy that did not leave whole has no manifest.
    await expect(
      retention().registerMedium({ ...command, ...as("custodian"), mediumNo: "光盘-2", exportId: "copy-2" }),
    ).rejects.toMatchObject({ details: { what: "exportId" } });
  },
);
