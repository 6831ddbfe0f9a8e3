/** The third instrument of Zhengzhou, article by article, on the real store. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { type Desk, PEOPLE, fresh, openDesk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ profile: "zz-mr" });
});
afterAll(() => desk.remove());

const OFFICER = { name: "赵警官", unit: "市公安局", number: "JZ-001122" };

describe("viewing under S3-C", () => {
  it(
    proves(["S3-C-3"], "case officers view directly, others by approval, and everybody copies by approval"),
    async () => {
      const id = await desk.decided();
      const look = { act: "playback", subject: "camera/cam-1", matterId: id } as const;
      const { sessions } = (await desk.counter.intake.get(id)).state;
      const fromMs = sessions[0]?.fromMs ?? 0;
      const footage = { cameraId: "cam-1", fromMs, toMs: fromMs + 1 };
      const own = await desk.access.open({ ...look, caller: PEOPLE.clerk, footage });
      expect(own.basis).toBe("caseOfficer");
      for (const caller of [PEOPLE.colleague, PEOPLE.custodian]) {
        const no = await refused(desk.access.open({ ...look, caller, footage }));
        expect([no.code, no.details["article"]]).toEqual(["access.noBasis", "S3-C-3"]);
      }
      const copy = await refused(desk.access.open({ ...look, act: "copy", caller: PEOPLE.clerk, footage }));
      expect([copy.code, copy.details["article"]]).toEqual(["access.noBasis", "S3-C-3"]);
      const asked = await desk.ask({
        requester: "staff",
        matterId: id,
        material: "footage",
        caller: PEOPLE.clerk,
      });
      expect(asked.request.decision.steps).toEqual([{ office: "head", article: "S3-C-3" }]);
      const granted = await desk.approve(asked, PEOPLE.head);
      const { requestId } = granted.request;
      const got = await desk.access.open({ ...look, act: "copy", caller: PEOPLE.clerk, footage, requestId });
      expect(got.basis).toBe("request");
      // An approval is the asker's own.
      const lent = desk.access.open({ ...look, act: "copy", caller: PEOPLE.colleague, footage, requestId });
      expect((await refused(lent)).code).toBe("access.outOfScope");
    },
  );

  it(
    proves(
      ["S3-C-4"],
      "police, procuratorate, court, state security, discipline and audit view and copy by letter and work card",
    ),
    async () => {
      const id = await desk.decided();
      desk.archived.add(id);
      for (const requester of [
        "police",
        "procuratorate",
        "court",
        "stateSecurity",
        "discipline",
        "audit",
      ] as const) {
        const view = await desk.ask({ requester, matterId: id, person: OFFICER });
        expect(view.request.decision).toMatchObject({ article: "S3-C-4", steps: [] });
        const half = await refused(desk.show(view, ["unitLetter"]));
        expect([half.code, half.details["article"]]).toEqual(["access.credentialsMissing", "S3-C-4"]);
        const shown = await desk.show(view, ["unitLetter", "workCard"]);
        expect(shown.status).toBe("granted");
        const { requestId } = shown.request;
        for (const act of ["view", "copy"] as const)
          await desk.access.open({ caller: PEOPLE.custodian, act, subject: "x", matterId: id, requestId });
      }
    },
  );

  it(
    proves(
      ["S3-C-5"],
      "a party or its lawyer sees and copies its own conclusive papers by valid papers alone",
    ),
    async () => {
      const id = await desk.decided();
      desk.archived.add(id);
      const party = await desk.ask({ requester: "party", matterId: id, material: "conclusive" });
      expect(party.request.decision).toMatchObject({ article: "S3-C-5", steps: [] });
      expect((await desk.show(party, ["identityDocument"])).status).toBe("granted");
      const lawyer = { name: "钱律师", unit: "某律师事务所", number: "14101201910000001" };
      const his = await desk.ask({
        requester: "lawyer",
        matterId: id,
        material: "conclusive",
        person: lawyer,
      });
      expect((await refused(desk.show(his, ["lawyerLicence"]))).code).toBe("access.credentialsMissing");
      expect((await desk.show(his, ["lawyerLicence", "authorisation"])).status).toBe("granted");
      const stranger = { name: "李四", number: "330102199001011234" };
      const not = await refused(
        desk.ask({ requester: "party", matterId: id, material: "conclusive", person: stranger }),
      );
      expect([not.code, not.details["article"]]).toEqual(["access.notTheParty", "S3-C-5"]);
      // Conclusive papers are all it opens: no footage.
      const { sessions } = (await desk.counter.intake.get(id)).state;
      const fromMs = sessions[0]?.fromMs ?? 0;
      const more = desk.access.open({
        caller: PEOPLE.custodian,
        act: "playback",
        subject: "camera/cam-1",
        matterId: id,
        footage: { cameraId: "cam-1", fromMs, toMs: fromMs + 1 },
        requestId: party.request.requestId,
      });
      expect((await refused(more)).code).toBe("access.outOfScope");
    },
  );

  it(
    proves(["S3-C-6"], "evidence after suit or reconsideration goes by the procedure laws, through the head"),
    async () => {
      const id = await desk.decided();
      const view = await desk.ask({ requester: "party", matterId: id, inProceeding: true });
      expect(view.request.decision).toMatchObject({ article: "S3-C-6", steps: [{ office: "head" }] });
      expect(view.request.inProceeding).toBe(true);
    },
  );

  it(
    proves(
      ["S3-C-7"],
      "nothing is lent out but to own staff by approval, and to court and reconsideration as they ask",
    ),
    async () => {
      const id = await desk.decided();
      for (const requester of ["party", "lawyer", "police", "audit"] as const) {
        const no = await refused(
          desk.ask({
            requester,
            act: "loan",
            matterId: id,
            person: { ...OFFICER, number: "11010519491231002X" },
          }),
        );
        expect([no.code, no.details["article"]]).toEqual(["access.noLending", "S3-C-7"]);
      }
      const own = await desk.ask({ requester: "staff", act: "loan", matterId: id, caller: PEOPLE.colleague });
      expect(own.request.decision.steps).toEqual([{ office: "head", article: "S3-C-7" }]);
      const granted = await desk.approve(own, PEOPLE.head);
      const back = { commandId: fresh(), caller: PEOPLE.custodian, requestId: granted.request.requestId };
      expect((await desk.access.close({ ...back, how: "returned" })).status).toBe("closed");
      const court = await desk.ask({ requester: "court", act: "loan", matterId: id, person: OFFICER });
      expect(court.status).toBe("credentials");
    },
  );

  it(
    proves(
      ["S3-C-10"],
      "decided and not filed yet, the officer in charge of the case handles it by articles 4 and 5",
    ),
    async () => {
      const id = await desk.decided();
      const police = await desk.ask({ requester: "police", matterId: id, person: OFFICER });
      const party = await desk.ask({ requester: "party", matterId: id, material: "conclusive" });
      for (const [view, kinds] of [
        [police, ["unitLetter", "workCard"]],
        [party, ["identityDocument"]],
      ] as const) {
        expect(view.request.decision.steps).toEqual([{ office: "caseLead", article: "S3-C-10" }]);
        const shown = await desk.show(view, kinds);
        expect((await refused(desk.approve(shown, PEOPLE.head))).code).toBe("access.notYourOffice");
        expect((await desk.approve(shown, PEOPLE.clerk)).status).toBe("granted");
      }
    },
  );

  it(
    proves(["S3-A-17"], "what is archived is viewed by nobody without approval, case officers included"),
    async () => {
      const id = await desk.decided();
      const look = { act: "view", subject: `application/${id}`, matterId: id } as const;
      expect((await desk.access.open({ ...look, caller: PEOPLE.clerk })).basis).toBe("handling");
      desk.archived.add(id);
      for (const caller of [PEOPLE.clerk, PEOPLE.colleague, PEOPLE.custodian]) {
        const no = await refused(desk.access.open({ ...look, caller }));
        expect([no.code, no.details["article"]]).toEqual(["access.noBasis", "S3-A-17"]);
      }
      const asked = await desk.ask({ requester: "staff", act: "view", matterId: id, caller: PEOPLE.clerk });
      expect(asked.request.decision.steps).toEqual([{ office: "head", article: "S3-A-17" }]);
      const { requestId } = (await desk.approve(asked, PEOPLE.head)).request;
      expect((await desk.access.open({ ...look, caller: PEOPLE.clerk, requestId })).basis).toBe("request");
      // To view is not to copy.
      const copy = desk.access.open({ ...look, act: "copy", caller: PEOPLE.clerk, requestId });
      expect((await refused(copy)).code).toBe("access.outOfScope");
    },
  );
});
