/**
 * Asks one camera what it is and which streams it offers (ONVIF Device and Media1 through node-onvif), and tests
 * a connection. Invariant: whatever the camera answers, the outcome is a description or a CameraProblem.
 */
import OnvifServiceDevice from "node-onvif/lib/modules/service-device.js";
import OnvifServiceMedia from "node-onvif/lib/modules/service-media.js";
import { dialledAddress, pinHttp, pinRtsp } from "./addresses.ts";
import { address, at, listOf, text, wholeNumber } from "./answer.ts";
import {
  type CameraCodec,
  type CameraDescription,
  CameraProblem,
  type CameraProfile,
  type ConnectionTest,
  type DescribeOptions,
} from "./camera.ts";
import { recommendedProfile, recommendedSubProfile } from "./models.ts";
import { type Dial, problemOf, withDial } from "./transport.ts";

const REQUEST_TIMEOUT_MS = 5000;
const TOTAL_TIMEOUT_MS = 30_000;
const MOST_PROFILES = 16;

/** Throws CameraProblem only. */
export async function describe(options: DescribeOptions): Promise<CameraDescription> {
  const dialled = dialledAddress(options.xaddr);
  const limit = AbortSignal.timeout(options.totalTimeoutMs ?? TOTAL_TIMEOUT_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const dial: Dial = {
    hostname: dialled.hostname,
    signal,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    httpClockOffsetMs: null,
  };
  try {
    return await withDial(dial, () => ask(dialled, options, dial));
  } catch (cause) {
    throw problemOf(cause, signal);
  }
}

/** As describe, with the reason as a value; for the technician's page. */
export async function testConnection(options: DescribeOptions): Promise<ConnectionTest> {
  try {
    return { ok: true, description: await describe(options) };
  } catch (error) {
    if (error instanceof CameraProblem) return { ok: false, reason: error.reason };
    throw error;
  }
}

async function ask(dialled: URL, options: DescribeOptions, dial: Dial): Promise<CameraDescription> {
  const device = new OnvifServiceDevice({ xaddr: dialled.href });
  const told = await readClock(device);
  const clockOffsetMs = told ?? dial.httpClockOffsetMs;
  device.time_diff = clockOffsetMs ?? 0;
  // Set after construction: its constructor refuses characters that are lawful in a password.
  device.user = escapeXml(options.credentials.username);
  device.pass = options.credentials.password;

  const capabilities = (await device.getCapabilities()).data;
  const claimedMedia = address(at(capabilities, "GetCapabilitiesResponse", "Capabilities", "Media", "XAddr"));
  if (claimedMedia === undefined) throw new CameraProblem("noMedia");
  const mediaAddress = pinHttp(claimedMedia, dialled);
  if (mediaAddress === undefined) throw new CameraProblem("garbled");

  const information = at(
    await authorised(device.getDeviceInformation(), told),
    "GetDeviceInformationResponse",
  );
  const media = new OnvifServiceMedia({ xaddr: mediaAddress.uri, time_diff: device.time_diff });
  media.user = device.user;
  media.pass = device.pass;
  const offered = await authorised(media.getProfiles(), told);
  const raw = listOf(at(offered, "GetProfilesResponse", "Profiles")).slice(0, MOST_PROFILES);
  let rewritten = mediaAddress.rewritten;
  const profiles: CameraProfile[] = [];
  for (const one of raw) {
    const token = text(at(one, "$", "token"));
    if (!/^[\x20-\x7e]+$/.test(token) || /[<>&]/.test(token)) continue;
    const stream = pinRtsp(await mediaUri(media, "GetStreamUri", token), dialled);
    const snapshot = pinHttp(await mediaUri(media, "GetSnapshotUri", token), dialled);
    rewritten ||= (stream?.rewritten ?? false) || (snapshot?.rewritten ?? false);
    profiles.push(readProfile(one, token, stream?.uri ?? null, snapshot?.uri ?? null));
  }
  const [first, ...more] = profiles;
  if (first === undefined) throw new CameraProblem("noProfiles");
  const manufacturer = text(at(information, "Manufacturer"));
  const model = text(at(information, "Model"));
  const recommendedProfileToken = recommendedProfile(manufacturer, model, [first, ...more]);
  return {
    xaddr: dialled.href,
    manufacturer,
    model,
    firmware: text(at(information, "FirmwareVersion")),
    serialNumber: text(at(information, "SerialNumber")),
    clockOffsetMs,
    profiles,
    recommendedProfileToken,
    recommendedSubProfileToken: recommendedSubProfile(recommendedProfileToken, profiles),
    addressesRewritten: rewritten,
  };
}

/** Without credentials, as the standard has it (PRE_AUTH); null where the camera wants them even for this. */
async function readClock(device: OnvifServiceDevice): Promise<number | null> {
  try {
    await device.getSystemDateAndTime();
    return Number.isFinite(device.time_diff) ? device.time_diff : null;
  } catch (error) {
    if (error instanceof CameraProblem && (error.reason === "fault" || error.reason === "wrongCredentials"))
      return null;
    throw error;
  }
}

/** A refusal where the camera never told its time may be about the clock and not the password: say so. */
async function authorised(call: Promise<{ data: unknown }>, toldOffsetMs: number | null): Promise<unknown> {
  try {
    return (await call).data;
  } catch (error) {
    if (error instanceof CameraProblem && error.reason === "wrongCredentials" && toldOffsetMs === null)
      throw new CameraProblem("clockRejected");
    throw error;
  }
}

/** Undefined where the camera refuses this one question; other failures are thrown. */
async function mediaUri(
  media: OnvifServiceMedia,
  operation: "GetStreamUri" | "GetSnapshotUri",
  token: string,
): Promise<unknown> {
  try {
    const { data } = await (operation === "GetStreamUri"
      ? media.getStreamUri({ ProfileToken: token, Protocol: "RTSP" })
      : media.getSnapshotUri({ ProfileToken: token }));
    return address(at(data, `${operation}Response`, "MediaUri", "Uri"));
  } catch (error) {
    if (error instanceof CameraProblem && error.reason !== "fault") throw error;
    return undefined;
  }
}

function readProfile(
  raw: unknown,
  token: string,
  streamUri: string | null,
  snapshotUri: string | null,
): CameraProfile {
  const encoder = at(raw, "VideoEncoderConfiguration");
  return {
    token,
    name: text(at(raw, "Name")),
    codec: codecOf(text(at(encoder, "Encoding"))),
    width: wholeNumber(at(encoder, "Resolution", "Width")),
    height: wholeNumber(at(encoder, "Resolution", "Height")),
    fps: wholeNumber(at(encoder, "RateControl", "FrameRateLimit")),
    streamUri,
    snapshotUri,
  };
}

const CODECS: Readonly<Record<string, CameraCodec>> = {
  H264: "h264",
  H265: "h265",
  MPEG4: "mpeg4",
  JPEG: "jpeg",
};

function codecOf(encoding: string): CameraCodec {
  return CODECS[encoding.toUpperCase()] ?? "unknown";
}

function escapeXml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
