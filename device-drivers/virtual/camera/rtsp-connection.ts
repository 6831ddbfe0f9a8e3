/** One client's connection: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, TEARDOWN (RFC 2326). */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { ParameterSets } from "./flv.ts";
import type { DigestGate } from "./digest.ts";
import type { Encoder, TimedPicture } from "./encoder.ts";
import { type RtpSender, rtpSender } from "./rtp.ts";
import { type RtspRequest, interleavedFrame, rtspReader, rtspResponse } from "./rtsp-message.ts";

export interface ConnectionOptions {
  readonly encoder: Encoder;
  readonly gate: DigestGate;
  readonly sessionTimeoutS: number;
}

const METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN";
const FIRST_PICTURE_LIMIT_MS = 5000;
const REPORT_EVERY_MS = 5000;
/** A client this far behind loses pictures until the next key frame. */
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;
const MOST_QUEUED_REQUESTS = 32;

interface Session {
  readonly id: string;
  readonly channel: number;
  readonly sender: RtpSender;
  stop: (() => void) | undefined;
}

export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  let session: Session | undefined;
  let silence: NodeJS.Timeout | undefined;
  let queued = 0;
  let work = Promise.resolve();

  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => socket.destroy(), options.sessionTimeoutS * 1000);
  };
  const answer = (
    request: RtspRequest,
    status: string,
    headers: Record<string, string | readonly string[]> = {},
    body = "",
  ): void => {
    if (!socket.destroyed)
      socket.write(rtspResponse(status, request.headers.get("cseq") ?? "0", headers, body));
  };

  const handle = async (request: RtspRequest): Promise<void> => {
    if (request.method === "OPTIONS") return answer(request, "200 OK", { Public: METHODS });
    const admitted = options.gate.check(request.method, request.headers.get("authorization"));
    if (admitted !== "ok")
      return answer(request, "401 Unauthorized", {
        "WWW-Authenticate": options.gate.challenge(admitted === "stale"),
      });
    switch (request.method) {
      case "DESCRIBE": {
        if (!/\/main\/?$/.test(new URL(request.uri).pathname)) return answer(request, "404 Not Found");
        const sets = await options.encoder.parameterSets(FIRST_PICTURE_LIMIT_MS);
        const base = request.uri.replace(/\/?$/, "/");
        return answer(
          request,
          "200 OK",
          { "Content-Base": base, "Content-Type": "application/sdp" },
          sdp(sets, options.encoder),
        );
      }
      case "SETUP": {
        const transport = request.headers.get("transport") ?? "";
        if (!/RTP\/AVP\/TCP/i.test(transport)) return answer(request, "461 Unsupported Transport");
        const channel = Number(/interleaved=(\d+)/.exec(transport)?.[1] ?? "0");
        session?.stop?.();
        session = { id: randomBytes(8).toString("hex"), channel, sender: rtpSender(), stop: undefined };
        const ssrc = session.sender.ssrc.toString(16).padStart(8, "0").toUpperCase();
        return answer(request, "200 OK", {
          Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1};ssrc=${ssrc}`,
          Session: `${session.id};timeout=${options.sessionTimeoutS}`,
        });
      }
      case "PLAY": {
        if (session === undefined || !sameSession(request, session))
          return answer(request, "454 Session Not Found");
        answer(request, "200 OK", { Session: session.id, Range: "npt=now-" });
        session.stop ??= play(socket, session, options.encoder);
        return undefined;
      }
      case "PAUSE":
      case "GET_PARAMETER":
      case "SET_PARAMETER":
      case "TEARDOWN": {
        if (session === undefined || !sameSession(request, session))
          return answer(request, "454 Session Not Found");
        if (request.method === "PAUSE" || request.method === "TEARDOWN") {
          session.stop?.();
          session.stop = undefined;
        }
        answer(request, "200 OK", { Session: session.id });
        if (request.method === "TEARDOWN") session = undefined;
        return undefined;
      }
      default:
        return answer(request, "405 Method Not Allowed", { Allow: METHODS });
    }
  };

  const read = rtspReader({
    request(request) {
      alive();
      queued += 1;
      if (queued > MOST_QUEUED_REQUESTS) {
        socket.destroy();
        return;
      }
      work = work
        .then(() => handle(request))
        .catch(() => answer(request, "500 Internal Server Error"))
        .finally(() => {
          queued -= 1;
        });
    },
    interleaved: alive,
  });
  socket.setNoDelay(true);
  socket.on("data", (piece: Buffer) => {
    try {
      read(piece);
    } catch {
      socket.end(rtspResponse("400 Bad Request", "0"));
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", () => {
    clearTimeout(silence);
    session?.stop?.();
  });
  alive();
}

function sameSession(request: RtspRequest, session: Session): boolean {
  return (request.headers.get("session") ?? session.id).split(";")[0] === session.id;
}

/** Sends pictures from the next key frame on, with a sender report first and then every 5 s. */
function play(socket: Socket, session: Session, encoder: Encoder): () => void {
  const { sender, channel } = session;
  let started = false;
  let reportedAtMs = 0;
  let sets: ParameterSets | undefined;
  const fetchSets = async (): Promise<void> => {
    try {
      sets = await encoder.parameterSets(FIRST_PICTURE_LIMIT_MS);
    } catch {
      socket.destroy();
    }
  };
  void fetchSets();
  const send = (picture: TimedPicture): void => {
    if (sets === undefined || (!started && !picture.keyFrame)) return;
    if (socket.writableLength > MOST_UNSENT_BYTES) {
      started = false;
      return;
    }
    started = true;
    const mediaMs = picture.wallMs;
    if (picture.wallMs - reportedAtMs >= REPORT_EVERY_MS) {
      reportedAtMs = picture.wallMs;
      socket.write(interleavedFrame(channel + 1, sender.senderReport(picture.wallMs, mediaMs)));
    }
    const nals = picture.keyFrame ? [sets.sps, sets.pps, ...picture.nals] : picture.nals;
    socket.cork();
    for (const packet of sender.packets(nals, mediaMs)) socket.write(interleavedFrame(channel, packet));
    socket.uncork();
  };
  const unwatch = encoder.watch(send);
  return () => {
    unwatch();
    if (!socket.destroyed) socket.write(interleavedFrame(channel + 1, sender.goodbye()));
  };
}

function sdp({ sps, pps }: ParameterSets, encoder: Encoder): string {
  const { width, height, fps } = encoder.options;
  return [
    "v=0",
    `o=- ${Date.now()} 1 IN IP4 0.0.0.0`,
    "s=Virtual camera",
    "t=0 0",
    "a=control:*",
    "a=range:npt=now-",
    "m=video 0 RTP/AVP 96",
    "c=IN IP4 0.0.0.0",
    "a=rtpmap:96 H264/90000",
    `a=fmtp:96 packetization-mode=1;profile-level-id=${sps.subarray(1, 4).toString("hex").toUpperCase()};sprop-parameter-sets=${sps.toString("base64")},${pps.toString("base64")}`,
    `a=framerate:${fps}`,
    `a=framesize:96 ${width}-${height}`,
    "a=control:trackID=0",
    "",
  ].join("\r\n");
}
