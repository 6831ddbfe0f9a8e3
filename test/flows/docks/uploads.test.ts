/** Uploads over HTTP: resumed after any cut, stored once, refused when the bytes are others; the wipe waits. */
import { createHash, randomBytes } from "node:crypto";
import { type MqttClient, connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dockId } from "../../../gateway/domain/ids.ts";
import { freshFolder } from "../../contract/real-store.ts";
import type { RunningProgram } from "../../peers/start-program.ts";
import { DOCK, type Hall, SITE, bindDock, memorySecrets, openHall, startDock, until } from "./dock-hall.ts";

let folder: Awaited<ReturnType<typeof freshFolder>>;
let secrets: ReturnType<typeof memorySecrets>;
let hall: Hall;
let secret: string;
const programs: RunningProgram[] = [];
const clients: MqttClient[] = [];

beforeEach(async () => {
  folder = await freshFolder();
  secrets = memorySecrets();
  hall = await openHall({ folder: folder.path, secrets });
  secret = await bindDock(hall);
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop()));
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  await hall.close();
  await folder.remove();
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const basic = (dock: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${dock}:${password}`).toString("base64")}`,
});

async function ask(
  method: string,
  path: string,
  init: { readonly headers?: Record<string, string>; readonly body?: string | Uint8Array<ArrayBuffer> } = {},
) {
  const response = await fetch(`http://127.0.0.1:${hall.httpPort}/dock/v1/uploads${path}`, {
    method,
    ...init,
    headers: { ...basic(DOCK, secret), ...init.headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    offset: response.headers.get("upload-offset"),
    state: response.headers.get("upload-state"),
    json: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function announce(bytes: Uint8Array, more: Record<string, unknown> = {}) {
  const body = {
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    vendorName: "A.mp4",
    camera: "BC00001",
    ...more,
  };
  const headers = { "content-type": "application/json" };
  return ask("POST", "", { body: JSON.stringify(body), headers });
}

async function send(id: unknown, offset: number, bytes: Uint8Array<ArrayBuffer>) {
  const headers = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
  return ask("PATCH", `/${String(id)}`, { body: bytes, headers });
}

const piece = (size: number): Buffer<ArrayBuffer> => Buffer.from(randomBytes(size));

describe("an upload", () => {
  it("goes on where the durable bytes end, after a restart too, and is one record however often it comes", async () => {
    const bytes = piece(300_000);
    const id = (await announce(bytes)).json["uploadId"];
    expect((await send(id, 0, bytes.subarray(0, 100_000))).offset).toBe("100000");
    await hall.close();
    hall = await openHall({ folder: folder.path, secrets });
    expect(await ask("HEAD", `/${String(id)}`)).toMatchObject({
      status: 200,
      offset: "100000",
      state: "open",
    });
    expect(await send(id, 0, bytes.subarray(0, 100_000))).toMatchObject({
      status: 409,
      json: { code: "docks.wrongOffset", details: { offset: 100_000 } },
    });
    expect(await send(id, 100_000, bytes.subarray(100_000))).toMatchObject({ status: 200, state: "stored" });
    expect(await send(id, 100_000, bytes.subarray(100_000))).toMatchObject({ status: 200, state: "stored" });
    const size = hall.store.stats().size;
    expect((await announce(bytes)).json).toMatchObject({ uploadId: id, state: "stored" });
    expect(hall.store.stats().size).toBe(size);
    expect((await announce(bytes, { vendorName: "B.mp4", camera: "BC00002" })).json).toMatchObject({
      state: "stored",
    });
    const files = await hall.docks.files();
    expect(files).toHaveLength(1);
    expect(files[0]?.claims.map((claim) => claim.vendorName).sort()).toEqual(["A.mp4", "B.mp4"]);
    expect(files[0]).toMatchObject({ media: null, probeProblem: "notMedia" });
  });

  it("takes one of many chunks sent for the same place at once", async () => {
    const bytes = piece(50_000);
    const id = (await announce(bytes)).json["uploadId"];
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send(id, 0, bytes.subarray(0, 25_000))),
    );
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 409),
    ]);
    expect(await send(id, 25_000, bytes.subarray(25_000))).toMatchObject({ state: "stored" });
  });

  it("begins again from 0 when the bytes are not those announced, and nothing of it is a file", async () => {
    const bytes = piece(40_000);
    const id = (await announce(bytes)).json["uploadId"];
    const wrong = Buffer.from(bytes);
    wrong.writeUInt8(wrong.readUInt8(7) ^ 1, 7);
    expect(await send(id, 0, wrong)).toMatchObject({ status: 422, json: { code: "docks.hashMismatch" } });
    expect(await hall.docks.files()).toEqual([]);
    expect(await ask("HEAD", `/${String(id)}`)).toMatchObject({ offset: "0", state: "open" });
    expect(await send(id, 0, bytes)).toMatchObject({ status: 200, state: "stored" });
    const whole: Uint8Array[] = [];
    for await (const part of hall.docks.bytes(String(id))) whole.push(part);
    expect(sha256(Buffer.concat(whole))).toBe(sha256(bytes));
  });

  it.each([
    ["a chunk beyond the end", 0, 1001, 413, "docks.chunkTooLarge"],
    ["an empty chunk", 0, 0, 413, "docks.chunkTooLarge"],
    ["a chunk over 4 MiB", 0, 4 * 1024 * 1024 + 1, 413, "http.bodyTooLarge"],
    ["a gap", 500, 10, 409, "docks.wrongOffset"],
  ])("refuses %s and keeps nothing of it", async (_, offset, length, status, code) => {
    const bytes = piece(1000);
    const id = (await announce(bytes)).json["uploadId"];
    const size = hall.store.stats().size;
    expect(await send(id, offset, piece(length))).toMatchObject({ status, json: { code } });
    expect(hall.store.stats().size).toBe(size);
  });

  it("is refused to a stranger, to a wrong secret, and to a dock that never announced it", async () => {
    const bytes = piece(1000);
    const id = (await announce(bytes)).json["uploadId"];
    const other = await bindDock(hall, dockId("dock-2"));
    for (const headers of [
      { authorization: "" },
      basic(DOCK, "wrong"),
      basic("dock-3", secret),
      basic(DOCK, other),
    ])
      expect((await ask("HEAD", `/${String(id)}`, { headers })).status).toBe(401);
    expect((await ask("HEAD", `/${String(id)}`, { headers: basic("dock-2", other) })).status).toBe(404);
    expect((await ask("HEAD", `/f${"0".repeat(40)}`)).status).toBe(404);
    expect((await ask("HEAD", "/../x")).status).toBe(404);
  });

  it.each([
    [{ sizeBytes: 0 }, 400],
    [{ sizeBytes: 2 ** 40 }, 413],
    [{ sha256: "x" }, 400],
    [{ camera: "a/b" }, 400],
    [{ vendorName: "\u0000" }, 400],
    [{ unknown: 1 }, 400],
  ])("is not announced as %j", async (part, status) => {
    const size = hall.store.stats().size;
    expect((await announce(piece(10), part)).status).toBe(status);
    expect(hall.store.stats().size).toBe(size);
  });
});

