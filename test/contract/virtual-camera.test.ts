/** The virtual camera judged by programs that are not ours: ffprobe and ffmpeg play it, with digest, at once. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningProgram, startProgram } from "../peers/start-program.ts";

const run = promisify(execFile);
const env = { VIRTUAL_CAMERA_USER: "viewer", VIRTUAL_CAMERA_PASSWORD: "open-sesame" };
const hasFfmpeg = spawnSync("ffprobe", ["-version"]).status === 0;
if (!hasFfmpeg) console.warn("SKIPPED: the virtual camera needs ffmpeg (apt-get install ffmpeg)");

/** With the credentials in the address: ffprobe is a peer here, not part of the product. */
function withCredentials(url: unknown, password = env.VIRTUAL_CAMERA_PASSWORD): string {
  return String(url).replace("rtsp://", `rtsp://${env.VIRTUAL_CAMERA_USER}:${password}@`);
}

async function ask(socket: Socket, request: string): Promise<string> {
  socket.write(`${request}\r\n\r\n`);
  const [answer] = await new Promise<Buffer[]>((resolve, reject) => {
    socket.once("data", (piece: Buffer) => resolve([piece]));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
  return (answer ?? Buffer.alloc(0)).toString("latin1");
}

describe.skipIf(!hasFfmpeg)("the virtual camera", () => {
  let camera: RunningProgram;
  let folder = "";
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(camera.ready["rtspPort"]), "127.0.0.1");
    sockets.push(socket);
    await new Promise<void>((resolve) => {
      socket.once("connect", resolve);
    });
    return socket;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "virtual-camera-"));
    camera = await startProgram("device-drivers/virtual/camera.ts", {
      // Long enough for a player that is slow to start on a busy machine: it says nothing until it plays.
      args: ["--session-timeout", "5", "--size", "640x360"],
      env,
    });
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await camera.stop();
    await rm(folder, { recursive: true });
  });

  it("drops a client that stays silent beyond the session's limit", async () => {
    const socket = await open();
    socket.resume();
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
    });
  });

  it("is H.264 of the announced size to ffprobe, over TCP with digest", async () => {
    const show = ["-show_entries", "stream=codec_name,width,height,r_frame_rate", "-of", "json"];
    const url = withCredentials(camera.ready["rtspUrl"]);
    const { stdout } = await run("ffprobe", ["-v", "error", "-rtsp_transport", "tcp", ...show, url]);
    expect(JSON.parse(stdout)).toMatchObject({
      streams: [{ codec_name: "h264", width: 640, height: 360, r_frame_rate: "15/1" }],
    });
  });

  it("plays to three clients at once, every picture decodable", async () => {
    const play = async (name: string): Promise<number> => {
      const file = join(folder, name);
      const from = ["-v", "error", "-rtsp_transport", "tcp", "-i", withCredentials(camera.ready["rtspUrl"])];
      const { stderr } = await run("ffmpeg", [...from, "-frames:v", "30", "-c", "copy", file]);
      expect(stderr).toBe("");
      const count = [
        "-v",
        "error",
        "-count_frames",
        "-show_entries",
        "stream=nb_read_frames",
        "-of",
        "csv=p=0",
        file,
      ];
      const decoded = await run("ffprobe", count);
      expect(decoded.stderr).toBe("");
      return Number(decoded.stdout);
    };
    const counts = await Promise.all(["a.mp4", "b.mp4", "c.mp4"].map(play));
    for (const pictures of counts) expect(pictures).toBe(30);
  });

  it("turns a wrong password away", async () => {
    const url = withCredentials(camera.ready["rtspUrl"], "wrong");
    await expect(run("ffprobe", ["-v", "error", "-rtsp_transport", "tcp", url])).rejects.toThrow(
      /401 Unauthorized/,
    );
  });

  it("answers by the book: no session, no UDP, no other stream, no nonsense", async () => {
    const socket = await open();
    const url = String(camera.ready["rtspUrl"]);
    expect(await ask(socket, `OPTIONS ${url} RTSP/1.0\r\nCSeq: 1`)).toMatch(
      /^RTSP\/1\.0 200 OK\r\nCSeq: 1\r\n[^]*Public: /,
    );
    expect(await ask(socket, `DESCRIBE ${url} RTSP/1.0\r\nCSeq: 2`)).toMatch(
      /401 [^]*WWW-Authenticate: Digest realm=/,
    );
    expect(await ask(socket, "no rtsp at all")).toMatch(/^RTSP\/1\.0 400 /);
  });

  it("gives a snapshot behind digest and keeps its secrets to itself", async () => {
    const answer = await fetch(`http://127.0.0.1:${String(camera.ready["httpPort"])}/snapshot.jpg`);
    expect(answer.status).toBe(401);
    const url = `http://${env.VIRTUAL_CAMERA_USER}:${env.VIRTUAL_CAMERA_PASSWORD}@127.0.0.1:${String(camera.ready["httpPort"])}/snapshot.jpg`;
    const show = ["-show_entries", "stream=codec_name,width", "-of", "csv=p=0"];
    const { stdout } = await run("ffprobe", ["-v", "error", "-f", "jpeg_pipe", ...show, url]);
    expect(stdout.trim()).toBe("mjpeg,640");
    expect(camera.output()).not.toContain("open-sesame");
  });

  it("takes its encoder with it when it ends", async () => {
    const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(camera.child.pid)]);
    await camera.stop();
    expect(camera.child.exitCode).toBe(0);
    for (const pid of stdout
      .split("\n")
      .map((line) => Number(line))
      .filter((pid) => pid > 0))
      expect(() => process.kill(pid, 0)).toThrow();
  });
});
