/** The broker against docks that misbehave: who is admitted, what is taken, what counts once. */
import { connect as connectTcp } from "node:net";
import { type IClientOptions, type MqttClient, connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshFolder } from "../../contract/real-store.ts";
import type { RunningProgram } from "../../peers/start-program.ts";
import { DOCK, type Hall, SITE, bindDock, memorySecrets, openHall, startDock, until } from "./dock-hall.ts";

const OWN = `counter/v1/${SITE}/${DOCK}`;
const BOOT = "0d9a4f7e-test-boot";
let folder: Awaited<ReturnType<typeof freshFolder>>;
let secrets: ReturnType<typeof memorySecrets>;
let hall: Hall;
let secret: string;
const clients: MqttClient[] = [];
const programs: RunningProgram[] = [];

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

async function admitted(options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync({
    host: "127.0.0.1",
    port: hall.broker.mqttPort ?? 0,
    clientId: DOCK,
    username: DOCK,
    password: secret,
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

const message = (seq: number, body: unknown, boot = BOOT): string =>
  JSON.stringify({ v: 1, boot, seq, ts: 1_795_000_000_000, tsQuality: "synced", body });
const birth = { schema: 1, vendor: "Test", model: "T-1", firmware: "1", bays: 2 };
const told = (event: string): number => hall.lines.filter((line) => line.event === event).length;
const state = async (): Promise<string | undefined> => (await hall.docks.docks())[0]?.state;
const size = (): number => hall.store.stats().size;

describe("a dock is admitted", () => {
  it.each([
    ["with a wrong secret", { password: "wrong" }],
    ["under another dock's name", { clientId: "dock-2", username: "dock-2" }],
    ["with a client id that is not its own", { clientId: "dock-2" }],
    ["without a secret", { username: "", password: "" }],
    ["with a client id outside the grammar", { clientId: "../x", username: "../x" }],
    [
      "with a will for another dock",
      { will: { topic: `counter/v1/${SITE}/dock-2/state`, payload: Buffer.from("x") } },
    ],
  ])("not %s", async (_, options) => {
    await expect(admitted(options)).rejects.toThrow();
    await until(async () => told("refused") > 0);
    expect(JSON.stringify(hall.lines)).not.toContain(secret);
  });

  it("not as an MQTT 5 client, and the log says why", async () => {
    await expect(admitted({ protocolVersion: 5 })).rejects.toThrow(/protocol/i);
    expect(hall.lines).toContainEqual(
      expect.objectContaining({ event: "mqtt5Refused", reason: "this gateway speaks MQTT 3.1.1 only" }),
    );
  });

  it("not when its first packet claims to be 200 MB long", async () => {
    const socket = connectTcp(hall.broker.mqttPort ?? 0, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x60]));
    await new Promise((resolve) => socket.once("close", resolve));
    expect(hall.lines).toContainEqual(
      expect.objectContaining({ event: "refused", reason: "packet too long" }),
    );
  });
});

describe("a dock's messages", () => {
  it("are durable before they are acknowledged and count once, over reconnects too", async () => {
    const first = await admitted();
    const before = size();
    await first.publishAsync(`${OWN}/birth`, message(0, birth), { qos: 1 });
    expect(size()).toBe(before + 1);
    for (let again = 0; again < 3; again += 1)
      await first.publishAsync(`${OWN}/birth`, message(0, birth), { qos: 1 });
    await first.endAsync(true);
    const second = await admitted();
    await second.publishAsync(`${OWN}/birth`, message(0, birth), { qos: 1 });
    await second.publishAsync(`${OWN}/state`, message(3, { state: "online" }), { qos: 1 });
    expect(size()).toBe(before + 2);
    expect(await hall.docks.docks()).toMatchObject([{ dock: DOCK, state: "online", missing: 2, birth }]);
  });

  it("count once when many copies arrive at once", async () => {
    const client = await admitted();
    const before = size();
    const copies = Array.from({ length: 20 }, (_, i) =>
      client.publishAsync(`${OWN}/bay/1/status`, message(i % 5, { state: "empty" }), { qos: 1 }),
    );
    await Promise.all(copies);
    expect(size()).toBe(before + 5);
  });

  it.each([
    ["another dock's topic", `counter/v1/${SITE}/dock-2/birth`],
    ["another site's topic", `counter/v1/other/${DOCK}/birth`],
    ["a command of its own making", `${OWN}/cmd/wipe-1`],
    ["a topic outside the grammar", `${OWN}/bay/01/status`],
    ["the broker's own topics", "$SYS/x"],
  ])("are refused on %s, and the connection ends", async (_, topic) => {
    const client = await admitted();
    const before = size();
    const closed = new Promise<void>((resolve) => {
      client.once("close", () => resolve());
    });
    client.publishAsync(topic, message(0, birth), { qos: 1 }).catch(() => undefined);
    await closed;
    expect(told("foreignTopic")).toBe(1);
    expect(size()).toBe(before);
  });

  it.each([
    ["no JSON", "{"],
    ["a missing boot", JSON.stringify({ v: 1, seq: 0, ts: 0, tsQuality: "synced", body: birth })],
    ["an unknown field", JSON.stringify({ ...JSON.parse(message(0, birth)), officer: "x" })],
    ["a negative number", message(-1, birth)],
    ["a body of another topic", message(0, { state: "online" })],
    ["an empty retained message", ""],
  ])("of no known form (%s) are answered, named in the log and kept by nobody", async (_, payload) => {
    const client = await admitted();
    const before = size();
    await client.publishAsync(`${OWN}/birth`, payload, { qos: 1, retain: true });
    expect(told("badPayload")).toBe(1);
    expect(size()).toBe(before);
    expect(client.connected).toBe(true);
  });

  it("are heard by the dock itself only", async () => {
    const client = await admitted();
    for (const filter of [
      "#",
      "+/+/+/#",
      "$SYS/#",
      `counter/v1/${SITE}/#`,
      `counter/v1/${SITE}/dock-2/cmd/+`,
    ]) {
      const granted = await client.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]);
      expect(granted[0]?.qos).toBe(128);
    }
    expect((await client.subscribeAsync(`${OWN}/cmd/+`, { qos: 1 }))[0]?.qos).toBe(1);
  });
});

