/** An export is one tar: MP4 that plays anywhere, and evidence that proves itself with programs that are not ours to trust. */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { userId } from "../../../gateway/domain/ids.ts";
import { OFFLINE_VERIFIER_FILES } from "../../../gateway/evidence/offline-verifier/files.ts";
import { type ExportRequest, type Exports, openExports } from "../../../gateway/recording/export/exports.ts";
import { testVerifierKey } from "../../contract/real-store.ts";
import { proves } from "../../law/proves.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { runBytes, seiNumbers } from "./numbered-pictures.ts";
import { type Rig, startRig, until } from "./recording-rig.ts";

const run = promisify(execFile);
const VERIFY = new URL("../../../gateway/commands/verify.ts", import.meta.url).pathname;
const available = hasGstRtspServer();
if (!available) console.warn(`SKIPPED, the GStreamer camera is missing: ${GST_INSTALL}`);

let camera: GstCamera;
let rig: Rig;
let exports: Exports;
let folder: string;
let begin: number;

beforeAll(async () => {
  if (!available) return;
  folder = await mkdtemp(join(tmpdir(), "export-"));
  const mount = {
    path: "/cam1",
    width: 320,
    height: 240,
    kbit: 300,
    clipS: 4,
    gop: 25,
    audio: "alaw",
  } as const;
  camera = await startGstCamera({ mounts: [mount] });
  rig = await startRig({ url: camera.url("/cam1"), withAudio: true });
  begin = Date.now();
  const seconds = async (count: number): Promise<void> => {
    const from = Date.now();
    await until("enough footage", 15_000, async () => {
      const end = await rig.catalogue.lastEnd(rig.camera);
      return end !== undefined && end - from >= count * 1000 ? end : undefined;
    });
  };
  await seconds(3);
  await rig.restart();
  await seconds(2);
  const { store } = rig;
  exports = await openExports({
    catalogue: rig.catalogue,
    log: Object.assign(Object.create(store) as typeof store, {
      verifierKeys: () => store.logs().map(({ origin }) => testVerifierKey(origin)),
    }),
    clock: rig.clock,
    random: { bytes: (count) => randomBytes(count) },
    workFolder: join(folder, "work"),
  });
}, 60_000);
afterAll(async () => {
  await rig?.close();
  await camera?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const request = (to: number, from = begin): ExportRequest => ({
  by: userId("supervisor"),
  reason: "投诉核查",
  excerpt: true,
  spans: [{ camera: rig.camera, from, to }],
});

/** Takes the whole archive and lets tar unpack it. */
async function unpacked(name: string, to: number, change: Partial<ExportRequest> = {}): Promise<string> {
  const one = await exports.open({ ...request(to), ...change });
  const parts: Uint8Array[] = [];
  for await (const part of one.archive()) parts.push(part);
  expect(one.progress()).toMatchObject({ state: "done", doneBytes: one.progress().totalBytes });
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, "x.tar"), Buffer.concat(parts));
  await run("tar", ["-xf", "x.tar"], { cwd: place });
  await rm(join(place, "x.tar"));
  const [root = ""] = await readdir(place);
  return join(place, root);
}

/** Open files below the folder, removed ones too, of this process and its children. */
async function openBelow(place: string): Promise<number> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8");
  const pids = [String(process.pid), ...children.split(" ").filter((pid) => pid !== "")];
  let count = 0;
  for (const pid of pids) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
    count += links.filter((link) => link.startsWith(place)).length;
  }
  return count;
}

