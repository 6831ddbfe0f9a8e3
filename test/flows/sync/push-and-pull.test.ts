/** The way to the central archive on real processes: enrolment, push, pull, faults, and what the archive refuses. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { proves } from "../../law/proves.ts";
import { filesWith } from "../../contract/store/on-disk.ts";
import { APPLICANT, CounterClerk, type GivenPaper } from "../counter-clerk.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";
import { type RunningArchive, startArchive } from "./archive-process.ts";

const run = promisify(execFile);
const ORIGIN = `demonstration/a1/${new Date(Date.now() + 8 * 3_600_000).getUTCFullYear()}`;
const WAIT = { timeout: 30_000, interval: 200 };

interface Link {
  readonly enrolled: boolean;
  readonly lastPassAt: number | null;
  readonly fault: string | null;
  readonly exposureMs: number;
}

/** Verdict of our own verifier over a folder. */
async function verify(folder: string): Promise<{ readonly code: number; readonly report: string }> {
  try {
    const { stdout } = await run(process.execPath, ["gateway/commands/verify.ts", folder]);
    return { code: 0, report: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, report: stdout };
  }
}

describe("the central archive", () => {
  let folder: string;
  let gateway: RunningGateway;
  let archive: RunningArchive;
  let technician: Caller;
  const link = async (): Promise<Link> => (await technician.json("GET", "/api/archive")) as Link;
  const handOver = async (): Promise<number> =>
    ((await technician.json("POST", "/api/archive/hand-over")) as { packs: number }).packs;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sync-"));
    archive = await startArchive(join(folder, "archive"), ORIGIN);
    await mkdir(join(folder, "tmp"));
    gateway = await startGatewayProcess({
      dataFolder: join(folder, "data"),
      env: { TMPDIR: join(folder, "tmp") },
    });
    technician = await Caller.signIn(gateway.url, "technician", await gateway.password("technician"));
  });
  afterAll(async () => {
    await archive.close();
    await gateway.close();
    await rm(folder, { recursive: true });
  });

  it("is not there before enrolment, and a wrong line or code enrols nobody", async () => {
    expect(await link()).toMatchObject({ enrolled: false, lastPassAt: null });
    const wrong = await technician.raw("POST", "/api/archive/enrol", {
      line: `https://127.0.0.1:1#${"0".repeat(64)}:tooshort`,
    });
    expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([
      400,
      "sync.badEnrolmentLine",
    ]);
    const [address = "", rest = ""] = archive.enrolment.split("#");
    const code = await technician.raw("POST", "/api/archive/enrol", {
      line: `${address}#${rest.slice(0, 65)}${"A".repeat(24)}`,
    });
    expect([code.status, ((await code.json()) as { code: string }).code]).toEqual([403, "sync.enrolRefused"]);
    const other = `${address}#${"f".repeat(64)}${rest.slice(64)}`;
    expect((await technician.raw("POST", "/api/archive/enrol", { line: other })).status).toBe(502);
    expect(await link()).toMatchObject({ enrolled: false });
  });

  it(
    proves(["S3-A-4"], "takes what the box pushes, co-signs the log and acknowledges what it keeps"),
    async () => {
      await technician.json("POST", "/api/archive/enrol", { line: archive.enrolment });
      await vi.waitFor(async () => expect((await link()).lastPassAt).not.toBeNull(), WAIT);
      expect(await handOver()).toBeGreaterThan(0);
      await vi.waitFor(async () => expect((await archive.packs()).length).toBeGreaterThan(0), WAIT);
      const checkpoint = await readFile(join(archive.logFolder(), "checkpoint"), "utf8");
      expect(checkpoint).toContain("— archive.local ");
      // The cosignature comes home as a sighting, the acknowledgement as an ack.
      await vi.waitFor(async () => {
        const types = await entryTypes(gateway);
        expect(types).toContain("sighting");
        expect(types).toContain("ack");
      }, WAIT);
      await vi.waitFor(async () => expect((await link()).exposureMs).toBeLessThan(12_000), WAIT);
    },
  );

  it("pulls the same packs to the same bytes; both ways at once change nothing", async () => {
    await handOver();
    const [report] = await Promise.all([archive.pull(), handOver()]);
    expect(report).toContain('"pulled":"demonstration/a1"');
    const before = await vi.waitFor(async () => {
      const packs = await archive.packs();
      expect(packs.length).toBeGreaterThan(1);
      return packs;
    }, WAIT);
    // What the second hand-over sealed may still be on its way; then nothing is left to do.
    await vi.waitFor(
      async () => expect(JSON.parse(await archive.pull())).toMatchObject({ packsCompleted: 0 }),
      WAIT,
    );
    expect(await archive.packs()).toEqual(expect.arrayContaining([...before]));
    expect(await readdir(join(archive.logFolder(), "partial"))).toEqual([]);
  });

  it("goes away without the intake noticing, and catches up when it is back", async () => {
    const { port } = archive;
    await archive.kill();
    const clerk = await Caller.signIn(gateway.url, "clerk", await gateway.password("clerk"));
    const started = await clerk.raw("POST", "/api/intakes", {
      commandId: `sync-test-${Date.now()}`,
      counterId: "counter-1",
    });
    expect(started.ok).toBe(true);
    await vi.waitFor(async () => expect((await link()).fault).not.toBeNull(), WAIT);
    const alarms = async (): Promise<unknown[]> =>
      ((await technician.json("GET", "/api/alarms?open=true")) as { code: string }[]).filter(
        ({ code }) => code === "sync.archiveAway",
      );
    await vi.waitFor(async () => expect(await alarms()).toHaveLength(1), WAIT);
    await handOver();
    const kept = await archive.packs();
    archive = await startArchive(join(folder, "archive"), ORIGIN, port);
    await vi.waitFor(async () => expect((await archive.packs()).length).toBeGreaterThan(kept.length), WAIT);
    await vi.waitFor(async () => expect((await link()).fault).toBeNull(), WAIT);
    await vi.waitFor(async () => expect(await alarms()).toEqual([]), WAIT);
  });

  it("makes no copy of a body on the box: typeset, printed, waiting for a link and pushed, it lies in the records alone", async () => {
    const { port } = archive;
    await archive.kill();
    const clerk = await Caller.signIn(gateway.url, "clerk", await gateway.password("clerk"));
    const papers: GivenPaper[] = [];
    await new CounterClerk(clerk, "counter-1", (paper) => papers.push(paper)).serve("accept");
    for (const { documentId } of papers)
      expect((await clerk.raw("GET", `/api/documents/${documentId}/pdf`)).ok).toBe(true);
    expect(await handOver()).toBeGreaterThan(0);
    const holding = async (): Promise<readonly string[]> => [
      ...new Set((await filesWith(folder, [APPLICANT.idNumber, APPLICANT.phone])).map(placeOf)),
    ];
    expect(await holding(), "packs wait").toEqual(["data/records"]);
    const kept = await archive.packs();
    archive = await startArchive(join(folder, "archive"), ORIGIN, port);
    await vi.waitFor(async () => expect((await archive.packs()).length).toBeGreaterThan(kept.length), WAIT);
    await vi.waitFor(async () => {
      expect(await holding(), "pushed").toEqual(["data/records", "archive/packs"]);
    }, WAIT);

    function placeOf(path: string): string {
      const below = path.slice(folder.length + 1);
      if (/^data\/[0-9.]+\/records\//.test(below)) return "data/records";
      return below.startsWith("archive/logs/") && below.includes("/packs/") ? "archive/packs" : below;
    }
  });

  it("keeps a folder that verifies without the gateway, and shows a flipped byte", async () => {
    // The last packs hold the bookkeeping of those before; the end seals what still waits.
    await handOver();
    await vi.waitFor(
      async () => expect(JSON.parse(await archive.pull())).toMatchObject({ packsCompleted: 0 }),
      WAIT,
    );
    // Without the gateway nothing moves any more.
    await gateway.close();
    const whole = await verify(archive.folder);
    // Bookkeeping of the last hand-over may wait for the next one.
    expect([0, 7], whole.report).toContain(whole.code);
    expect(whole.report).toContain("不可信 invalid: 0 | 缺失 missing: 0");
    // A pack that a seal lists is missed, however few bodies it held.
    const [name = ""] = await firstSealed(archive);
    const path = join(archive.logFolder(), "packs", name);
    await rename(path, join(folder, name));
    expect((await verify(archive.folder)).code).toBe(3);
    await rename(join(folder, name), path);
    const bytes = await readFile(path);
    bytes[bytes.length - 10] = (bytes.at(-10) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const broken = await verify(archive.folder);
    expect(broken.code).toBe(2);
    bytes[bytes.length - 10] = (bytes.at(-10) ?? 0) ^ 1;
    await writeFile(path, bytes);
  });
});

