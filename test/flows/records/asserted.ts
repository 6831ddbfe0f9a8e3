/** What the rows of the article tests assert, each through the list that people see. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { ScanMedia } from "../../../gateway/domain/records/record.ts";
import type { ActivityKind } from "../../../gateway/domain/records/document-kinds.ts";
import { streamId } from "../../../gateway/domain/ids.ts";
import type { MakeRecord, RecordView } from "../../../gateway/intake/records/records.ts";
import { MINUTE, type Office, as } from "./office.ts";

/** The record as the list of its article has it. */
export async function inList(office: Office, article: string, view: RecordView): Promise<RecordView> {
  const rows = await office.records.list({ article });
  const found = rows.find(({ facts }) => facts.recordId === view.facts.recordId);
  expect(found, `${article} ${view.facts.kind}`).toBeDefined();
  expect(found?.articles.map((one) => one.replace(/\(.*$/, ""))).toContain(article);
  return found ?? view;
}

/** Recorded whole and listed under its article, lacking nothing. */
export async function whole(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
  change: Partial<MakeRecord> = {},
): Promise<RecordView> {
  const caseId = await office.open(activity);
  const view = await inList(office, article, await office.record(caseId, kind, change));
  expect(view.lacks, `${article} ${kind}`).toEqual([]);
  expect(view.deficient).toBe(false);
  return view;
}

/** Each of these fields is the article's own: without it the record is listed as lacking it. */
export async function demands(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
  fields: readonly string[],
): Promise<void> {
  const caseId = await office.open(activity);
  const empty = await inList(
    office,
    article,
    await office.record(caseId, kind, { fields: {}, ...filmedNow(office) }),
  );
  const missing = empty.lacks.filter(({ lack }) => lack === "field").map(({ what }) => what);
  expect(missing, `${article} ${kind}`).toEqual(expect.arrayContaining([...fields]));
  await whole(office, article, [activity, kind], filmedNow(office));
}

/** Without its signatures the paper is listed as unsigned. */
export async function wantsSignatures(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
  roles: readonly string[],
): Promise<void> {
  const caseId = await office.open(activity);
  const unsigned = await inList(
    office,
    article,
    await office.record(caseId, kind, { signatures: [], ...filmedNow(office) }),
  );
  const missing = unsigned.lacks.filter(({ lack }) => lack === "signature").map(({ what }) => what);
  for (const role of roles) expect(missing.join(" "), `${article} ${kind}`).toContain(role);
}

/** Compulsory: deficient with the article while there is neither footage nor a ground; not with either. */
export async function compulsory(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
  more: {
    readonly ground?: string;
    readonly badGround?: string;
    readonly flags?: MakeRecord["flags"];
    readonly cites?: string;
  } = {},
): Promise<void> {
  const { ground, badGround, flags = [], cites = article } = more;
  const caseId = await office.open(activity);
  const bare = await inList(office, article, await office.record(caseId, kind, { flags }));
  expect(bare.av, `${article} ${kind}`).toBe("deficient");
  const lack = bare.lacks.find((one) => one.lack === "avMissing");
  expect(lack?.article?.replace(/\(.*$/, "")).toBe(cites);
  expect(
    (await office.records.list({ caseId, deficientOnly: true })).map(({ facts }) => facts.recordId),
  ).toEqual([bare.facts.recordId]);
  const filmed = await office.records.supplement({
    ...as("clerk"),
    recordId: bare.facts.recordId,
    ...filmedNow(office),
  });
  expect(filmed.av).toBe("has");
  if (ground !== undefined) {
    const exempt = await office.record(caseId, kind, { flags, avReason: { code: ground, text: "写明原因" } });
    expect(exempt).toMatchObject({ av: "exempt", deficient: false });
  }
  if (badGround !== undefined)
    await expect(
      office.record(caseId, kind, { flags, avReason: { code: badGround, text: "写明原因" } }),
    ).rejects.toMatchObject({ code: "records.badInput" });
  expect(await office.records.list({ caseId, deficientOnly: true })).toEqual([]);
}

/** Recordable without footage and never deficient for it. */
export async function free(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
): Promise<void> {
  const view = await whole(office, article, [activity, kind]);
  expect(["free", "suggested"]).toContain(view.av);
}

/** `cam-1` filmed the whole of the record that `office.record` makes; the office films before it is asked. */
export function filmedNow(office: Office): Pick<MakeRecord, "footage"> {
  const toMs = office.clock.wallMs();
  return { footage: [{ type: "camera", cameraId: "cam-1", fromMs: toMs - 12 * MINUTE, toMs }] };
}

/** A scan, as the entry that a scanner or document camera leaves. */
export async function scan(office: Office, media: ScanMedia): Promise<MakeRecord["scans"][number]> {
  const [entry] = await office.store.append([
    {
      type: "scan",
      stream: streamId("scanned-elsewhere"),
      record: { json: { v: 1, media }, attachment: randomBytes(32) },
    },
  ]);
  if (entry === undefined) throw new Error("nothing appended");
  return { type: "scan", ref: { logId: entry.logId, seq: entry.seq }, media };
}

/** One officer, or a certificate that was not shown, is listed with the article that wants two who show them. */
export async function twoOfficers(
  office: Office,
  article: string,
  [activity, kind]: readonly [ActivityKind, string],
  cites: { readonly count?: string; readonly shown?: string },
): Promise<void> {
  const caseId = await office.open(activity);
  const officers = [{ name: "周洁", certNo: "03030001", certShown: true }];
  const one = await inList(
    office,
    article,
    await office.record(caseId, kind, { officers, ...filmedNow(office) }),
  );
  expect(one.lacks.find(({ lack }) => lack === "officers")).toMatchObject(
    cites.count === undefined ? {} : { article: cites.count },
  );
  const notShown = await office.record(caseId, kind, {
    ...filmedNow(office),
    officers: [...officers, { name: "吴刚", certShown: false }],
  });
  expect(notShown.lacks.map(({ lack }) => lack)).toEqual(["certificate", "certificateShown"]);
  if (cites.shown !== undefined)
    expect(notShown.lacks.find(({ lack }) => lack === "certificateShown")?.article).toBe(cites.shown);
  const both = await whole(office, article, [activity, kind], filmedNow(office));
  expect(both.facts.officers).toEqual({ count: 2, certified: 2, shown: 2 });
  const { officers: written } = await office.records.content(both.facts.recordId);
  expect(written.map(({ name, certNo }) => [name, certNo])).toEqual([
    ["周洁", "03030001"],
    ["吴刚", "03030002"],
  ]);
}