describe.skipIf(!available)("an export", () => {
  it("of a case file carries the metadata beside the evidence, in the manifest, and both verifiers accept it", async () => {
    const bytes = new TextEncoder().encode('{"v":1,"caseId":"case-1","elements":[]}\n');
    const attached = [{ path: "archival-metadata.json", bytes }];
    const root = await unpacked("case-file", Date.now(), { excerpt: false, caseId: "case-1", attached });
    expect(await readFile(join(root, "archival-metadata.json"))).toEqual(Buffer.from(bytes));
    const manifest: unknown = JSON.parse(await readFile(join(root, "manifest.json"), "utf8"));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(manifest).toMatchObject({
      kind: "matter",
      caseId: "case-1",
      files: expect.arrayContaining([{ path: "archival-metadata.json", sizeBytes: bytes.length, sha256 }]),
    });
    expect(await readFile(join(root, "README.txt"), "utf8")).toContain("archival-metadata.json");
    const offline = await run("python3", [join(root, "verify.py"), join(root, "evidence")]);
    expect(offline.stdout).toContain("结论 RESULT 完好：未发现问题 · ok");
    await run(process.execPath, [VERIFY, join(root, "evidence")]);
  });

  it(
    proves(
      ["S3-A-4"],
      "holds MP4 with the very pictures of the log, marked as excerpt, and evidence that npm run verify accepts",
    ),
    async () => {
      const root = await unpacked("first", Date.now());
      const { fragments } = await rig.coverage(begin, Date.now());
      const runs = await runBytes(rig.playback, fragments);
      expect(runs.length).toBeGreaterThanOrEqual(2);
      const videos = (await readdir(join(root, "video"))).sort();
      expect(videos.length).toBeGreaterThanOrEqual(2);
      for (const [i, name] of videos.entries()) {
        expect(name).toMatch(/^cam-1_\d{8}-\d{6}_excerpt\.mp4$/);
        const mp4 = await readFile(join(root, "video", name));
        const numbers = await seiNumbers(mp4);
        const wanted = await seiNumbers(runs[i] ?? Buffer.alloc(0));
        expect(numbers.length).toBeGreaterThan(20);
        expect(numbers).toEqual(wanted.slice(0, numbers.length));
        const { stdout } = await run("ffprobe", [
          ..."-v error -show_entries stream=codec_name:format_tags=title -of json".split(" "),
          join(root, "video", name),
        ]);
        const probe = JSON.parse(stdout) as {
          streams: { codec_name: string }[];
          format: { tags: { title: string } };
        };
        expect(probe.streams.map((one) => one.codec_name)).toEqual(["h264", "aac"]);
        expect(probe.format.tags.title).toContain("节选");
      }
      const manifest = JSON.parse(await readFile(join(root, "manifest.json"), "utf8")) as {
        mark: string;
        notHere: unknown[];
        spans: { gaps: { causes: string[] }[] }[];
      };
      expect(manifest).toMatchObject({ mark: "节选", notHere: [] });
      expect(manifest.spans[0]?.gaps.flatMap((gap) => gap.causes)).toContain("restart");
      for (const { name, url } of OFFLINE_VERIFIER_FILES)
        expect((await readFile(join(root, name))).equals(await readFile(url)), name).toBe(true);
      const offline = await run("python3", [join(root, "verify.py"), join(root, "evidence")]);
      expect(offline.stdout).toContain("结论 RESULT 完好：未发现问题 · ok");
      const { stdout } = await run(process.execPath, [VERIFY, join(root, "evidence")]);
      expect(stdout).toContain("节选 excerpt");
      expect(stdout).toContain("OK: nothing wrong was found");
    },
    30_000,
  );

  it("goes on recording meanwhile, and one runs at a time", async () => {
    const one = await exports.open(request(Date.now()));
    const other = await exports.open(request(Date.now()));
    const archive = one.archive();
    await archive.next();
    await expect(other.archive().next()).rejects.toMatchObject({ code: "recording.exportBusy" });
    const before = await rig.catalogue.lastEnd(rig.camera);
    await until("recording beside an export that nobody takes further", 8000, async () =>
      ((await rig.catalogue.lastEnd(rig.camera)) ?? 0) > (before ?? 0) ? true : undefined,
    );
    await archive.return();
    expect(one.progress().state).toBe("cancelled");
    expect(await readdir(join(folder, "work"))).toEqual([]);
  }, 20_000);

  it.each(["is made", "is given out and nobody takes it further"])(
    "lets go of every file while its MP4 %s, for what was destroyed is to be gone from the disk",
    async (when) => {
      const one = await exports.open(request(Date.now()));
      const archive = one.archive();
      const work = join(folder, "work");
      let pulled: Promise<unknown> = Promise.resolve();
      if (when === "is made") {
        pulled = (async () => {
          for await (const _ of archive);
        })().catch((error: unknown) => error);
        // An MP4 of a few seconds is soon made, so nothing waits between two looks.
        let isOver = false;
        void pulled.then(() => (isOver = true));
        while ((await openBelow(work)) === 0) if (isOver) throw new Error("no MP4 was seen under way");
      } else {
        // Its head, then the first of its bytes.
        for (let last = ""; !last.includes("/video/");)
          last = Buffer.from((await archive.next()).value ?? new Uint8Array()).toString("latin1");
        expect((await archive.next()).value?.length).toBeGreaterThan(0);
        expect(await openBelow(work)).toBeGreaterThan(0);
      }
      await exports.endAll();
      expect(await openBelow(work)).toBe(0);
      expect(await readdir(folder)).not.toContain("work");
      if (when === "is made") expect(await pulled).toMatchObject({ code: "recording.exportGone" });
      else await expect(archive.next()).rejects.toMatchObject({ code: "recording.exportGone" });
      expect(one.progress().state).toBe("cancelled");
    },
    20_000,
  );

  it("can be cancelled, leaves nothing behind, and is not given out twice", async () => {
    const one = await exports.open(request(Date.now()));
    const archive = one.archive();
    for (let i = 0; i < 4; i++) await archive.next();
    one.cancel();
    const rest = async (): Promise<void> => {
      for await (const _ of archive);
    };
    await expect(rest()).rejects.toMatchObject({ code: "recording.exportGone" });
    expect(one.progress().state).toBe("cancelled");
    expect(await readdir(join(folder, "work"))).toEqual([]);
    await expect(one.archive().next()).rejects.toMatchObject({ code: "recording.exportGone" });
    await expect(exports.open(request(begin - 10_000, begin - 20_000))).rejects.toMatchObject({
      code: "recording.noFootage",
    });
  }, 20_000);
});
