/** What is given out is kept: the head approves, the legal section supplies, a record and the copy stay, and it is signed for. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { Caller } from "../../../gateway/intake/access/access-desk.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { type Desk, PEOPLE, fresh, openDesk } from "./desk.ts";

let desk: Desk;
afterEach(() => desk.remove());
const JUDGE = { name: "孙法官", unit: "黄岛区人民法院", number: "FG-00123" };
const COPY = new TextEncoder().encode("the exact bytes that were handed over");

describe("supply to a court or a reconsideration organ", () => {
  it(
    proves(
      ["S0-34"],
      "needs the head, goes through the legal section alone, is recorded, and a copy of it is kept",
    ),
    async () => {
      desk = await openDesk({ profile: "qd-xha-commerce" });
      const matterId = await desk.decided();
      for (const requester of ["court", "reconsideration"] as const) {
        const asked = await desk.ask({ requester, matterId, person: JUDGE });
        expect(asked.request.decision).toMatchObject({
          article: "S0-34",
          steps: [{ office: "head", article: "S0-34" }],
          supplier: "legalSection",
        });
        const shown = await desk.show(asked, ["unitLetter", "workCard"]);
        const { requestId } = asked.request;
        const supply = { commandId: fresh(), requestId, subject: `application/${matterId}`, retained: COPY };
        expect((await refused(desk.access.supply({ ...supply, caller: PEOPLE.legal }))).code).toBe(
          "access.wrongState",
        );
        await desk.approve(shown, PEOPLE.head);
        const copy = { act: "copy", subject: `application/${matterId}`, matterId, requestId } as const;
        for (const caller of [PEOPLE.custodian, PEOPLE.head]) {
          expect((await refused(desk.access.open({ ...copy, caller }))).code).toBe("access.notYourOffice");
          expect((await refused(desk.access.supply({ ...supply, caller }))).code).toBe(
            "access.notYourOffice",
          );
        }
        await desk.access.open({ ...copy, caller: PEOPLE.legal });
        const supplied = await desk.access.supply({ ...supply, caller: PEOPLE.legal });
        // Sent twice, supplied once.
        await desk.access.supply({ ...supply, caller: PEOPLE.legal });
        const [kept] = supplied.request.supplies;
        if (kept === undefined) throw new Error("nothing was kept");
        expect(supplied.request.supplies).toHaveLength(1);
        expect(kept.sha256).toBe(createHash("sha256").update(COPY).digest("hex"));
        expect(Buffer.from(await desk.access.retained(kept.ref))).toEqual(Buffer.from(COPY));
        const [row] = (await desk.ledger.page({})).rows;
        expect(row).toMatchObject({ act: "supply", by: "legal-1", requestId, applicationId: matterId });

        const sign = { caller: PEOPLE.legal, requestId } as const;
        const empty = { ...sign, commandId: fresh(), signature: { mode: "stroke", strokes: [] } } as const;
        expect((await refused(desk.access.receipt(empty))).code).toBe("access.signatureMissing");
        const signature = { mode: "ink", scan: await desk.scan() } as const;
        const signed = await desk.access.receipt({ ...sign, commandId: fresh(), signature });
        expect(signed.request.receipt?.mode).toBe("ink");
        expect((await refused(desk.access.receipt({ ...sign, commandId: fresh(), signature }))).code).toBe(
          "access.wrongState",
        );
      }
    },
  );

  it("keeps nothing of a view: only a request to copy is supplied", async () => {
    desk = await openDesk({ profile: "hrss-unnamed" });
    const matterId = await desk.decided();
    const asked = await desk.ask({ requester: "party", act: "view", matterId });
    const granted = await desk.approve(await desk.show(asked, ["identityDocument"]), PEOPLE.head);
    const { requestId } = granted.request;
    const supply = { commandId: fresh(), caller: PEOPLE.custodian, requestId, subject: "x", retained: COPY };
    expect((await refused(desk.access.supply(supply))).code).toBe("access.outOfScope");
    const receipt = { commandId: fresh(), caller: PEOPLE.custodian, requestId };
    const signature = { mode: "ink", scan: await desk.scan() } as const;
    expect((await refused(desk.access.receipt({ ...receipt, signature }))).code).toBe("access.wrongState");
  });
});

it("shows a clerk the requests that are business of theirs, and the register as a whole to who oversees", async () => {
  desk = await openDesk({ profile: "changli-mr" });
  const id = await desk.decided();
  const { request } = await desk.ask({ requester: "party", matterId: id });
  const { requestId } = request;
  const ALL = { fromMs: 0, toMs: Date.UTC(2100, 0) };
  const seenBy = async (caller: Caller) =>
    (await desk.access.listFor(caller, ALL)).map((view) => view.request.requestId);
  // On the matter, or overseeing.
  for (const caller of [PEOPLE.clerk, PEOPLE.legal, PEOPLE.head, PEOPLE.custodian]) {
    expect(await seenBy(caller)).toContain(requestId);
    expect((await desk.access.read(caller, requestId)).request.requestId).toBe(requestId);
  }
  expect(await seenBy(PEOPLE.colleague)).not.toContain(requestId);
  expect((await refused(desk.access.read(PEOPLE.colleague, requestId))).code).toBe("access.noSuchRequest");
  // What the colleague registers is theirs to follow.
  const own = await desk.ask({ requester: "party", matterId: id, caller: PEOPLE.colleague });
  expect(await seenBy(PEOPLE.colleague)).toEqual([own.request.requestId]);
});
