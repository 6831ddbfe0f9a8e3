/**
 * One matter on the whole gateway, under the commerce regulation of Qingdao: intake, papers, footage, playback by an
 * approved request, the books of devices and training, and the check of what was kept.
 */
import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccessRequestView } from "../../../gateway/http/contract/access.ts";
import type { IntakeFootage, IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import type { FootageSegment, ViewingView } from "../../../gateway/http/contract/playback.ts";
import { proves } from "../../law/proves.ts";
import { until } from "../children.ts";
import { CounterClerk, type GivenPaper } from "../counter-clerk.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const SITES = join(import.meta.dirname, "../../../firmware-configs/demonstration");
const PROFILE = "qd-xha-commerce";
const LIMIT_MS = 90_000;
const CAMERA_MS = 30_000;

let folder: string;
let gateway: RunningGateway | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "whole-process-"));
  const site = JSON.parse(await readFile(join(SITES, "site.json"), "utf8")) as object;
  // The shipped guides are of two other authorities; here Qingdao offers the first of them.
  const guides = JSON.parse(await readFile(join(SITES, "matters.json"), "utf8")) as {
    readonly $schema: string;
    readonly matters: readonly object[];
  };
  const matters = guides.matters.slice(0, 1).map((matter) => ({ ...matter, profiles: [PROFILE] }));
  await writeFile(join(folder, "matters.json"), JSON.stringify({ ...guides, matters }));
  const path = join(folder, "site.json");
  await writeFile(path, JSON.stringify({ ...site, profile: PROFILE }));
  gateway = await startGatewayProcess({ dataFolder: join(folder, "data"), site: path });
}, LIMIT_MS);
afterAll(async () => {
  await gateway?.close();
  await rm(folder, { recursive: true, force: true });
});

function running(): RunningGateway {
  if (gateway === undefined) throw new Error("no gateway");
  return gateway;
}
const enter = async (user: string): Promise<Caller> =>
  Caller.signIn(running().url, user, await running().password(user));
const bytesOf = async (caller: Caller, path: string): Promise<Buffer> => {
  const answer = await caller.raw("GET", path);
  expect(answer.status, path).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};
const textOf = (pdf: Buffer): string =>
  execFileSync("pdftotext", ["-raw", "-", "-"], { input: pdf, encoding: "utf8" }).replaceAll(/\s/g, "");

async function book(caller: Caller, name: string): Promise<string> {
  return textOf(await bytesOf(caller, `/api/books/${name}/page.pdf?fromMs=0&toMs=${Date.now() + 60_000}`));
}