describe("the virtual dock", () => {
  it("resumes after the gateway was away in the middle of its upload", async () => {
    const args = ["--chunk-bytes", "16384"];
    const dock = await startDock(hall, { folder: folder.path, secret, args });
    programs.push(dock);
    await dock.line((line) => line["event"] === "progress" && Number(line["offset"]) > 100_000, 30_000);
    const { httpPort } = hall;
    const mqttPort = hall.broker.mqttPort ?? 0;
    await hall.close();
    hall = await openHall({ folder: folder.path, secrets, httpPort, mqttPort });
    const stored = await dock.line((line) => line["event"] === "stored", 20_000);
    await dock.line((line) => line["event"] === "wiped", 20_000);
    expect(await hall.docks.file(String(stored["uploadId"]))).toMatchObject({ sha256: stored["sha256"] });
    expect(dock.output()).not.toContain(secret);
  });

  it("is taken once when it repeats a message", async () => {
    const dock = await startDock(hall, { folder: folder.path, secret, args: ["--idle"] });
    programs.push(dock);
    await dock.line((line) => line["event"] === "online");
    const size = hall.store.stats().size;
    dock.child.stdin?.write("repeat\n");
    await dock.line((line) => line["event"] === "repeated");
    expect(hall.store.stats().size).toBe(size);
  });
});

