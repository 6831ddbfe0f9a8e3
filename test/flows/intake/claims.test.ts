/** Claims at the kiosk: a code and the last four open one application's papers; every attempt is an entry. */
import { afterEach, describe, expect, it } from "vitest";
import { AGENT, COMPANY, type Counter, WANG, openCounter, refused } from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());

async function claimable(): Promise<{
  readonly id: Awaited<ReturnType<Counter["received"]>>;
  readonly code: string;
}> {
  counter = await openCounter({ profile: "changli-mr" });
  const id = await counter.received();
  return { id, code: counter.codesGiven.at(-1) ?? "" };
}
const claim = (code: string, last4: string, kioskId = "kiosk-1") =>
  counter.intake.claim({ code, last4, kioskId });

async function everyBody(): Promise<string> {
  const { store } = counter;
  const texts: string[] = [];
  for (const { logId, size } of store.logs())
    for (const { seq } of await store.entries(logId, 0, size)) {
      const value = await store.bodyValue({ logId, seq });
      texts.push(Buffer.from(value).toString("utf8"));
    }
  return texts.join("\n");
}

describe("claim codes", () => {
  it("open the papers with the applicant's, the company's or the agent's last four", async () => {
    const { id, code } = await claimable();
    const papers = await claim(code, "002x");
    expect(papers).toMatchObject({ applicationId: id, papers: [{ kind: "materialReceipt", served: false }] });
    const other = await counter.begin();
    await counter.intake.register({
      ...(await counter.on(other)),
      matterCode: "food-business-licence",
      applicant: COMPANY,
      agent: AGENT,
    });
    const items = [{ itemId: "application-form", form: "original", copies: 1, medium: "paper" }] as const;
    const { claimCode = "" } = await counter.intake.receive({ ...(await counter.on(other)), items });
    expect((await claim(claimCode, "0Y43")).applicationId).toBe(other);
    expect((await claim(claimCode, "5678")).applicationId).toBe(other);
    expect((await refused(claim(claimCode, "002X"))).code).toBe("intake.claimRefused");
  });

  it("stand nowhere in the log, and neither does any personal number outside its own body", async () => {
    const { id, code } = await claimable();
    await counter.judgeAll(id);
    const { claimCode = "" } = await counter.intake.accept(await counter.on(id));
    await claim(code, "002X");
    await refused(claim("12345678", "9999"));
    const bodies = await everyBody();
    expect(bodies).not.toContain(code);
    expect(bodies).not.toContain(claimCode);
    expect(bodies.split(WANG.kind === "person" ? WANG.idNumber : "").length - 1).toBe(1);
    const transitions = bodies.split("\n").filter((text) => text.includes('"event":'));
    expect(transitions.length).toBeGreaterThan(10);
    for (const text of transitions) expect(text).not.toMatch(/王芳|13800138000/);
  });

  it("say the same whichever half is wrong, and block a kiosk after ten wrong tries", async () => {
    const { code } = await claimable();
    const wrongCode = await refused(claim("00000000", "002X"));
    const wrongHalf = await refused(claim(code, "0000"));
    expect([wrongCode.code, wrongHalf.code]).toEqual(["intake.claimRefused", "intake.claimRefused"]);
    expect(wrongCode.details).toEqual(wrongHalf.details);
    for (let tries = 2; tries < 10; tries += 1) await refused(claim("00000000", "002X"));
    expect((await refused(claim(code, "002X"))).code).toBe("intake.claimBlocked");
    expect((await claim(code, "002X", "kiosk-2")).papers).toHaveLength(1);
    counter.setNow("2026-09-16 10:11");
    expect((await claim(code, "002X")).papers).toHaveLength(1);
  });

  it("block a code after five wrong halves from several kiosks", async () => {
    const { code } = await claimable();
    for (let tries = 0; tries < 5; tries += 1) await refused(claim(code, "0000", `kiosk-${tries}`));
    expect((await refused(claim(code, "002X", "kiosk-9"))).code).toBe("intake.claimBlocked");
  });

  it("work for one visit, and a lost one is void once the clerk gave a new one", async () => {
    const { id, code } = await claimable();
    await claim(code, "002X");
    counter.setNow("2026-09-16 10:20");
    await claim(code, "002X");
    counter.setNow("2026-09-16 11:00");
    expect((await refused(claim(code, "002X"))).code).toBe("intake.claimSpent");
    const { claimCode = "" } = await counter.intake.reissueClaimCode(await counter.on(id));
    expect(claimCode).toMatch(/^\d{8}$/);
    expect((await claim(claimCode, "002X")).applicationId).toBe(id);
    expect((await refused(claim(code, "002X"))).code).toBe("intake.claimRefused");
  });
});
