/**
 * One phase of the intake bench: writes a log of intake events as the counter would, or rebuilds the views from it.
 * Prints figures as JSON. `node intake-rebuild.ts write|rebuild <folder> <events>`
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { issuedProjection } from "../../gateway/documents/issued.ts";
import { documentRecord } from "../../gateway/domain/document-record.ts";
import type { DocumentFacts } from "../../gateway/domain/document.ts";
import type { IntakeEvent, IntakeFact, IssuedPaper } from "../../gateway/domain/intake/events.ts";
import {
  applicationId,
  commandId,
  counterId,
  documentId,
  sha256Hex,
  streamId,
  userId,
} from "../../gateway/domain/ids.ts";
import type { EntryDraft } from "../../gateway/evidence/append.ts";
import { documentDraft, eventDraft, personDraft } from "../../gateway/intake/entries.ts";
import { intakeProjection } from "../../gateway/intake/view.ts";
import { oversightProjection } from "../../gateway/people/oversight-ledger.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import { MemorySigner } from "../contract/store/memory-signer.ts";
import { MovableClock } from "../contract/store/opened-store.ts";

const [, , phase = "", folder = "", wanted = "0"] = process.argv;
const ITEMS = 9;
const GROUP = 500;
const T0 = Date.parse("2026-03-02T09:00:00+08:00");

const clock = new MovableClock();
const reader = createSealedReader();
const signer = new MemorySigner();
const sha256 = sha256Hex(createHash("sha256").digest("hex"));

async function open(): Promise<Store> {
  const store = await openStore({
    dataFolder: folder,
    clock,
    randomBytes: (size) => new Uint8Array(size).fill(7),
    unit: "bench",
    gateway: "g1",
    signer,
    sealedReader: reader,
    onNotice: () => {},
    limits: { reserveBytes: 4096 },
  });
  return store;
}

/** The facts of a paper, of usual length. */
function facts(number: string, atMs: number): DocumentFacts {
  const material = {
    name: { zh: "与经营活动相适应的场所使用证明" },
    form: "copy",
    copies: 1,
    pages: 2,
    medium: "paper",
  } as const;
  return {
    kind: "materialReceipt",
    authority: { name: { zh: "测试市人力资源和社会保障局" }, code: "11000000000000000X" },
    title: { zh: "申请材料接收凭证" },
    number,
    issuedAtMs: atMs,
    timeProvisional: false,
    applicant: { kind: "person", name: "王芳", maskedId: "1****************X" },
    matter: { name: { zh: "人力资源服务许可" }, code: "hr-service-licence" },
    basis: [{ instrument: "中华人民共和国行政许可法", article: "第三十二条" }],
    officers: [{ name: "周洁", certNo: "03030001", role: "handling" }],
    phone: "010-00000000",
    copies: [{ to: "applicant", count: 1 }],
    claimable: true,
    contact: { person: "王芳", means: "13800138000" },
    receivedAtMs: atMs,
    materials: Array.from({ length: ITEMS }, () => material),
    noticeDue: [{ date: "2026-03-09", source: "statutory", provisional: false }],
  };
}

