/**
 * The demonstration hall: virtual camera, printer and dock as programs of their own, bound like real devices.
 * Invariant: they are reached over the same wires as real ones, with random credentials that only the secrets hold.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Fleet } from "../devices/fleet.ts";
import { type CounterId, cameraId, commandId, dockId, printerId, userId } from "../domain/ids.ts";
import type { Secrets } from "../people/ports.ts";
import { type Program, startReady } from "./program.ts";

const READY_MS = 20_000;
const CAMERA = cameraId("cam-1");
const PRINTER = printerId("printer-1");
const DOCK = dockId("dock-1");
const BY = userId("gateway");
const PRINTER_PROFILE = "virtual-80";

export interface Demonstration {
  /** The folder in which slips lie as pictures. */
  readonly slipsFolder: string;
  /** Binds what was started to this counter; to be called once the store has caught up. */
  bind(fleet: Fleet, counter: CounterId): Promise<void>;
  /** Starts the dock; it needs the broker and the upload address, so it is to be closed before them. */
  startDock(options: DockOptions): Promise<Program>;
  close(): Promise<void>;
}

export interface DockOptions {
  readonly fleet: Fleet;
  readonly mqttsPort: number;
  readonly httpsPort: number;
  readonly site: string;
  /** PEM. */
  readonly caCertificate: string;
}

function fieldsOf(ready: unknown): Readonly<Record<string, unknown>> {
  if (typeof ready !== "object" || ready === null)
    throw new Error("a virtual device said nothing about itself");
  return ready as Readonly<Record<string, unknown>>;
}

function textOf(ready: unknown, field: string): string {
  const value = fieldsOf(ready)[field];
  if (typeof value !== "string") throw new Error(`a virtual device did not say its ${field}`);
  return value;
}

async function rememberedPorts(path: string): Promise<readonly string[]> {
  try {
    const { httpPort, rtspPort } = JSON.parse(await readFile(path, "utf8")) as {
      httpPort: number;
      rtspPort: number;
    };
    return ["--http-port", String(httpPort), "--rtsp-port", String(rtspPort)];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
}

/** Of its own for each data folder: cameras of one serial number are one to whoever searches the network. */
const serialOf = (dataFolder: string): string =>
  `VC${createHash("sha256").update(resolve(dataFolder)).digest("hex").slice(0, 12).toUpperCase()}`;

/** Starts the virtual camera and printer. `onEnd` hears of one that ends by itself. */
export async function startDemonstration(options: {
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly onEnd: (program: string) => void;
}): Promise<Demonstration> {
  const folder = join(options.dataFolder, "demonstration");
  const slipsFolder = join(folder, "slips");
  await mkdir(slipsFolder, { recursive: true });
  const programs: Program[] = [];
  const secret = async (name: string): Promise<string> => {
    const kept = await options.secrets.get(`demonstration/${name}`);
    if (kept !== undefined) return kept;
    const fresh = randomBytes(18).toString("base64url");
    await options.secrets.put(`demonstration/${name}`, fresh);
    return fresh;
  };

  const cameraFile = join(folder, "camera.json");
  const password = await secret("camera");
  const startCamera = async (ports: readonly string[]): Promise<unknown> => {
    const { program, ready } = await startReady({
      script: "device-drivers/virtual/camera.ts",
      args: [...ports, "--discovery", "--serial", serialOf(options.dataFolder)],
      env: { VIRTUAL_CAMERA_USER: "counter", VIRTUAL_CAMERA_PASSWORD: password },
      readyMs: READY_MS,
      onEnd: () => options.onEnd("camera"),
    });
    programs.push(program);
    return ready;
  };
  const ports = await rememberedPorts(cameraFile);
  // Its ports of last time keep the binding as it is; if they are taken by now it gets others.
  const cameraStarted = startCamera(ports).catch((error: unknown) => {
    if (ports.length === 0) throw error;
    return startCamera([]);
  });
  const printerStarted = startReady({
    script: "device-drivers/virtual/printer.ts",
    args: ["--out", slipsFolder],
    readyMs: READY_MS,
    onEnd: () => options.onEnd("printer"),
  }).then(({ program, ready }) => {
    programs.push(program);
    return ready;
  });
  const [camera, printer] = await Promise.all([cameraStarted, printerStarted]);
  const { httpPort, rtspPort } = fieldsOf(camera);
  await writeFile(cameraFile, JSON.stringify({ httpPort, rtspPort }));

  return {
    slipsFolder,
    async bind(fleet, counter) {
      const wanted = await fleet.wanted();
      const rtspUrl = textOf(camera, "rtspUrl");
      if (wanted.cameras.find(({ id }) => id === CAMERA)?.rtspUrl !== rtspUrl) {
        const xaddr = textOf(camera, "xaddr");
        const credentials = { username: "counter", password };
        const described = await fleet.describeCamera({ xaddr, credentials });
        const profile = described.profiles.find(({ token }) => token === described.recommendedProfileToken);
        await fleet.bindCamera({
          by: BY,
          commandId: commandId(randomBytes(12).toString("hex")),
          id: CAMERA,
          name: "1号窗口摄像机",
          counterId: counter,
          xaddr,
          rtspUrl: profile?.streamUri ?? rtspUrl,
          profileToken: described.recommendedProfileToken,
          codec: "h264",
          manufacturer: described.manufacturer,
          model: described.model,
          serialNumber: described.serialNumber,
          credentials,
        });
      }
      const path = textOf(printer, "path");
      if (wanted.printers.find(({ id }) => id === PRINTER)?.path !== path) {
        await fleet.bindPrinter({
          by: BY,
          commandId: commandId(randomBytes(12).toString("hex")),
          id: PRINTER,
          name: "1号窗口小票打印机",
          counterId: counter,
          path,
          profile: PRINTER_PROFILE,
        });
      }
    },
    async startDock({ fleet, mqttsPort, httpsPort, site, caCertificate }) {
      const caFile = join(folder, "ca.crt");
      await writeFile(caFile, caCertificate);
      let dockSecret = await options.secrets.get("demonstration/dock");
      if (dockSecret === undefined || (await fleet.dock(DOCK)) === undefined) {
        const bound = await fleet.bindDock({
          by: BY,
          commandId: commandId(randomBytes(12).toString("hex")),
          id: DOCK,
          name: "执法记录仪采集站",
        });
        dockSecret = bound.secret;
        await options.secrets.put("demonstration/dock", dockSecret);
      }
      const { program } = await startReady({
        script: "device-drivers/virtual/dock.ts",
        args: [
          "--site",
          site,
          "--dock",
          DOCK,
          "--mqtts-port",
          String(mqttsPort),
          "--https-port",
          String(httpsPort),
          "--ca",
          caFile,
          "--folder",
          join(folder, "dock"),
        ],
        env: { VIRTUAL_DOCK_SECRET: dockSecret },
        readyMs: READY_MS,
        onEnd: () => options.onEnd("dock"),
      });
      programs.push(program);
      return program;
    },
    async close() {
      await Promise.all(programs.map((program) => program.close()));
    },
  };
}
