/** Whose request it is: a clerk acts on none that is no business of theirs, by whatever id. */
import { afterEach, expect, it } from "vitest";
import { refused } from "../intake/counter.ts";
import { type Desk, PEOPLE, fresh, openDesk } from "./desk.ts";

let desk: Desk;
afterEach(() => desk.remove());

it("answers another clerk's act on a request as if there were none, and leaves the request as it was", async () => {
  desk = await openDesk({ profile: "changli-mr" });
  const matterId = await desk.decided();
  const view = await desk.ask({ requester: "court", matterId, caller: PEOPLE.clerk });
  const { requestId } = view.request;
  const by = { commandId: fresh(), caller: PEOPLE.colleague, requestId };
  const none = await refused(desk.access.close({ ...by, requestId: "ar-0000000000000000", how: "done" }));
  expect(none.code).toBe("access.noSuchRequest");
  const acts = [
    () => desk.show(view, ["unitLetter", "workCard"], PEOPLE.colleague),
    () => desk.access.decide({ ...by, approved: true, opinion: "同意" }),
    () => desk.access.receipt({ ...by, signature: { mode: "stroke", strokes: [[[0, 0, 0]]] } }),
    () => desk.access.close({ ...by, how: "withdrawn" }),
  ];
  for (const act of acts) {
    const no = await refused(act());
    expect([no.code, no.details]).toEqual([none.code, none.details]);
  }
  expect(await desk.access.read(PEOPLE.clerk, requestId)).toEqual(view);
  const own = { commandId: fresh(), caller: PEOPLE.clerk, requestId };
  expect((await desk.access.close({ ...own, how: "withdrawn" })).status).toBe("closed");
});