describe("one matter from the start to the check", () => {
  it(
    proves(
      ["S0-7", "S3-A-7"],
      "who was trained in recording is in the registry and on the book that the legal section prints",
    ),
    async () => {
      const supervisor = await enter("supervisor");
      const officer = { name: "李窗口", kind: "officer", section: "行政审批科" };
      const certificate = { certNo: "DEMO-0001", validFrom: "2024-01-01", validTo: "2099-12-31" };
      await supervisor.json("PUT", "/api/officers/clerk", {
        commandId: randomUUID(),
        ...officer,
        ...certificate,
      });
      await supervisor.json("POST", "/api/officers/clerk/training", {
        commandId: randomUUID(),
        topic: "行政执法全过程记录",
        on: "2026-03-05",
        hours: 8,
      });
      const text = await book(supervisor, "training");
      for (const word of ["执法记录培训名册", "李窗口", "2026-03-05行政执法全过程记录8学时"])
        expect(text).toContain(word);
      // Who isn't of the legal section or above trains nobody.
      const clerk = await enter("clerk");
      const own = { commandId: randomUUID(), topic: "自行培训", on: "2026-03-05", hours: 8 };
      expect((await clerk.raw("POST", "/api/officers/clerk/training", own)).status).toBe(403);
    },
    LIMIT_MS,
  );

  it(
    proves(
      ["S4-28", "S0-7", "S3-A-7"],
      "each device that records is in the book with place and purpose, and none can be bound without a counter it serves",
    ),
    async () => {
      const technician = await enter("technician");
      const supervisor = await enter("supervisor");
      const [camera] = (await technician.json("GET", "/api/cameras")) as readonly { readonly id: string }[];
      if (camera === undefined) throw new Error("no camera");
      await until(
        "a file of the dock",
        CAMERA_MS,
        async () => ((await supervisor.json("GET", "/api/dock-files")) as readonly unknown[]).length > 0,
      );
      const text = await book(supervisor, "devices");
      for (const word of ["执法记录设备台账", camera.id, "1号窗口", "受理、办理过程记录", "执法记录仪采集"])
        expect(text).toContain(word);
      const bound = await technician.raw("PUT", "/api/cameras/in-the-kitchen", {
        commandId: randomUUID(),
        name: "茶水间",
        counterId: "no-counter",
        xaddr: null,
        rtspUrl: "rtsp://127.0.0.1:1/none",
        profileToken: null,
        codec: "h264",
        credentials: { username: "a", password: "b" },
      });
      expect([bound.status, ((await bound.json()) as { code: string }).code]).toEqual([
        404,
        "people.noSuchCounter",
      ]);
      expect(await book(supervisor, "devices")).not.toContain("茶水间");
    },
    LIMIT_MS,
  );

  it(
    proves(
      ["S0-6"],
      "words, paper and picture of the whole process are one record: played back by approval, checked from outside",
    ),
    async () => {
      const at = running();
      const clerk = await enter("clerk");
      const leader = await enter("leader");
      const supervisor = await enter("supervisor");
      const custodian = await enter("custodian");
      await until("a camera that records", CAMERA_MS, async () => {
        const { cameras } = (await (await fetch(`${at.url}/healthz`)).json()) as {
          cameras: readonly { readonly state: string }[];
        };
        return cameras.some(({ state }) => state === "recording");
      });
      const given: GivenPaper[] = [];
      let view = await new CounterClerk(clerk, "counter-1", (paper) => given.push(paper)).serve("accept");
      const { applicationId } = view;
      const matter = `/api/intakes/${applicationId}`;

      // Words: every step with who took it, the chain of approvals by three people of their own.
      const technician = await enter("technician");
      const head = { id: "head-2", name: "钱局", roles: ["leader"], password: "correct horse battery" };
      await technician.json("POST", "/api/people", head);
      const signers = {
        sectionHead: [leader, await at.password("leader")],
        legalSection: [supervisor, await at.password("supervisor")],
        head: [await Caller.signIn(at.url, head.id, head.password), head.password],
      } as const;
      for (const step of view.proposal?.steps ?? []) {
        if (!(step in signers)) throw new Error(`nobody signs as ${step}`);
        const [signer, password] = signers[step as keyof typeof signers];
        const answer = (await signer.json("POST", `${matter}/approve`, {
          commandId: randomUUID(),
          expectedVersion: view.version,
          step,
          decision: "agree",
          opinion: "同意受理",
          password,
        })) as { readonly intake: IntakeView };
        view = answer.intake;
      }
      expect(view.phase).toBe("ACCEPTED");

      // Paper: what the applicant was given, as it was printed.
      const papers = view.papers.map(({ documentId, kind }) => ({ documentId, kind }));
      expect(papers.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(["materialReceipt", "acceptanceNotice"]),
      );
      for (const { documentId } of papers)
        expect(textOf(await bytesOf(clerk, `/api/documents/${documentId}/pdf`))).toContain("王芳");

      // Picture: of this very session, once the fragment that reaches into it is stored.
      const footage = await until("footage of the session", CAMERA_MS, async () => {
        const { sessions } = (await clerk.json("GET", `${matter}/footage`)) as IntakeFootage;
        const [session] = sessions;
        return session?.coverage.some(({ spans }) => spans.length > 0) === true ? session : undefined;
      });
      const { fromMs, toMs } = footage;
      const range = { cameraId: footage.coverage[0]?.cameraId ?? "", fromMs, toMs };
      const look = { ...range, reason: "核对受理过程", applicationId };

      // Who isn't on the case has no right of their own: asked for, approved by another person, played back.
      const asked = (await custodian.json("POST", "/api/access-requests", {
        commandId: randomUUID(),
        requester: "staff",
        act: "view",
        material: "footage",
        inProceeding: false,
        matterId: applicationId,
        purpose: "核对受理过程",
      })) as AccessRequestView;
      expect(asked).toMatchObject({ status: "approval", steps: [{ office: "head" }] });
      const { requestId } = asked;
      expect((await custodian.raw("POST", "/api/viewings", look)).status).toBe(403);
      expect((await custodian.raw("POST", "/api/viewings", { ...look, requestId })).status).toBe(409);
      const decision = { commandId: randomUUID(), approved: true, opinion: "同意查阅" };
      await leader.json("POST", `/api/access-requests/${requestId}/decision`, decision);
      const viewing = (await custodian.json("POST", "/api/viewings", { ...look, requestId })) as ViewingView;
      const base = `/api/viewings/${viewing.viewingId}/`;
      const segments = (await custodian.json("GET", `${base}segments`)) as readonly FootageSegment[];
      expect(segments.length).toBeGreaterThan(0);
      for (const { initUri, uri } of segments.slice(0, 2)) {
        expect((await bytesOf(custodian, base + initUri)).subarray(4, 8).toString()).toBe("ftyp");
        expect((await bytesOf(custodian, base + uri)).includes("moof")).toBe(true);
      }
      const { rows } = (await supervisor.json("GET", "/api/ledgers/access?limit=100")) as {
        readonly rows: readonly Record<string, unknown>[];
      };
      expect(rows).toContainEqual(
        expect.objectContaining({ by: "custodian", act: "playback", basis: "request", requestId }),
      );

      // Checked from outside, without the program that wrote it.
      expect(await at.close()).toBe(0);
      gateway = undefined;
      const { stdout } = await promisify(execFile)(process.execPath, [
        "gateway/commands/verify.ts",
        join(folder, "data"),
      ]);
      expect(stdout).toContain("OK: nothing wrong was found");
    },
    LIMIT_MS,
  );
});
