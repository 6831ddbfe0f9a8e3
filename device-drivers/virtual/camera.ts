/**
 * A virtual IP camera: ONVIF (discovery, Device, Media1) and RTSP with a moving picture and a burnt-in clock. A
 * program of its own that knows nothing of the gateway; prints one JSON line with its addresses, ends when stdin
 * closes or on SIGTERM, and its encoder ends with it.
 */
import { createHash } from "node:crypto";
import { digestGate } from "./camera/digest.ts";
import { answerProbes } from "./camera/discovery.ts";
import { createEncoder } from "./camera/encoder.ts";
import { listenOnvif } from "./camera/onvif-server.ts";
import { type CameraOptions, USAGE, readOptions } from "./camera/options.ts";
import { listenRtsp } from "./camera/rtsp-server.ts";
import { snapshots } from "./camera/snapshot.ts";
import { tokenGate } from "./camera/username-token.ts";

const REALM = "Virtual Camera";
const MOST_CLIENTS = 16;

async function run(options: CameraOptions): Promise<void> {
  const nowMs = (): number => Date.now() + options.clockOffsetMs;
  const encoder = createEncoder(options.picture);
  const rtsp = await listenRtsp({
    host: options.host,
    port: options.rtspPort,
    encoder,
    gate: digestGate(options.account, REALM, options.digest),
    sessionTimeoutS: options.sessionTimeoutS,
    mostClients: MOST_CLIENTS,
  });
  const onvif = await listenOnvif({
    host: options.host,
    port: options.httpPort,
    tokens: tokenGate(options.account, nowMs, options.clockToleranceMs),
    snapshotGate: digestGate(options.account, REALM, options.digest),
    snapshot: snapshots(encoder),
    answerDelayMs: options.answerDelayMs,
    clockNeedsToken: options.clockNeedsToken,
  });
  const claimed = options.claimedHost ?? `${options.host}:${onvif.port}`;
  const claimedName = claimed.split(":")[0] ?? options.host;
  const streamUri = `rtsp://${claimedName}:${rtsp.port}/main`;
  onvif.describe({
    name: options.name,
    serialNumber: options.serialNumber,
    picture: options.picture,
    claimedHttp: `http://${claimed}`,
    streamUri,
    snapshotUri: `http://${claimed}/snapshot.jpg`,
    nowMs,
    rateControl: options.rateControl,
  });
  const xaddr = `http://${options.host}:${onvif.port}/onvif/device_service`;
  const stopProbes = options.discovery
    ? await answerProbes({ endpoint: endpointOf(options.serialNumber), name: options.name, xaddr })
    : undefined;

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await Promise.all([rtsp.close(), onvif.close(), stopProbes?.(), encoder.close()]);
    process.exit(0);
  };
  process.stdin.once("end", () => void end());
  process.stdin.once("close", () => void end());
  process.stdin.resume();
  process.once("SIGTERM", () => void end());
  // Ctrl-C reaches a whole process group: a program that is held by a pipe waits for its holder to let go.
  process.on("SIGINT", () => {
    if (process.stdin.isTTY) void end();
  });
  // A test or demonstration pulls the cable without ending the program.
  process.on("SIGUSR2", () => rtsp.dropAll());

  const ready = {
    program: "virtual-camera",
    xaddr,
    rtspUrl: `rtsp://${options.host}:${rtsp.port}/main`,
    httpPort: onvif.port,
    rtspPort: rtsp.port,
    discovery: options.discovery,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** The same camera keeps its endpoint reference over restarts. */
function endpointOf(serialNumber: string): string {
  const hex = createHash("sha256").update(serialNumber).digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

try {
  await run(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "failed"}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