describe("a dock's state", () => {
  it("is lost when its program dies, and online again with the next", async () => {
    const start = () => startDock(hall, { folder: folder.path, secret, args: ["--idle"] });
    const first = await start();
    programs.push(first);
    await first.line((line) => line["event"] === "online");
    expect(await state()).toBe("online");
    first.child.kill("SIGKILL");
    await until(async () => (await state()) === "lost");
    const second = await start();
    programs.push(second);
    await second.line((line) => line["event"] === "online");
    expect(await state()).toBe("online");
    await second.stop();
    await until(async () => (await state()) === "offline");
  });

  it("is not changed by the will of an earlier start, nor by what it said before", async () => {
    const client = await admitted();
    const publish = (path: string, body: string) => client.publishAsync(`${OWN}/${path}`, body, { qos: 1 });
    await publish("birth", message(5, birth, "boot-2-of-the-dock"));
    await publish("state", message(7, { state: "online" }, "boot-2-of-the-dock"));
    await publish("state", message(2, { state: "lost" }, "boot-1-of-the-dock"));
    await publish("state", message(6, { state: "offline" }, "boot-2-of-the-dock"));
    expect(await state()).toBe("online");
    await publish("state", message(4, { state: "lost" }, "boot-2-of-the-dock"));
    expect(await state()).toBe("lost");
    await publish("state", message(8, { state: "online" }, "boot-2-of-the-dock"));
    expect(await state()).toBe("online");
  });

  it("comes back as retained messages after a restart of the gateway, and its end says nothing of the dock", async () => {
    const will = {
      topic: `${OWN}/state`,
      payload: Buffer.from(message(9, { state: "lost" })),
      qos: 1 as const,
      retain: true,
    };
    const client = await admitted({ will });
    await client.publishAsync(`${OWN}/birth`, message(0, birth), { qos: 1, retain: true });
    await client.publishAsync(`${OWN}/state`, message(1, { state: "online" }), { qos: 1, retain: true });
    await client.publishAsync(`${OWN}/bay/2/status`, message(2, { state: "empty" }), {
      qos: 1,
      retain: true,
    });
    await hall.close();
    hall = await openHall({ folder: folder.path, secrets });
    const again = await admitted();
    const heard = new Map<string, string>();
    again.on("message", (topic, payload) => heard.set(topic, payload.toString("utf8")));
    await again.subscribeAsync(`${OWN}/#`, { qos: 1 });
    await until(async () => heard.size === 3);
    expect(Object.fromEntries(heard)).toEqual({
      [`${OWN}/birth`]: message(0, birth),
      [`${OWN}/state`]: message(1, { state: "online" }),
      [`${OWN}/bay/2/status`]: message(2, { state: "empty" }),
    });
  });
});