describe("the wipe", () => {
  const own = `counter/v1/${SITE}/${DOCK}`;
  let seq = 0;
  const say = (client: MqttClient, path: string, body: unknown) => {
    seq += 1;
    const payload = JSON.stringify({
      v: 1,
      boot: "boot-of-test",
      seq,
      ts: Date.now(),
      tsQuality: "synced",
      body,
    });
    return client.publishAsync(`${own}/${path}`, payload, { qos: 1 });
  };
  const connect = async (heard: Record<string, unknown>[]): Promise<MqttClient> => {
    const client = await connectAsync({
      host: "127.0.0.1",
      port: hall.broker.mqttPort ?? 0,
      clientId: DOCK,
      username: DOCK,
      password: secret,
      clean: true,
      reconnectPeriod: 0,
    });
    clients.push(client);
    client.on("message", (_topic, payload) =>
      heard.push(JSON.parse(payload.toString("utf8")) as Record<string, unknown>),
    );
    await client.subscribeAsync(`${own}/cmd/+`, { qos: 1 });
    return client;
  };

  it("is commanded only once every file of the card is stored, names exactly those, and is sent until acknowledged", async () => {
    const heard: Record<string, unknown>[] = [];
    const client = await connect(heard);
    const camera = "BC00001";
    const [one, two] = [piece(20_000), piece(30_000)];
    const files = [
      { vendorName: "one.mp4", sizeBytes: one.length },
      { vendorName: "two.mp4", sizeBytes: two.length },
    ];
    await say(client, "bay/1/event", { event: "inserted", camera, clockOffsetMs: 0 });
    const first = (await announce(one, { vendorName: "one.mp4" })).json["uploadId"];
    await send(first, 0, one);
    await say(client, "bay/1/event", { event: "inventory", camera, files });
    const second = (await announce(two, { vendorName: "two.mp4" })).json["uploadId"];
    await send(second, 0, two.subarray(0, 29_999));
    expect(heard).toEqual([]);
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
    await send(second, 29_999, two.subarray(29_999));
    await until(async () => heard.length > 0);
    const command = heard[0];
    expect(command).toMatchObject({
      type: "wipe",
      camera,
      files: [
        { ...files[0], sha256: sha256(one) },
        { ...files[1], sha256: sha256(two) },
      ],
    });

    // Not acknowledged: it comes again with the next session, also after a restart, under the same id.
    await client.endAsync(true);
    await hall.close();
    hall = await openHall({ folder: folder.path, secrets });
    const again: Record<string, unknown>[] = [];
    const next = await connect(again);
    await until(async () => again.length > 0);
    expect(again[0]).toEqual(command);
    await say(next, `ack/${String(command?.["id"])}`, { result: "done", wiped: 2 });
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
    await hall.docks.recover();
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
  });

  it("waits for a file that was stored from an earlier stay under the same name, until it is offered anew", async () => {
    const heard: Record<string, unknown>[] = [];
    const client = await connect(heard);
    const camera = "BC00001";
    const bytes = piece(5000);
    await send((await announce(bytes)).json["uploadId"], 0, bytes);
    await say(client, "bay/1/event", { event: "inserted", camera, clockOffsetMs: 0 });
    await say(client, "bay/1/event", {
      event: "inventory",
      camera,
      files: [{ vendorName: "A.mp4", sizeBytes: 5000 }],
    });
    await hall.docks.recover();
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
    expect((await announce(bytes)).json["state"]).toBe("stored");
    await until(async () => heard.length > 0);
  });

  it("is withdrawn when the camera leaves, and never follows it to another card", async () => {
    const heard: Record<string, unknown>[] = [];
    const client = await connect(heard);
    const bytes = piece(5000);
    const camera = "BC00001";
    await say(client, "bay/1/event", { event: "inserted", camera, clockOffsetMs: 0 });
    await send((await announce(bytes)).json["uploadId"], 0, bytes);
    await say(client, "bay/1/event", {
      event: "inventory",
      camera,
      files: [{ vendorName: "A.mp4", sizeBytes: 5000 }],
    });
    await until(async () => heard.length > 0);
    await say(client, "bay/1/event", { event: "removed", camera });
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
    await say(client, "bay/1/event", { event: "inserted", camera, clockOffsetMs: 0 });
    await say(client, "bay/1/event", {
      event: "inventory",
      camera,
      files: [{ vendorName: "A.mp4", sizeBytes: 5001 }],
    });
    await hall.docks.recover();
    expect(await hall.docks.outstanding(DOCK)).toEqual([]);
  });
});
