/**
 * A virtual dock with body cameras: MQTT for what it says, HTTPS for files, wipes a card only as commanded. A
 * program of its own that knows nothing of the gateway; one JSON line per event on stdout, ends when stdin closes.
 */
import { createInterface } from "node:readline";
import { type Card, openCard } from "./dock/card.ts";
import { type Link, type WipeCommand, openLink } from "./dock/link.ts";
import { type DockOptions, USAGE, readOptions } from "./dock/options.ts";
import { createUploader } from "./dock/upload.ts";

const BAY = 1;
const UPLOAD_REPORT_EVERY_BYTES = 4 * 1024 * 1024;

function tell(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

async function run(options: DockOptions): Promise<void> {
  const giveUp = new AbortController();
  const uploader = createUploader(options, giveUp.signal);
  let inserted: Card | undefined;
  let work: Promise<unknown> = Promise.resolve();
  const inTurn = (what: string, job: () => Promise<void>): void => {
    work = work.then(job).catch((error: unknown) => {
      if (!giveUp.signal.aborted)
        tell("failed", { what, reason: error instanceof Error ? error.message : "unknown" });
    });
  };

  const bayStatus = async (link: Link, bay: number): Promise<void> => {
    const camera = bay === BAY ? inserted?.camera : undefined;
    const body =
      camera === undefined ? { state: "empty" } : { state: "charging", camera, batteryPercent: 80 };
    await link.publish(`bay/${bay}/status`, body, true);
  };
  const born = (link: Link): void =>
    inTurn("birth", async () => {
      const { bays } = options;
      await link.publish(
        "birth",
        { schema: 1, vendor: "Virtual", model: "VD-1", firmware: "1.0.0", bays },
        true,
      );
      await link.publish("state", { state: "online" }, true);
      for (let bay = 1; bay <= bays; bay += 1) await bayStatus(link, bay);
      tell("online", { boot: link.boot });
    });
  const command = (wanted: WipeCommand): void => inTurn("wipe", () => wipe(wanted));
  const link = await openLink(options, { born, command });

  async function insert(): Promise<void> {
    const card = await openCard(options.folder, options.camera);
    const cameraNowMs = Date.now() + options.clockOffsetMs;
    if ((await card.files()).length === 0)
      await card.film({ officer: options.officer, seconds: options.videoSeconds, cameraNowMs });
    inserted = card;
    const files = await card.files();
    const camera = card.camera;
    const clockOffsetMs = options.clockOffsetMs;
    await link.publish(`bay/${BAY}/event`, {
      event: "inserted",
      camera,
      clockOffsetMs,
      officerClaim: options.officer,
    });
    await link.publish(`bay/${BAY}/status`, { state: "uploading", camera }, true);
    const list = files.map((file) => ({ vendorName: file.name, sizeBytes: file.sizeBytes }));
    await link.publish(`bay/${BAY}/event`, { event: "inventory", camera, files: list });
    tell("inserted", { camera, files: list });
    for (const file of files) {
      let reportedAt = -Infinity;
      const done = await uploader.upload(file, camera, ({ uploadId, offset, stored }) => {
        tell("progress", { uploadId, offset });
        if (stored || offset - reportedAt < UPLOAD_REPORT_EVERY_BYTES) return;
        reportedAt = offset;
        const { sizeBytes, sha256 } = file;
        link
          .publish(`upload/${uploadId}`, { state: "started", offset, sizeBytes, sha256 })
          .catch(() => undefined);
      });
      const { sizeBytes, sha256 } = file;
      await link.publish(`upload/${done.uploadId}`, {
        state: "finished",
        offset: sizeBytes,
        sizeBytes,
        sha256,
      });
      tell("stored", { uploadId: done.uploadId, vendorName: file.name, sha256, sizeBytes });
    }
    await bayStatus(link, BAY);
  }

  async function wipe(wanted: WipeCommand): Promise<void> {
    if (inserted?.camera !== wanted.camera) {
      await link.publish(`ack/${wanted.id}`, { result: "refused", reason: "the camera is not here" });
      return;
    }
    let wiped = 0;
    for (const file of wanted.files) if (await inserted.wipe(file)) wiped += 1;
    await link.publish(`ack/${wanted.id}`, { result: "done", wiped });
    tell("wiped", { id: wanted.id, files: wiped });
  }

  async function remove(): Promise<void> {
    const camera = inserted?.camera;
    if (camera === undefined) return;
    inserted = undefined;
    await link.publish(`bay/${BAY}/event`, { event: "removed", camera, officerClaim: options.officer });
    await bayStatus(link, BAY);
    tell("removed", { camera });
  }

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    giveUp.abort();
    const limit = setTimeout(() => process.exit(1), 3000);
    await work;
    await link.close().catch(() => undefined);
    uploader.close();
    clearTimeout(limit);
    process.exit(0);
  };
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line === "insert") inTurn("insert", insert);
    else if (line === "remove") inTurn("remove", remove);
    else if (line === "repeat") inTurn("repeat", () => link.repeatLast().then(() => tell("repeated")));
  });
  lines.once("close", () => void end());
  process.once("SIGTERM", () => void end());
  // Ctrl-C reaches a whole process group: a program that is held by a pipe waits for its holder to let go.
  process.on("SIGINT", () => {
    if (process.stdin.isTTY) void end();
  });
  tell("ready", { program: "virtual-dock", dock: options.dock });
  if (!options.idle) inTurn("insert", insert);
}

try {
  await run(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "failed"}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
