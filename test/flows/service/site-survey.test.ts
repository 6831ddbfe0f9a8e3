/** The site survey of an accepted licence as a whole-process record of the same matter, before the decision is due. */
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import type { Docks } from "../../../gateway/docks/docks.ts";
import { createDocks } from "../../../gateway/docks/create-docks.ts";
import type { UserId } from "../../../gateway/domain/ids.ts";
import { beijingDate } from "../../../gateway/domain/time.ts";
import { loadCalendars } from "../../../gateway/intake/load-rules.ts";
import { loadDocumentKinds } from "../../../gateway/intake/records/load-kinds.ts";
import { catalogueProjection, createCatalogue } from "../../../gateway/recording/catalogue.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import { type CaseWork, createCaseWork } from "../../../gateway/wiring/case-work.ts";
import { ingestRules } from "../../../gateway/wiring/ingest-rules.ts";
import { proves } from "../../law/proves.ts";
import { CLERK, COLLEAGUE, HEAD } from "../intake/counter.ts";
import { type Register, openRegister } from "./register.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
const MINUTE_MS = 60_000;
let register: Register | undefined;
let work: CaseWork | undefined;
let docks: Docks | undefined;
afterEach(async () => {
  await docks?.close();
  await work?.releaser.close();
  await register?.remove();
});

async function open(): Promise<{ readonly register: Register; readonly work: CaseWork }> {
  const kinds = await loadDocumentKinds(join(CONFIGS, "document-kinds"));
  const calendars = await loadCalendars(join(CONFIGS, "calendars"));
  register = await openRegister({
    profile: "hrss-unnamed",
    now: "2026-09-16 10:00",
    beside: ({ store, clock, profiles }) => {
      const parts = { append: store, reader: store, views: store, clock };
      docks = createDocks({
        ...parts,
        rules: () => ingestRules(profiles.current()),
        probe: { probe: probeMedia },
        vendorNames: loadVendorNames(),
        sender: { send: async () => {} },
        problem: (_what, cause) => {
          throw cause;
        },
      });
      work = createCaseWork({
        store,
        clock,
        random: { bytes: (count) => randomBytes(count) },
        profiles,
        calendars,
        kinds,
        catalogue: createCatalogue(store.register(catalogueProjection)),
        docks,
        scans: { entriesOf: async () => [] },
        handover: { listPacks: async () => [], findPack: async () => undefined },
        vkeysOf: () => [],
        documents: { copiesOf: async () => [] },
        late: {},
      });
    },
  });
  if (work === undefined) throw new Error("the records were not built");
  return { register, work };
}

const by = (id: UserId, role: "clerk" | "leader") => ({
  commandId: randomUUID(),
  actor: { userId: id, role },
  device: "desk-1",
});

it(
  proves(
    ["S4-10"],
    "an accepted matter is surveyed on site by two officers within the limit, and the opinion goes to the leader, who signs it off",
  ),
  async () => {
    const { register: counter, work: cases } = await open();
    const id = await counter.received();
    await counter.judgeAll(id);
    const { phase } = await counter.intake.accept(await counter.on(id));
    if (phase === "PENDING_APPROVAL") await counter.approveAll(id);
    counter.setNow("2026-09-22 15:00");
    const at = counter.nowMs() - 60 * MINUTE_MS;
    const officers = [CLERK, COLLEAGUE].map(({ userId: one }, index) => ({
      name: one,
      certNo: `0303000${index + 1}`,
      certShown: true,
    }));
    const details = { caseId: id, officers, footage: [], scans: [], flags: [] };
    const times = { startMs: at, endMs: at + 30 * MINUTE_MS };
    const signed = (role: string, name: string) => ({ role, name, how: "signed" as const });
    const survey = await cases.records.make({
      ...by(CLERK.userId, "clerk"),
      ...details,
      ...times,
      kind: "siteVerificationRecord",
      place: "示范县人民路1号",
      fields: { object: "经营场所", scene: "场所面积82平方米，招聘服务区已隔开", result: "与申请材料一致" },
      signatures: [signed("officer", "周洁"), signed("officer", "吴刚"), signed("party", "王芳")],
    });
    const opinion = {
      ...details,
      ...times,
      kind: "reviewOpinion",
      fields: { opinion: "经现场核查，符合法定条件，建议准予许可" },
    };
    const unsigned = await cases.records.make({
      ...by(CLERK.userId, "clerk"),
      ...opinion,
      signatures: [signed("officer", "周洁")],
    });
    const early = cases.records.approve({
      ...by(HEAD.userId, "leader"),
      recordId: unsigned.facts.recordId,
    });
    await expect(early).rejects.toMatchObject({ code: "records.formIncomplete" });
    const { facts } = await cases.records.supplement({
      ...by(CLERK.userId, "clerk"),
      recordId: unsigned.facts.recordId,
      signatures: [signed("leader", "钱局")],
    });
    expect(facts.approved).toBeUndefined();
    const own = cases.records.approve({ ...by(CLERK.userId, "clerk"), recordId: facts.recordId });
    await expect(own).rejects.toMatchObject({ code: "records.approverSame" });
    const approved = await cases.records.approve({
      ...by(HEAD.userId, "leader"),
      recordId: facts.recordId,
    });
    expect(approved).toMatchObject({ facts: { approved: { by: HEAD.userId } }, lacks: [] });

    // Both are records of the counter's own matter, and stood before the decision was due.
    const listed = await cases.records.list({ caseId: id, article: "S4-10" });
    expect(listed.map(({ row }) => row.kind).toSorted()).toEqual(["reviewOpinion", "siteVerificationRecord"]);
    const surveyed = listed.find(({ facts: one }) => one.recordId === survey.facts.recordId);
    expect(surveyed).toMatchObject({ lacks: [], facts: { officers: { count: 2, certified: 2, shown: 2 } } });
    const file = await cases.caseFiles.get(id);
    expect(file.row).toMatchObject({ applicationId: id, activity: "permit" });
    expect(file.members.map(({ type }) => type)).toEqual(expect.arrayContaining(["document", "case"]));
    const [due] = await counter.bureau.due();
    expect(due).toMatchObject({ applicationId: id, status: "running" });
    for (const { facts: one } of listed)
      expect(beijingDate(one.recordedMs) <= (due?.due.date ?? "")).toBe(true);
    counter.setNow("2026-11-30 09:00");
    expect(await counter.bureau.due()).toMatchObject([{ applicationId: id, status: "overdue" }]);
    expect(await cases.records.list({ caseId: await counter.received(), article: "S4-10" })).toEqual([]);
  },
);
