/** AS-23: a party asks for a copy under each of the five regulations; who approves is what that regulation says. */
import { describe, expect, it } from "vitest";
import type { CredentialKind } from "../../../gateway/domain/access/parties.ts";
import type { Caller, RequestView } from "../../../gateway/intake/access/access-desk.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { type Desk, PEOPLE, fresh, openDesk } from "./desk.ts";

type Profile = Parameters<typeof openDesk>[0]["profile"];
async function at(profile: Profile, work: (desk: Desk, matterId: string) => Promise<void>): Promise<void> {
  const desk = await openDesk({ profile });
  try {
    await work(desk, await desk.decided());
  } finally {
    await desk.remove();
  }
}
const copyOf = (desk: Desk, matterId: string, view: RequestView, caller: Caller = PEOPLE.custodian) =>
  desk.access.open({
    caller,
    act: "copy",
    subject: `application/${matterId}`,
    matterId,
    requestId: view.request.requestId,
  });

/** No copy before the last step; one row with the request afterwards. */
async function walk(
  desk: Desk,
  matterId: string,
  shows: readonly CredentialKind[],
  approvers: readonly Caller[],
): Promise<RequestView> {
  let view = await desk.ask({ requester: "party", matterId });
  expect((await refused(copyOf(desk, matterId, view))).code).toBe("access.wrongState");
  view = await desk.show(view, shows);
  for (const by of approvers) {
    expect((await refused(copyOf(desk, matterId, view))).code).toBe("access.wrongState");
    view = await desk.approve(view, by);
  }
  expect(view.status).toBe("granted");
  await copyOf(desk, matterId, view);
  expect(await desk.rows()).toEqual(["copy request custodian-1"]);
  return view;
}

