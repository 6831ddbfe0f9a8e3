/** The whole dock path with the virtual dock over TLS: from the bay to the stored, labelled file and the wipe. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { ingestRules } from "../../../gateway/wiring/ingest-rules.ts";
import { proves } from "../../law/proves.ts";
import type { RunningProgram } from "../../peers/start-program.ts";
import { freshFolder } from "../../contract/real-store.ts";
import {
  DOCK,
  type Hall,
  bindDock,
  fresh,
  memorySecrets,
  openHall,
  startDock,
  technician,
  until,
} from "./dock-hall.ts";

const PROFILES = join(import.meta.dirname, "../../../firmware-configs/profiles");
const HOUR_MS = 3_600_000;
let folder: Awaited<ReturnType<typeof freshFolder>>;
let hall: Hall;
let secret: string;
const running: RunningProgram[] = [];

beforeEach(async () => {
  folder = await freshFolder();
  hall = await openHall({ folder: folder.path, secrets: memorySecrets(), secure: true });
  secret = await bindDock(hall);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
  await hall.close();
  await folder.remove();
});

async function start(...args: string[]): Promise<RunningProgram> {
  const program = await startDock(hall, { folder: folder.path, secret, secure: true, args });
  running.push(program);
  return program;
}

const kindsOf = async (): Promise<string[]> => {
  const { logId, size } = hall.store.stats();
  const kinds: string[] = [];
  for (const { seq, bytes } of await hall.store.entries(logId, 0, size)) {
    const entry = decodeEntry(bytes);
    if (!["dock", "custody", "file", "chunk", "label"].includes(entry.type)) continue;
    const json = entry.type === "chunk" ? {} : (await hall.store.readRecord({ logId, seq })).body.json;
    const words = [entry.type, json["kind"], json["report"]];
    kinds.push(words.filter((word) => typeof word === "string").join(" "));
  }
  return kinds;
};

describe("a body camera put into a dock", () => {
  it(
    proves(
      ["S1-19", "S2-26", "S4-30"],
      "has its recording stored, verified, probed and listed with both times before its card is wiped",
    ),
    async () => {
      const dock = await start("--clock-offset=-7200000", "--chunk-bytes", "65536");
      const stored = await dock.line((line) => line["event"] === "stored", 30_000);
      await dock.line((line) => line["event"] === "wiped");
      const file = await until(() => hall.docks.file(String(stored["uploadId"])));
      expect(file).toMatchObject({
        sha256: stored["sha256"],
        sizeBytes: stored["sizeBytes"],
        media: { codec: "h264", width: 640, height: 360 },
        late: null,
        labels: null,
        missingLabels: ["matter", "party", "officer", "certNo"],
      });
      expect(Math.abs((file.media?.durationMs ?? 0) - 6000)).toBeLessThan(200);
      const claim = file.claims[0];
      expect(claim).toMatchObject({
        dock: DOCK,
        camera: "BC00001",
        officerClaim: "GA0001",
        clockSuspect: true,
      });
      expect(claim?.vendorName).toMatch(/^BC00001_GA0001_\d{14}\.mp4$/);
      expect((claim?.correctedEndMs ?? 0) - (claim?.deviceEndMs ?? 0)).toBe(7_200_000);
      expect(Math.abs((claim?.correctedEndMs ?? 0) - Date.now())).toBeLessThan(60_000);

      const hash = createHash("sha256");
      for await (const bytes of hall.docks.bytes(file.fileId)) hash.update(bytes);
      expect(hash.digest("hex")).toBe(file.sha256);

      expect(await readdir(join(folder.path, "cards", "BC00001"))).toEqual([]);
      await until(async () => (await hall.docks.outstanding(DOCK)).length === 0);
      const kinds = await kindsOf();
      const at = (kind: string): number => kinds.lastIndexOf(kind);
      expect(at("chunk")).toBeLessThan(at("file"));
      expect(at("file")).toBeLessThan(at("dock command"));
      expect(at("dock command")).toBeLessThan(at("dock report ack"));
      expect(hall.problems).toEqual([]);
    },
  );

  it(
    proves(["S4-30"], "waits in the queue until it has its four labels, each labelling an entry"),
    async () => {
      const dock = await start();
      const stored = await dock.line((line) => line["event"] === "stored", 30_000);
      const fileId = String(stored["uploadId"]);
      expect((await hall.docks.unlabelled()).map((file) => file.fileId)).toEqual([fileId]);
      const labels = { matter: "烟花爆竹零售许可", party: "张三", officer: "李四", certNo: "YN-0001" };
      const command = { fileId, ...labels, by: technician, commandId: fresh() };
      await expect(hall.docks.label({ ...command, certNo: " " })).rejects.toMatchObject({
        code: "docks.badLabel",
        details: { label: "certNo", article: "S4-30" },
      });
      const labelled = await hall.docks.label(command);
      expect(labelled).toMatchObject({ labels: { ...labels, by: technician }, missingLabels: [] });
      expect(await hall.docks.label({ ...command, party: "another" })).toEqual(labelled);
      expect(await hall.docks.unlabelled()).toEqual([]);
      await hall.docks.label({ ...command, party: "张三丰", commandId: fresh() });
      expect((await hall.docks.file(fileId))?.labels?.party).toBe("张三丰");
      expect((await kindsOf()).filter((kind) => kind === "label")).toHaveLength(2);
      await expect(hall.docks.label({ ...command, fileId: "f0", commandId: fresh() })).rejects.toMatchObject({
        code: "docks.noSuchFile",
      });
    },
  );

  it(
    proves(["S3-B-6"], "is late after the end of its day in Beijing, and is taken all the same"),
    async () => {
      hall.setRules({ ...hallRulesOfS3() });
      // Its clock says two days ago and is right: the recording is that old.
      hall.clock.setWallMs(Date.now() + 2 * 86_400_000);
      const dock = await start();
      const stored = await dock.line((line) => line["event"] === "stored", 30_000);
      const file = await until(() => hall.docks.file(String(stored["uploadId"])));
      expect(file.late?.article).toBe("S3-B-6");
      expect(file.late?.byMs).toBeGreaterThan(86_400_000);
      await dock.line((line) => line["event"] === "wiped");
    },
  );

  it(
    proves(
      ["S3-A-15"],
      "is stored promptly, and a file that comes later than the span of the profile is listed as late with its cause",
    ),
    async () => {
      const { all } = await loadProfiles(PROFILES, "zz-mr");
      const profile = all.find(({ id }) => id === "zz-mr");
      if (profile === undefined) throw new Error("no profile");
      // "Promptly" is the regulation's; that it means four hours is ours, and the profile says so.
      expect(profile.rule("ingest.prompt")).toMatchObject({ basis: "regulation", value: "prompt" });
      expect(profile.rule("ingest.promptHours")).toMatchObject({ basis: "inferred", value: 4 });
      // The end of the day is S3-B-6's own; without it this says the same at every hour.
      hall.setRules({ ...ingestRules(profile), limit: null });
      const { docks, lateFiles, clock } = hall;
      const later = (hours: number) => clock.setWallMs(Date.now() + hours * HOUR_MS);
      /** A dock that is online, with a camera that has filmed this long just before it is put in. */
      const idle = async (seconds: number): Promise<RunningProgram> => {
        const dock = await start("--idle", "--chunk-bytes", "4096", "--video-seconds", String(seconds));
        await dock.line((line) => line["event"] === "online");
        return dock;
      };
      const putIn = async (dock: RunningProgram, underWay?: () => void) => {
        dock.child.stdin?.write("insert\n");
        await dock.line((line) => line["event"] === "progress", 30_000);
        underWay?.();
        const stored = await dock.line((line) => line["event"] === "stored", 30_000);
        await dock.line((line) => line["event"] === "wiped");
        await dock.stop();
        return until(() => docks.file(String(stored["uploadId"])));
      };

      expect((await putIn(await idle(2))).late).toBeNull();
      expect(lateFiles).toEqual([]);
      const slow = await putIn(await idle(3), () => later(5));
      later(0);
      // The camera comes an hour after the span, to a dock that had been there all along.
      const waiting = await idle(4);
      later(5);
      const brought = await putIn(waiting);
      const away = await putIn(await idle(5));
      for (const [file, cause] of [
        [slow, "slowUpload"],
        [brought, "broughtLate"],
        [away, "dockAway"],
      ] as const) {
        expect(file.late, cause).toMatchObject({ article: "S3-A-15", cause });
        expect(Math.abs((file.late?.byMs ?? 0) - HOUR_MS), cause).toBeLessThan(60_000);
      }
      // Listed with it, and told once each: what the supervisor's alarm is raised from.
      const listed = (await docks.files()).filter(({ late }) => late !== null);
      expect(listed.map(({ fileId }) => fileId).toReversed()).toEqual(lateFiles.map(({ fileId }) => fileId));
      expect(lateFiles.map(({ cause }) => cause)).toEqual(["slowUpload", "broughtLate", "dockAway"]);
      expect(hall.problems).toEqual([]);
    },
    60_000,
  );

  it(proves(["S3-B-8"], "changes hands by bay and by hand, and the register keeps each step"), async () => {
    const dock = await start();
    await dock.line((line) => line["event"] === "wiped", 30_000);
    expect(await hall.docks.custody()).toMatchObject([{ camera: "BC00001", holder: { dock: DOCK, bay: 1 } }]);
    const out = {
      camera: "BC00001",
      kind: "checkOut",
      officer: "王五",
      keeper: technician,
      checks: { works: true, battery: true, space: true, clock: true },
      commandId: fresh(),
    } as const;
    expect(await hall.docks.handOver(out)).toMatchObject({ holder: { officer: "王五" } });
    expect(await hall.docks.handOver(out)).toMatchObject({ holder: { officer: "王五" } });
    dock.child.stdin?.write("remove\n");
    await dock.line((line) => line["event"] === "removed");
    const history = await until(async () => {
      const steps = await hall.docks.custodyHistory("BC00001");
      return steps.length === 3 && steps;
    });
    expect(history.map((step) => step.holder)).toEqual([
      { dock: DOCK, bay: 1 },
      { officer: "王五" },
      { officer: "GA0001" },
    ]);
  });

  it(proves(["S3-B-3"], "goes out only after the four checks of its profile"), async () => {
    const out = { camera: "BC00009", kind: "checkOut", officer: "王五", keeper: technician } as const;
    await expect(
      hall.docks.handOver({
        ...out,
        checks: { works: true, battery: true, space: false },
        commandId: fresh(),
      }),
    ).rejects.toMatchObject({
      code: "docks.notReady",
      details: { checks: ["space", "clock"], article: "S3-B-3" },
    });
    expect(await hall.docks.custody()).toEqual([]);
    const checks = { works: true, battery: true, space: true, clock: true };
    await hall.docks.handOver({ ...out, checks, commandId: fresh() });
    await hall.docks.handOver({ ...out, kind: "checkIn", checks: {}, commandId: fresh() });
    expect(await hall.docks.custody()).toMatchObject([
      { camera: "BC00009", holder: { officer: technician } },
    ]);
  });
});

function hallRulesOfS3() {
  return {
    limit: "sameDay",
    limitArticle: "S3-B-6",
    mandatoryLabels: [],
    labelsArticle: null,
    preUseCheck: [],
    preUseArticle: null,
    clockSuspectMs: 60_000,
  } as const;
}
