/** The fleet on the real store: what is bound survives, who did it is in the log, no secret is. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet } from "../../../gateway/devices/create-fleet.ts";
import type { BindCamera, Fleet } from "../../../gateway/devices/fleet.ts";
import type { Secrets } from "../../../gateway/devices/ports.ts";
import { cameraId, commandId, counterId, dockId, printerId, userId } from "../../../gateway/domain/ids.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { freshFolder, openRealStore, testClock } from "../../contract/real-store.ts";

const by = userId("technician-1");
let count = 0;
const command = () => ({ by, commandId: commandId(`command-${(count += 1)}`) });
const PASSWORD = "Pass-w0rd-of-the-camera";
const camera = (): BindCamera => ({
  ...command(),
  id: cameraId("cam-1"),
  name: "1号窗口",
  counterId: counterId("counter-1"),
  xaddr: "http://192.0.2.7/onvif/device_service",
  rtspUrl: "rtsp://192.0.2.7:554/main",
  profileToken: "profile_main",
  codec: "h264",
  credentials: { username: "recorder", password: PASSWORD },
});

const SUB = { rtspUrl: "rtsp://192.0.2.7:554/sub", profileToken: "profile_sub", codec: "h264" } as const;

function memorySecrets(): Secrets & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (name) => kept.get(name),
    put: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
}

let folder: Awaited<ReturnType<typeof freshFolder>>;
let store: Store;
let fleet: Fleet;
let secrets: ReturnType<typeof memorySecrets>;

async function open(): Promise<void> {
  store = await openRealStore(folder.path, testClock());
  fleet = createFleet({
    append: store,
    views: store,
    secrets,
    cameras: {
      discover: async () => {
        await new Promise(setImmediate);
        return [];
      },
      testConnection: async () => ({ ok: false, reason: "refused" }),
    },
  });
  await store.catchUp();
}

beforeEach(async () => {
  folder = await freshFolder();
  secrets = memorySecrets();
  await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

describe("the fleet", () => {
  it("is the same after a restart, with who bound it and when", async () => {
    await fleet.nameCounter({ ...command(), id: counterId("counter-1"), name: "1号窗口" });
    const bound = await fleet.bindCamera(camera());
    await fleet.bindPrinter({
      ...command(),
      id: printerId("printer-1"),
      name: "小票机",
      counterId: counterId("counter-1"),
      path: "/dev/serial/by-id/usb-printer",
      profile: "escpos-80",
    });
    await fleet.bindDock({ ...command(), id: dockId("dock-1"), name: "采集站" });
    const before = await fleet.wanted();
    expect(before.cameras).toEqual([bound]);
    expect(bound).toMatchObject({
      boundBy: by,
      xaddr: "http://192.0.2.7/onvif/device_service",
      serialNumber: null,
    });
    const entry = await store.readRecord(bound.ref);
    expect(entry.body.json).toMatchObject({
      subject: "fleet",
      by,
      change: "bound",
      credentialsChanged: true,
    });

    await store.close();
    await open();
    expect(await fleet.wanted()).toEqual(before);
    expect(await fleet.cameraCredentials(cameraId("cam-1"))).toEqual({
      username: "recorder",
      password: PASSWORD,
    });
  });

  it("keeps credentials out of the log, the views and the errors", async () => {
    await fleet.bindCamera(camera());
    const { secret } = await fleet.bindDock({ ...command(), id: dockId("dock-1"), name: "采集站" });
    secrets.kept.delete("camera/cam-1");
    const error = await fleet.cameraCredentials(cameraId("cam-1")).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "devices.noSecret" });
    await store.close();
    let files = 0;
    for (const name of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      files += 1;
      const bytes = (await readFile(join(name.parentPath, name.name))).toString("latin1");
      expect(bytes.includes(PASSWORD) || bytes.includes(secret)).toBe(false);
    }
    expect(files).toBeGreaterThan(3);
    expect([...secrets.kept.values()].join()).not.toContain(secret);
    await open();
  });

  it("carries a command out once, whatever is asked again", async () => {
    const first = camera();
    const bound = await fleet.bindCamera(first);
    expect(await fleet.bindCamera({ ...first, name: "another name" })).toEqual(bound);
    expect((await fleet.wanted()).cameras).toEqual([bound]);
    const gone = { ...command(), id: cameraId("cam-1") };
    await fleet.unbindCamera(gone);
    await fleet.unbindCamera(gone);
    expect((await fleet.wanted()).cameras).toEqual([]);
    expect(secrets.kept.size).toBe(0);
    await expect(fleet.unbindCamera({ ...command(), id: cameraId("cam-1") })).rejects.toMatchObject({
      code: "devices.notBound",
    });
  });

  it("tells its listeners what is wanted now", async () => {
    const heard: number[] = [];
    const stop = fleet.onChange((wanted) => heard.push(wanted.cameras.length));
    await fleet.bindCamera(camera());
    await fleet.bindCamera({ ...camera(), id: cameraId("cam-2") });
    stop();
    await fleet.unbindCamera({ ...command(), id: cameraId("cam-2") });
    expect(heard).toEqual([1, 2]);
  });

  it("admits a dock by its own secret only, and no longer once it is unbound", async () => {
    const one = await fleet.bindDock({ ...command(), id: dockId("dock-1"), name: "一" });
    const two = await fleet.bindDock({ ...command(), id: dockId("dock-2"), name: "二" });
    expect(await fleet.checkDockSecret("dock-1", one.secret)).toBe(true);
    for (const [id, secret] of [
      ["dock-1", two.secret],
      ["dock-1", ""],
      ["dock-3", one.secret],
      ["../dock-1", one.secret],
    ] as const)
      expect(await fleet.checkDockSecret(id, secret)).toBe(false);
    await fleet.unbindDock({ ...command(), id: dockId("dock-1") });
    expect(await fleet.checkDockSecret("dock-1", one.secret)).toBe(false);
  });

  it("keeps the sub-stream of a camera that has one, with every other setting", async () => {
    expect(await fleet.bindCamera({ ...camera(), sub: SUB })).toMatchObject({ sub: SUB });
    await store.close();
    await open();
    expect((await fleet.wanted()).cameras).toMatchObject([{ sub: SUB, codec: "h264" }]);
    await fleet.bindCamera(camera());
    expect((await fleet.wanted()).cameras[0]).not.toHaveProperty("sub");
  });

  it("keeps the pinned certificate of a camera that speaks TLS", async () => {
    const pinned = { rtspUrl: "rtsps://192.0.2.7/main", certificateSha256: "ab".repeat(32) };
    expect(await fleet.bindCamera({ ...camera(), ...pinned })).toMatchObject(pinned);
    expect((await fleet.wanted()).cameras).toMatchObject([pinned]);
  });

  it.each([
    [{ rtspUrl: "rtsp://user:pw@192.0.2.7/main" }, "devices.badAddress"],
    [{ sub: { ...SUB, rtspUrl: "rtsp://192.0.2.8/sub" } }, "devices.badAddress"],
    [{ sub: { ...SUB, rtspUrl: "rtsps://192.0.2.7/sub" } }, "devices.badAddress"],
    [{ sub: { ...SUB, rtspUrl: "rtsp://user:pw@192.0.2.7/sub" } }, "devices.badAddress"],
    [{ rtspUrl: "http://192.0.2.7/main" }, "devices.badAddress"],
    [{ xaddr: "http://user@192.0.2.7/" }, "devices.badAddress"],
    [{ name: " " }, "devices.badSetting"],
    [{ certificateSha256: "ab".repeat(32) }, "devices.badSetting"],
    [{ rtspUrl: "rtsps://192.0.2.7/main", certificateSha256: "AB" }, "devices.badSetting"],
  ])("refuses %j and changes nothing", async (part, code) => {
    await expect(fleet.bindCamera({ ...camera(), ...part })).rejects.toMatchObject({ code });
    expect((await fleet.wanted()).cameras).toEqual([]);
    expect(secrets.kept.size).toBe(0);
  });

  it("searches once at a time and passes the reason of a failed test on", async () => {
    const [first, second] = await Promise.allSettled([fleet.discoverCameras(), fleet.discoverCameras()]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ reason: { code: "devices.busy" } });
    await expect(
      fleet.describeCamera({ xaddr: "http://192.0.2.7/", credentials: { username: "a", password: "b" } }),
    ).rejects.toMatchObject({ code: "devices.cameraTest", details: { reason: "refused" } });
  });
});