describe("a party's copy", () => {
  it(proves(["S0-32"], "goes to the legal section, then the head approves, and secrets are excepted"), () =>
    at("qd-xha-commerce", async (desk, matterId) => {
      const { request } = await walk(desk, matterId, ["identityDocument"], [PEOPLE.legal, PEOPLE.head]);
      expect(request.approvals.map(({ office, by, article }) => [office, by, article])).toEqual([
        ["legalSection", "legal-1", "S0-32"],
        ["head", "head-1", "S0-32"],
      ]);
      const label = { commandId: fresh(), caller: PEOPLE.clerk, target: `matter/${matterId}` };
      await desk.access.label({ ...label, labels: ["tradeSecret"], reason: "配方属商业秘密" });
      const excepted = await refused(desk.ask({ requester: "party", matterId }));
      expect([excepted.code, excepted.details["article"]]).toEqual(["access.secretExcluded", "S0-32"]);
    }),
  );

  it(proves(["S1-21"], "needs the head of the authority's consent, and secrets are excepted"), () =>
    at("changli-mr", async (desk, matterId) => {
      const { request } = await walk(desk, matterId, ["identityDocument"], [PEOPLE.head]);
      expect(request.approvals).toMatchObject([{ office: "headOfAuthority", article: "S1-21" }]);
      const label = { commandId: fresh(), caller: PEOPLE.clerk, target: `matter/${matterId}` };
      await desk.access.label({ ...label, labels: ["privacy"], reason: "涉及他人隐私" });
      const excepted = await refused(desk.ask({ requester: "party", matterId }));
      expect([excepted.code, excepted.details["article"]]).toEqual(["access.secretExcluded", "S1-21"]);
    }),
  );

  it(proves(["S2-28"], "needs the leader in charge's consent, and secrets are excepted"), () =>
    at("bjt-drc", async (desk, matterId) => {
      const { request } = await walk(desk, matterId, ["identityDocument"], [PEOPLE.head]);
      expect(request.approvals).toMatchObject([{ office: "leaderInCharge", article: "S2-28" }]);
      const label = { commandId: fresh(), caller: PEOPLE.clerk, target: `matter/${matterId}` };
      await desk.access.label({ ...label, labels: ["stateSecret"], reason: "涉密项目" });
      const excepted = await refused(desk.ask({ requester: "party", matterId }));
      expect([excepted.code, excepted.details["article"]]).toEqual(["access.secretExcluded", "S2-28"]);
    }),
  );

  it(
    proves(["S3-C-11"], "before a penalty decision lies outside the rule: not refused, the head decides"),
    () =>
      at("zz-mr", async (desk, permit) => {
        desk.others.set("penalty-1", { activity: "penalty", stage: "open", staff: [PEOPLE.clerk.userId] });
        const view = await desk.ask({ requester: "party", matterId: "penalty-1" });
        expect(view.request.decision).toMatchObject({
          outsideThisRule: true,
          article: "S3-C-11",
          steps: [{ office: "head" }],
        });
        const shown = await desk.show(view, ["identityDocument"]);
        expect((await desk.approve(shown, PEOPLE.head)).status).toBe("granted");
        // It speaks of penalties only.
        const other = await desk.ask({ requester: "party", matterId: permit });
        expect(other.request.decision.outsideThisRule).toBe(false);
      }),
  );

  it(
    proves(
      ["S4-33"],
      "takes an identity card, a work card or a letter, an approval, and a row of the ledger",
    ),
    () =>
      at("hrss-unnamed", async (desk, matterId) => {
        for (const kind of ["identityDocument", "workCard", "unitLetter"] as const) {
          const view = await desk.ask({ requester: "party", matterId });
          const none = await refused(desk.show(view, []));
          expect([none.code, none.details["article"]]).toEqual(["access.credentialsMissing", "S4-33"]);
          expect((await desk.show(view, [kind])).status).toBe("approval");
        }
        await walk(desk, matterId, ["identityDocument"], [PEOPLE.head]);
        const [row] = (await desk.ledger.page({})).rows;
        expect(row).toMatchObject({ act: "copy", basis: "request", applicationId: matterId });
      }),
  );

  it(
    proves(
      ["S4-4"],
      "is open as a rule, before a decision and after archiving alike, and shut for secrets alone",
    ),
    () =>
      at("hrss-unnamed", async (desk, decided) => {
        const open = await desk.counter.received();
        const archived = await desk.decided();
        desk.archived.add(archived);
        for (const matterId of [open, decided, archived])
          for (const act of ["view", "copy"] as const) {
            const view = await desk.ask({ requester: "party", matterId, act });
            const shown = await desk.show(view, ["identityDocument"]);
            expect((await desk.approve(shown, PEOPLE.head)).status).toBe("granted");
          }
        const label = { commandId: fresh(), caller: PEOPLE.clerk, target: `matter/${decided}` };
        await desk.access.label({ ...label, labels: ["stateSecret"], reason: "涉密" });
        expect((await refused(desk.ask({ requester: "party", matterId: decided }))).code).toBe(
          "access.secretExcluded",
        );
      }),
  );

  it("is approved by nobody who registered it, nor by one person twice, nor by another office", () =>
    at("qd-xha-commerce", async (desk, matterId) => {
      const view = await desk.show(await desk.ask({ requester: "party", matterId }), ["identityDocument"]);
      expect((await refused(desk.approve(view, PEOPLE.head))).code).toBe("access.notYourOffice");
      const both: Caller = { userId: PEOPLE.legal.userId, roles: ["supervisor", "leader"] };
      const half = await desk.approve(view, both);
      expect((await refused(desk.approve(half, both))).code).toBe("access.samePerson");
      const own = await desk.ask({ requester: "party", matterId, caller: both });
      const shown = await desk.show(own, ["identityDocument"]);
      expect((await refused(desk.approve(shown, both))).code).toBe("access.samePerson");
      const silent = desk.access.decide({
        commandId: fresh(),
        caller: PEOPLE.head,
        requestId: half.request.requestId,
        approved: false,
        opinion: "  ",
      });
      expect((await refused(silent)).code).toBe("access.opinionMissing");
    }));

  it("opens nothing once it was refused, and nothing of another matter", () =>
    at("changli-mr", async (desk, matterId) => {
      const another = await desk.decided();
      let view = await desk.show(await desk.ask({ requester: "party", matterId }), ["identityDocument"]);
      const no = { commandId: fresh(), caller: PEOPLE.head, approved: false, opinion: "材料涉及他人" };
      const turnedDown = await desk.access.decide({ ...no, requestId: view.request.requestId });
      expect(turnedDown.status).toBe("refused");
      expect((await refused(copyOf(desk, matterId, turnedDown))).code).toBe("access.wrongState");
      view = await desk.show(await desk.ask({ requester: "party", matterId }), ["identityDocument"]);
      view = await desk.approve(view, PEOPLE.head);
      expect((await refused(copyOf(desk, another, view))).code).toBe("access.outOfScope");
      expect(await desk.rows()).toEqual([]);
    }));

  it("is for papers about oneself: another person's number is refused, and bad input leaves nothing", () =>
    at("changli-mr", async (desk, matterId) => {
      const bad = [
        [{ person: { name: "李四", number: "330102199001011234" } }, "access.notTheParty"],
        [{ person: { name: "12", number: "1" } }, "access.badRequester"],
        [{ purpose: " " }, "access.badRequester"],
        [{ matterId: "no-such" }, "access.noSuchMatter"],
        [{ footage: { cameraId: "cam-1", fromMs: 5, toMs: 9 } }, "access.targetMissing"],
        [{ act: "loan" }, "access.noLending"],
      ] as const;
      for (const [change, code] of bad)
        expect((await refused(desk.ask({ requester: "party", matterId, ...change }))).code).toBe(code);
      expect(await desk.access.list({ fromMs: 0, toMs: Date.now() * 2 })).toEqual([]);
    }));
});