/** Names of the kept packs, the one whose entries come first in front: a later pack holds its seal. */
async function firstSealed(archive: RunningArchive): Promise<readonly string[]> {
  const heads = await Promise.all(
    (await archive.packs()).map(async (name) => {
      const start = (await readFile(join(archive.logFolder(), "packs", name)))
        .subarray(0, 4096)
        .toString("latin1");
      return { name, first: Number(/\n([0-9]+)-/.exec(start)?.[1] ?? Number.NaN) };
    }),
  );
  return heads.sort((a, b) => a.first - b.first).map(({ name }) => name);
}

/** Types of the gateway's newest 256 entries or more, from its public entry bundles. */
async function entryTypes(gateway: RunningGateway): Promise<readonly string[]> {
  const logId = ORIGIN.slice(ORIGIN.lastIndexOf("/") + 1);
  const note = await (await fetch(`${gateway.url}/log/${logId}/checkpoint`)).text();
  const size = Number(note.split("\n")[1]);
  const last = Math.floor((size - 1) / 256);
  const types: string[] = [];
  for (let index = Math.max(0, last - 1); index <= last; index++) {
    const width = Math.min(256, size - index * 256);
    const place = String(index).padStart(3, "0");
    const path = `/log/${logId}/tile/entries/${place}${width === 256 ? "" : `.p/${width}`}`;
    const text = await (await fetch(`${gateway.url}${path}`)).text();
    types.push(...[...text.matchAll(/"type":"([a-z]+)"/g)].map((match) => match[1] ?? ""));
  }
  return types;
}
