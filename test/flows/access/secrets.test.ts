/** Secrets by the secrecy rules, under each regulation: labels limit who sees, a seal shuts and keeps packs here. */
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { seq, streamId } from "../../../gateway/domain/ids.ts";
import type { Sensitivity } from "../../../gateway/domain/access/parties.ts";
import { createHandover } from "../../../gateway/handover/create-handover.ts";
import type { Handover } from "../../../gateway/handover/contract.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { type Desk, PEOPLE, fresh, openDesk } from "./desk.ts";

let desk: Desk;
afterEach(() => desk.remove());

const label = (matterId: string, ...labels: readonly Sensitivity[]) =>
  desk.access.label({
    commandId: fresh(),
    caller: PEOPLE.clerk,
    target: `matter/${matterId}`,
    labels,
    reason: "内含涉密附件",
  });
const look = (matterId: string, caller: Parameters<typeof desk.access.open>[0]["caller"]) =>
  desk.access.open({ caller, act: "view", subject: `application/${matterId}`, matterId });

const RULES = [
  ["qd-xha-commerce", "S0-33", "S0-32", true],
  ["changli-mr", "S1-20", "S1-21", true],
  ["bjt-drc", "S2-29", "S2-28", true],
  ["zz-mr", "S3-A-18", "S3-A-18", false],
  ["hrss-unnamed", "S4-32", "S4-32", false],
] as const;

describe("a secrecy label", () => {
  for (const [profile, article, cited, isExcluded] of RULES)
    it(proves([article], `limits who may see and have what it covers (${profile})`), async () => {
      desk = await openDesk({ profile });
      const id = await desk.decided();
      // Before the label the legal section's inspection sees it.
      expect((await look(id, PEOPLE.legal)).basis).toBe("inspection");
      await label(id, "stateSecret");
      expect(await desk.access.labelsOf(`matter/${id}`)).toEqual(["stateSecret"]);
      for (const caller of [PEOPLE.legal, PEOPLE.colleague, PEOPLE.custodian]) {
        const no = await refused(look(id, caller));
        expect([no.code, no.details["article"]]).toEqual(["access.secretExcluded", cited]);
      }
      // Who is on the case and the head go on.
      expect((await look(id, PEOPLE.clerk)).basis).toBe("handling");
      expect((await look(id, PEOPLE.head)).basis).toBe("inspection");
      for (const requester of ["party", "interestedPerson", "agent"] as const) {
        const no = await refused(desk.ask({ requester, matterId: id }));
        expect([no.code, no.details["article"]]).toEqual(["access.secretExcluded", cited]);
      }
      // Trade secrets: excepted where the regulation says so, else weighed by the head.
      await label(id, "tradeSecret");
      if (isExcluded)
        expect((await refused(desk.ask({ requester: "party", matterId: id }))).code).toBe(
          "access.secretExcluded",
        );
      else {
        const { decision } = (await desk.ask({ requester: "party", matterId: id, material: "conclusive" }))
          .request;
        expect(decision.steps).toContainEqual(expect.objectContaining({ office: "head" }));
      }
      await label(id);
      expect((await look(id, PEOPLE.legal)).basis).toBe("inspection");
    });

  it("needs a kind that exists, a reason and a matter that is known", async () => {
    desk = await openDesk({ profile: "changli-mr" });
    const id = await desk.decided();
    const asked = {
      commandId: fresh(),
      caller: PEOPLE.clerk,
      target: `matter/${id}`,
      labels: ["privacy"],
    } as const;
    expect((await refused(desk.access.label({ ...asked, reason: " " }))).code).toBe("access.badSensitivity");
    const unknown = { ...asked, target: "matter/no-such", reason: "x" };
    expect((await refused(desk.access.label(unknown))).code).toBe("access.noSuchMatter");
    expect(await desk.access.labelsOf(`matter/${id}`)).toEqual([]);
  });
});

async function bytesOf(handover: Handover, sha256: string, length: number): Promise<number> {
  let got = 0;
  const hex = sha256 as Parameters<Handover["readPack"]>[0];
  for await (const part of handover.readPack(hex, { offset: 0, length })) got += part.length;
  return got;
}

