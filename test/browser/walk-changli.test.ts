/**
 * Clerk and applicant at the counter of Changli: materials are incomplete, so they are told of everything at once,
 * the materials go back and the application is not accepted. On the real gateway, screens, printer and camera.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../law/proves.ts";
import { traces } from "./in-page.ts";
import { type WalkHall, canWalk, openWalkHall } from "./walk-hall.ts";
import * as at from "./walk-steps.ts";

const NOT_HANDED = ["与食品经营相适应的主要设备设施", "食品安全管理人员任命文件", "授权委托书"];
const FIT = [
  "application-form",
  "business-licence",
  "representative-id",
  "safety-rules",
  "premises-right",
  "authorisation",
];

let hall: WalkHall;
let clerk: Page;
let kiosk: Page;
/** As printed on the newest slip. */
let claimCode = "";

describe.skipIf(!canWalk)("a walk through the counter of Changli", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    hall = await openWalkHall("site-changli.json");
    kiosk = await hall.kiosk();
    clerk = await hall.signIn("clerk");
  }, 90_000);
  afterAll(async () => {
    await hall?.close();
  });

  it(
    proves(
      ["S3-A-6"],
      "tells the applicant of the recording before anything else, and logs that it was shown",
    ),
    async () => {
      await hall.picture(kiosk, "changli-01-kiosk-home");
      await hall.picture(clerk, "changli-02-clerk-empty");
      await clerk.getByRole("button", { name: "开始受理" }).click();
      await kiosk.getByRole("heading", { name: "录音录像告知" }).waitFor();
      await clerk.getByText("已告知录像").waitFor();
      await hall.picture(kiosk, "changli-03-kiosk-notice");
      await hall.picture(clerk, "changli-04-clerk-register");
      await kiosk.getByRole("button", { name: "我已知悉" }).click();
      await clerk.getByText(/办理记录/).click();
      await clerk.getByText("已显示录音录像告知").waitFor();
    },
  );

  it(proves(["S0-8"], "takes the materials in for a numbered receipt with a claim code"), async () => {
    await at.registerApplicant(clerk, "食品经营许可（新办）");
    await hall.picture(clerk, "changli-05-clerk-receive");
    const shown = await at.receiveAllBut(clerk, NOT_HANDED);
    expect(shown).toMatch(/^\d{8}$/);
    await at.paperRow(clerk, "申请材料接收凭证").getByRole("button", { name: "打印凭条" }).click();
    await clerk.getByText("凭条已打印。").waitFor();
    const slip = await hall.slip(1);
    await hall.picture(clerk, "changli-06-clerk-received");
    expect(slip).toContain("申请材料接收凭证");
    expect(slip.replace(/\s/g, "")).toContain(shown);
  });

  it(
    proves(
      ["S1-6(4)", "S0-8"],
      "keeps the notice back while one item is unjudged, and says by which article",
    ),
    async () => {
      for (const itemId of FIT) await at.judgeOk(clerk, itemId);
      await at.judgeDeficient(clerk, "premises-plan");
      await at.judgeDeficient(clerk, "safety-officer");
      const notice = clerk.getByRole("button", { name: "一次性告知补正" });
      expect(await notice.isDisabled()).toBe(true);
      const why = await clerk.locator(`#${await notice.getAttribute("aria-describedby")}`).innerText();
      expect(why).toMatch(/第 6 条第（4）项/);
      await notice.scrollIntoViewIfNeeded();
      await hall.picture(clerk, "changli-07-clerk-refused");
      await at.judgeDeficient(clerk, "health-certificates", "健康证明已超过有效期");
      await clerk.getByText("材料退回，本次申请不予受理。").waitFor();
      await clerk.getByRole("button", { name: "收起" }).click();
      await clerk.getByRole("heading", { name: "材料审查" }).scrollIntoViewIfNeeded();
      await hall.picture(clerk, "changli-08-clerk-judged");
    },
  );

  it(
    proves(
      ["S1-6(4)"],
      "tells all defects in one notice, returns the materials and does not accept, in one act",
    ),
    async () => {
      await clerk.getByRole("button", { name: "一次性告知补正" }).click();
      await at.paperRow(clerk, "补正告知书").waitFor();
      await clerk.getByRole("heading", { name: /王芳.*不予受理/ }).waitFor();
      await hall.picture(clerk, "changli-09-clerk-issued");
      expect(await clerk.locator("cg-papers-panel .title").allInnerTexts()).toEqual(
        expect.arrayContaining(["补正告知书", "不予受理决定书", "申请材料退回清单", "申请材料接收凭证"]),
      );
      const notice = await at.pdfText(clerk, "补正告知书");
      for (const text of ["补正告知书", "示市监补〔2026〕B1-000001号", "健康证明已超过有效期"])
        expect(notice).toContain(text);
      expect(notice.match(/未提交该材料/g)).toHaveLength(2);
      expect(notice.match(/补正方式补正后可以重新提出申请/g)).toHaveLength(3);
      expect(await at.pdfText(clerk, "不予受理决定书")).toMatch(/不予受理.*六十日内.*行政复议/);
      const returned = await at.pdfText(clerk, "申请材料退回清单");
      expect(returned).toContain("从业人员健康证明");
      expect(returned).not.toContain("食品安全管理人员任命文件");
      await at.paperRow(clerk, "补正告知书").getByRole("button", { name: "打印凭条" }).click();
      const slip = await hall.slip(2);
      expect(slip).toContain("健康证明已超过有效期");
      const printed = /^\s*(\d{4}) (\d{4})\s*$/m.exec(slip);
      claimCode = `${printed?.[1]}${printed?.[2]}`;
      expect(claimCode).toMatch(/^\d{8}$/);
    },
  );

  it("lets the applicant read the notice at the kiosk in both languages", async () => {
    await kiosk.getByRole("button", { name: "查看我的文书" }).click();
    await hall.picture(kiosk, "changli-10-kiosk-claim");
    await at.typeClaim(kiosk, claimCode);
    await kiosk.getByRole("heading", { name: "您的文书" }).waitFor();
    await hall.picture(kiosk, "changli-11-kiosk-papers");
    await kiosk.getByRole("button", { name: /补正告知书/ }).click();
    await kiosk.getByText("健康证明已超过有效期").waitFor();
    await hall.picture(kiosk, "changli-12-kiosk-notice-zh");
    await kiosk.getByRole("button", { name: "English" }).click();
    await kiosk.getByRole("heading", { name: /Correction notice/i }).waitFor();
    await hall.picture(kiosk, "changli-13-kiosk-notice-en");
    await kiosk.getByRole("button", { name: "中文" }).click();
    await kiosk.getByRole("heading", { name: /补正告知书/ }).waitFor();
  });

  it("takes the applicant's signature on the screen, and the clerk serves the notice with it", async () => {
    await at.sign(kiosk, () => hall.picture(kiosk, "changli-14-kiosk-signing"));
    await hall.picture(kiosk, "changli-15-kiosk-signed");
    await at.serveSigned(clerk, "补正告知书");
    await hall.picture(clerk, "changli-16-clerk-served");
  });

  it("wipes the kiosk when the applicant has walked away", async () => {
    await kiosk.getByRole("button", { name: "继续查看文书" }).click();
    await kiosk.getByRole("heading", { name: "您的文书" }).waitFor();
    await kiosk.clock.runFor(31_000);
    await kiosk.getByText("您还在使用吗？").waitFor();
    await hall.picture(kiosk, "changli-17-kiosk-idle");
    await kiosk.clock.runFor(31_000);
    // The applicant is still received and recorded, so the notice of that is what the next look falls on.
    await kiosk.getByRole("heading", { name: "录音录像告知" }).waitFor();
    await kiosk.getByRole("button", { name: "我已知悉" }).click();
    await kiosk.getByRole("button", { name: "查看我的文书" }).waitFor();
    expect(await traces(kiosk, [claimCode, "王芳", at.APPLICANT.last4, "B1-000001"])).toEqual([]);
  });

  it("ran without an error in any page and without a request to a foreign host", () => {
    expect(hall.problems).toEqual([]);
  });
});
