/** Flags and credentials of the virtual camera. Invariant: user name and password never come by the command line. */
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Account, DigestAlgorithm } from "./digest.ts";
import type { EncoderOptions } from "./encoder.ts";

export interface CameraOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly rtspPort: number;
  readonly name: string;
  readonly serialNumber: string;
  readonly account: Account;
  readonly picture: EncoderOptions;
  readonly discovery: boolean;
  readonly digest: readonly DigestAlgorithm[];
  readonly sessionTimeoutS: number;
  readonly clockOffsetMs: number;
  readonly clockToleranceMs: number;
  readonly answerDelayMs: number;
  readonly claimedHost: string | null;
  readonly rateControl: boolean;
  readonly clockNeedsToken: boolean;
}

export const USAGE = `node device-drivers/virtual/camera.ts [flags]
  --host 127.0.0.1           where to listen
  --http-port 0              ONVIF; 0 takes any free port
  --rtsp-port 0              RTSP; 0 takes any free port
  --name "Counter 1"         caption in the picture (letters, digits, space, dash)
  --serial VC000001
  --size 1280x720 --fps 15 --kbps 1000
  --discovery                answer WS-Discovery probes on the loopback interface
  --digest md5|sha256|both
  --session-timeout 60       seconds of silence after which an RTSP session ends
  --credentials-file FILE    0600, JSON {"user","password"}; else VIRTUAL_CAMERA_USER, VIRTUAL_CAMERA_PASSWORD
 Difficult cameras:
  --clock-offset MS          its clock is off by this
  --clock-tolerance MS       largest age of a token by its clock (300000)
  --answer-delay MS          slow answers
  --claimed-host HOST:PORT   names another host in its service addresses
  --no-rate-control          leaves out the optional RateControl
  --clock-needs-token        wants a token even for its time`;

export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): CameraOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      host: { type: "string", default: "127.0.0.1" },
      "http-port": { type: "string", default: "0" },
      "rtsp-port": { type: "string", default: "0" },
      name: { type: "string", default: "Counter 1" },
      serial: { type: "string", default: "VC000001" },
      size: { type: "string", default: "1280x720" },
      fps: { type: "string", default: "15" },
      kbps: { type: "string", default: "1000" },
      discovery: { type: "boolean", default: false },
      digest: { type: "string", default: "md5" },
      "session-timeout": { type: "string", default: "60" },
      "credentials-file": { type: "string" },
      "clock-offset": { type: "string", default: "0" },
      "clock-tolerance": { type: "string", default: "300000" },
      "answer-delay": { type: "string", default: "0" },
      "claimed-host": { type: "string" },
      "no-rate-control": { type: "boolean", default: false },
      "clock-needs-token": { type: "boolean", default: false },
    },
  });
  const size = /^(\d{2,4})x(\d{2,4})$/.exec(values.size);
  if (size === null) throw new RangeError("--size is WIDTHxHEIGHT");
  if (!/^[A-Za-z0-9 -]{1,40}$/.test(values.name))
    throw new RangeError("--name takes letters, digits, space and dash");
  if (!/^[A-Za-z0-9-]{1,40}$/.test(values.serial))
    throw new RangeError("--serial takes letters, digits and dash");
  const algorithms = { md5: ["MD5"], sha256: ["SHA-256"], both: ["SHA-256", "MD5"] } as const;
  if (values.digest !== "md5" && values.digest !== "sha256" && values.digest !== "both")
    throw new RangeError("--digest is md5, sha256 or both");
  return {
    host: values.host,
    httpPort: whole(values["http-port"], "--http-port", 0, 65_535),
    rtspPort: whole(values["rtsp-port"], "--rtsp-port", 0, 65_535),
    name: values.name,
    serialNumber: values.serial,
    account: readAccount(values["credentials-file"], env),
    picture: {
      width: Number(size[1]),
      height: Number(size[2]),
      fps: whole(values.fps, "--fps", 1, 60),
      bitrateKbps: whole(values.kbps, "--kbps", 50, 20_000),
      caption: values.name,
    },
    discovery: values.discovery,
    digest: algorithms[values.digest],
    sessionTimeoutS: whole(values["session-timeout"], "--session-timeout", 1, 600),
    clockOffsetMs: whole(values["clock-offset"], "--clock-offset", -1e12, 1e12),
    clockToleranceMs: whole(values["clock-tolerance"], "--clock-tolerance", 0, 1e9),
    answerDelayMs: whole(values["answer-delay"], "--answer-delay", 0, 60_000),
    claimedHost: values["claimed-host"] ?? null,
    rateControl: !values["no-rate-control"],
    clockNeedsToken: values["clock-needs-token"],
  };
}

function whole(text: string, flag: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new RangeError(`${flag} is a whole number from ${least} to ${most}`);
  return value;
}

function readAccount(file: string | undefined, env: NodeJS.ProcessEnv): Account {
  if (file === undefined) {
    const user = env["VIRTUAL_CAMERA_USER"];
    const password = env["VIRTUAL_CAMERA_PASSWORD"];
    if (user === undefined || password === undefined)
      throw new RangeError("set VIRTUAL_CAMERA_USER and VIRTUAL_CAMERA_PASSWORD, or --credentials-file");
    return { user, password };
  }
  if ((statSync(file).mode & 0o077) !== 0) throw new RangeError("the credentials file is to be 0600");
  const read: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof read !== "object" || read === null || !("user" in read) || !("password" in read))
    throw new RangeError("the credentials file lacks user or password");
  const { user, password } = read;
  if (typeof user !== "string" || typeof password !== "string")
    throw new RangeError("user and password are text");
  return { user, password };
}
