/** Flags and secret of the virtual dock. Invariant: the secret never comes by the command line. */
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

export interface DockOptions {
  readonly host: string;
  readonly site: string;
  readonly dock: string;
  readonly secret: string;
  /** TLS where a CA is given, plain otherwise (both for a test on the loopback). */
  readonly ca: Buffer | null;
  readonly mqttPort: number;
  readonly httpPort: number;
  /** Where the cards of its cameras are. */
  readonly folder: string;
  readonly bays: number;
  readonly chunkBytes: number;
  readonly camera: string;
  readonly officer: string;
  readonly videoSeconds: number;
  /** The camera's clock is off by this, and the dock measures it. */
  readonly clockOffsetMs: number;
  /** Wait for commands on stdin instead of putting a camera in at the start. */
  readonly idle: boolean;
}

export const USAGE = `node device-drivers/virtual/dock.ts --site SITE --dock ID --mqtts-port N --https-port N --ca FILE --folder DIR
  --host 127.0.0.1
  --mqtt-port N --http-port N   in place of the TLS ports, on the loopback, without --ca
  --secret-file FILE            0600; else VIRTUAL_DOCK_SECRET
  --bays 4 --camera BC00001 --officer GA0001
  --video-seconds 6 --chunk-bytes 1048576 --clock-offset=MS
  --idle                        waits for lines on stdin: insert, remove, repeat
Ends when stdin closes.`;

export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): DockOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      host: { type: "string", default: "127.0.0.1" },
      site: { type: "string" },
      dock: { type: "string" },
      "secret-file": { type: "string" },
      ca: { type: "string" },
      "mqtts-port": { type: "string" },
      "https-port": { type: "string" },
      "mqtt-port": { type: "string" },
      "http-port": { type: "string" },
      folder: { type: "string" },
      bays: { type: "string", default: "4" },
      "chunk-bytes": { type: "string", default: "1048576" },
      camera: { type: "string", default: "BC00001" },
      officer: { type: "string", default: "GA0001" },
      "video-seconds": { type: "string", default: "6" },
      "clock-offset": { type: "string", default: "0" },
      idle: { type: "boolean", default: false },
    },
  });
  const { site, dock, folder, ca } = values;
  if (site === undefined || dock === undefined || folder === undefined)
    throw new RangeError("--site, --dock and --folder are needed");
  const secure = ca !== undefined;
  const mqttPort = secure ? values["mqtts-port"] : values["mqtt-port"];
  const httpPort = secure ? values["https-port"] : values["http-port"];
  if (mqttPort === undefined || httpPort === undefined)
    throw new RangeError("--ca with --mqtts-port and --https-port, or --mqtt-port and --http-port");
  if (!/^[A-Za-z0-9]{7}$/.test(values.camera) || !/^[A-Za-z0-9]{6}$/.test(values.officer))
    throw new RangeError("--camera has 7 letters or digits, --officer 6");
  return {
    host: values.host,
    site,
    dock,
    secret: readSecret(values["secret-file"], env),
    ca: ca === undefined ? null : readFileSync(ca),
    mqttPort: whole(mqttPort, "the MQTT port", 1, 65_535),
    httpPort: whole(httpPort, "the HTTP port", 1, 65_535),
    folder,
    bays: whole(values.bays, "--bays", 1, 64),
    chunkBytes: whole(values["chunk-bytes"], "--chunk-bytes", 1, 4 * 1024 * 1024),
    camera: values.camera,
    officer: values.officer,
    videoSeconds: whole(values["video-seconds"], "--video-seconds", 1, 600),
    clockOffsetMs: whole(values["clock-offset"], "--clock-offset", -1e12, 1e12),
    idle: values.idle,
  };
}

function readSecret(file: string | undefined, env: NodeJS.ProcessEnv): string {
  if (file === undefined) {
    const secret = env["VIRTUAL_DOCK_SECRET"];
    if (secret === undefined) throw new RangeError("set VIRTUAL_DOCK_SECRET, or --secret-file");
    return secret;
  }
  if ((statSync(file).mode & 0o077) !== 0) throw new RangeError("the secret file is to be 0600");
  return readFileSync(file, "utf8").trim();
}

function whole(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new RangeError(`${name} is a whole number from ${least} to ${most}`);
  return value;
}