/** The whole of one application: registered, received, judged item by item, accepted, handed over. */
function application(n: number): { readonly drafts: readonly EntryDraft[]; readonly events: number } {
  const id = applicationId(`g1-20260302-${n.toString(36).padStart(10, "0")}`);
  const atMs = T0 + n * 1000;
  const itemId = (index: number): string => `item-${index + 1}`;
  const judged = Array.from({ length: ITEMS }, (_, index): IntakeFact => ({
    type: "judged",
    itemId: itemId(index),
    verdict: { kind: "ok" },
  }));
  const paper = (kind: IssuedPaper["kind"], k: number): IssuedPaper => ({
    documentId: documentId(`${id}.d${k}`),
    kind,
    number: `测${kind}〔2026〕G1-${String(n + 1).padStart(6, "0")}号`,
    series: `bench/g1/${kind}/2026`,
    serial: n + 1,
  });
  const receipt = paper("materialReceipt", 1);
  const notice = paper("acceptanceNotice", 2);
  const service = paper("serviceReceipt", 3);
  const day = "2026-03-02" as const;
  const steps: readonly (readonly [IntakeFact, readonly IssuedPaper[]])[] = [
    [{ type: "started", applicationId: id, counterId: counterId("c1"), cameraIds: ["cam-1"] }, []],
    [{ type: "noticeShown", noticeVersion: "2026-01", language: "zh" }, []],
    [
      {
        type: "registered",
        matterCode: "hr-service-licence",
        matterVersion: 1,
        applicantKind: "person",
        applicantPersonId: `${id}.p3applicant`,
        items: Array.from({ length: ITEMS }, (_, index) => ({
          itemId: itemId(index),
          itemVersion: 1,
          required: true,
        })),
      },
      [],
    ],
    [
      {
        type: "received",
        receiptDay: day,
        told: [{ kind: "noticeStatutory", due: "2026-03-09" }],
        items: Array.from({ length: ITEMS }, (_, index) => ({
          itemId: itemId(index),
          form: "copy" as const,
          copies: 1,
          pages: 2,
          medium: "paper" as const,
        })),
      },
      [receipt],
    ],
    [
      { type: "claimCodeIssued", codeHash: createHash("sha256").update(id).digest("hex"), revokes: false },
      [],
    ],
    ...judged.map((fact) => [fact, []] as const),
    [{ type: "accepted", kind: "plain", documentDay: day, effectiveDay: day, told: [] }, [notice]],
    [
      {
        type: "handedOver",
        documentId: notice.documentId,
        method: "direct",
        recipientPersonId: `${id}.p3applicant`,
        relation: "self",
        signature: { mode: "ink", date: day },
      },
      [service],
    ],
    [{ type: "sessionClosed" }, []],
  ];
  const drafts: EntryDraft[] = [
    personDraft(id, `${id}.p3applicant`, {
      role: "recipient",
      signatory: { name: "王芳", relation: "self" },
    }),
  ];
  for (const [index, [fact, papers]] of steps.entries()) {
    const event: IntakeEvent = {
      ...fact,
      version: index + 1,
      papers,
      meta: {
        commandId: commandId(`${id}-${index}`),
        at: { wallMs: atMs + index, monotonicMs: index, boot: "b", ntp: "synced" },
        actor: { userId: userId("clerk-1"), role: "clerk", certNo: "03030001" },
        device: "c1",
        profile: { id: "hrss-unnamed", version: "2026.1" },
      },
    };
    drafts.push(eventDraft(id, event));
    for (const one of papers) {
      const draft = { templateVersion: "bench", sha256, sizeBytes: 1 };
      drafts.push(
        documentDraft(
          documentRecord({
            documentId: one.documentId,
            applicationId: id,
            facts: facts(one.number, atMs),
            draft,
          }),
        ),
        {
          type: "rendition",
          stream: streamId("documents"),
          record: { json: { v: 1, documentId: one.documentId, sha256, sizeBytes: 1 } },
        },
      );
    }
  }
  return { drafts, events: steps.length };
}

async function write(): Promise<object> {
  await mkdir(folder, { recursive: true });
  const began = performance.now();
  const store = await open();
  await store.catchUp();
  let events = 0;
  let pending: EntryDraft[] = [];
  for (let n = 0; events < Number(wanted); n += 1) {
    const one = application(n);
    events += one.events;
    pending.push(...one.drafts);
    if (pending.length < GROUP) continue;
    await store.append(pending);
    pending = [];
  }
  if (pending.length > 0) await store.append(pending);
  const { size } = store.stats();
  await store.close();
  await writeFile(join(folder, "events"), String(events));
  return { events, entries: size, writeS: Math.round((performance.now() - began) / 1000) };
}

async function rebuild(): Promise<object> {
  await rm(join(folder, "views"), { recursive: true, force: true });
  const events = Number(await readFile(join(folder, "events"), "utf8"));
  const store = await open();
  for (const projection of [intakeProjection, issuedProjection, oversightProjection])
    store.register(projection);
  const began = performance.now();
  await store.catchUp();
  const seconds = (performance.now() - began) / 1000;
  await store.close();
  return {
    rebuildEvents: events,
    rebuildMillionS: Math.round((seconds * 1_000_000 * 10) / events) / 10,
  };
}

try {
  console.log(JSON.stringify(await (phase === "write" ? write() : rebuild())));
} finally {
  await reader.close();
}