describe("a seal", () => {
  it(
    proves(
      ["S3-C-9", "S3-A-18", "S0-33"],
      "shuts the matter by one command and keeps its packs here until an officer decides",
    ),
    async () => {
      let handover: Handover | undefined;
      desk = await openDesk({
        profile: "zz-mr",
        also: (parts, access) => {
          const { store, clock } = parts;
          handover = createHandover({
            store,
            append: store,
            views: store,
            clock,
            sha256: nodeSha256,
            verify: nodeVerify,
            witnesses: () => [],
            withheld: (log, ranges) => access.isWithheld(log, ranges),
          });
        },
      });
      if (handover === undefined) throw new Error("no hand-over");
      const { store } = desk.counter;
      const secret = await desk.decided();
      const [records] = await handover.sealNow("demand");
      const footage = { stream: streamId("camera/cam-1/main"), codec: "avc1.4d0028" } as const;
      const [film] = await store.append([
        {
          type: "fragment",
          ...footage,
          bytes: randomBytes(300),
          t: 1_000,
          durMs: 1,
        },
      ]);
      if (film === undefined || records === undefined) throw new Error("nothing sealed");
      desk.footageRefs.push({ logId: film.logId, seq: film.seq });
      const packs = await handover.sealNow("demand");
      const footagePack = packs.find((pack) => pack.class === 3);
      if (footagePack === undefined) throw new Error("no pack of footage");
      expect(await bytesOf(handover, records.sha256, records.sizeBytes)).toBe(records.sizeBytes);

      const seal = { commandId: fresh(), caller: PEOPLE.clerk, matterId: secret };
      await desk.access.seal({ ...seal, reason: "附件标有机密" });
      for (const caller of [PEOPLE.clerk, PEOPLE.legal, PEOPLE.head, PEOPLE.custodian])
        expect((await refused(look(secret, caller))).code).toBe("access.sealed");
      expect((await refused(desk.ask({ requester: "court", matterId: secret }))).code).toBe("access.sealed");
      for (const pack of [records, footagePack])
        expect((await refused(bytesOf(handover, pack.sha256, pack.sizeBytes))).code).toBe(
          "sync.packWithheld",
        );
      // The index goes on: entries are the log's own, and the packs are still listed by name.
      expect((await store.entries(film.logId, 0, 10)).length).toBeGreaterThan(0);
      expect((await handover.listPacks({ after: 0 })).map(({ sha256 }) => sha256)).toContain(records.sha256);
      // The seal says why, so its own pack stays as well; another matter's later pack leaves as ever.
      for (const pack of await handover.sealNow("demand"))
        expect((await refused(bytesOf(handover, pack.sha256, pack.sizeBytes))).code).toBe(
          "sync.packWithheld",
        );
      await desk.decided();
      const [later] = await handover.sealNow("demand");
      if (later === undefined) throw new Error("nothing sealed");
      expect(await bytesOf(handover, later.sha256, later.sizeBytes)).toBe(later.sizeBytes);

      const decide = { commandId: fresh(), matterId: secret, opinion: "核实后不涉密" };
      expect(
        (await refused(desk.access.decideSeal({ ...decide, caller: PEOPLE.legal, decision: "release" })))
          .code,
      ).toBe("access.notYourOffice");
      await desk.access.decideSeal({ ...decide, caller: PEOPLE.head, decision: "keep" });
      expect(await desk.access.seals()).toMatchObject([
        { matterId: secret, state: "kept", sealedBy: "clerk-1" },
      ]);
      expect((await refused(bytesOf(handover, records.sha256, 1))).code).toBe("sync.packWithheld");
      await desk.access.decideSeal({
        ...decide,
        commandId: fresh(),
        caller: PEOPLE.head,
        decision: "release",
      });
      expect(await bytesOf(handover, records.sha256, records.sizeBytes)).toBe(records.sizeBytes);
      expect((await look(secret, PEOPLE.legal)).basis).toBe("inspection");
      const again = desk.access.decideSeal({
        ...decide,
        commandId: fresh(),
        caller: PEOPLE.head,
        decision: "keep",
      });
      expect((await refused(again)).code).toBe("access.notSealed");
      // Each step is an entry that names who took it.
      const heads = store.logs().at(-1);
      const steps: string[] = [];
      for (let index = 0; index < (heads?.size ?? 0); index += 1) {
        const ref = { logId: film.logId, seq: seq(index) };
        if ((await store.readEntry(ref)).type !== "label") continue;
        const { what, by, decision } = (await store.readRecord(ref)).body.json;
        steps.push([what, by, decision].filter((part) => typeof part === "string").join(" "));
      }
      expect(steps).toEqual(["seal clerk-1", "sealDecided head-1 keep", "sealDecided head-1 release"]);
      await handover.close();
    },
  );
});
