/** Watching live over a WebSocket: who may, what is written first, and what a slow line costs. */
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "undici";
import type { LiveFeed, LiveViewer } from "../../../gateway/recording/live/live-feed.ts";
import { proves } from "../../law/proves.ts";
import { type SignedIn, type TestApp, openTestApp } from "./test-app.ts";

const LIMIT = { timeout: 5000 };
const INIT = {
  bytes: new Uint8Array(10),
  codec: "avc1.4d0028",
  width: 640,
  height: 360,
  profile: "sub",
} as const;
let test: TestApp;
let viewer: LiveViewer | undefined;
let left = 0;
const sockets: WebSocket[] = [];

const feed: LiveFeed = {
  codec: INIT.codec,
  join(one) {
    viewer = one;
    one.init(INIT);
    return () => (left += 1);
  },
};

beforeEach(async () => {
  viewer = undefined;
  left = 0;
  test = await openTestApp({ recorders: { live: (camera) => (camera === "cam-1" ? feed : undefined) } });
  await test.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await test.close();
});

function watch(as: SignedIn | undefined, camera = "cam-1") {
  const { port } = test.app.server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/cameras/${camera}/live`, {
    headers: as === undefined ? {} : { cookie: as.cookie },
  });
  sockets.push(socket);
  socket.binaryType = "arraybuffer";
  const messages: (string | number)[] = [];
  let closed: number | undefined;
  socket.addEventListener("message", ({ data }) =>
    messages.push(data instanceof ArrayBuffer ? data.byteLength : String(data)),
  );
  socket.addEventListener("close", ({ code }) => (closed = code));
  return { socket, messages, closed: () => closed };
}

describe("watching live", () => {
  it(
    proves(["S3-C-2"], "is a row of the access ledger before the first byte, then init and pictures"),
    async () => {
      const clerk = await test.signIn("clerk");
      const { messages, socket } = watch(clerk);
      await vi.waitFor(() => expect(messages).toHaveLength(2), LIMIT);
      expect(JSON.parse(String(messages[0]))).toEqual({
        kind: "init",
        codec: "avc1.4d0028",
        width: 640,
        height: 360,
        profile: "sub",
      });
      expect(messages[1]).toBe(10);
      viewer?.picture({ bytes: new Uint8Array(77), keyFrame: true });
      await vi.waitFor(() => expect(messages.at(-1)).toBe(77), LIMIT);
      const supervisor = await test.signIn("supervisor");
      const ledger = await test.ask("GET", "/api/ledgers/access", { as: supervisor });
      expect(ledger.json<{ rows: object[] }>().rows).toMatchObject([
        { by: "clerk", act: "live", subject: "camera/cam-1" },
      ]);
      socket.close();
      await vi.waitFor(() => expect(left).toBe(1), LIMIT);
    },
  );

  it("is refused without a session and to roles that have no business there", async () => {
    const nobody = watch(undefined);
    await vi.waitFor(() => expect(nobody.closed()).toBeDefined(), LIMIT);
    const custodian = watch(await test.signIn("custodian"));
    await vi.waitFor(() => expect(custodian.closed()).toBeDefined(), LIMIT);
    expect(viewer).toBeUndefined();
  });

  it("says that a camera is not there by a code to try again later", async () => {
    const watcher = watch(await test.signIn("technician"), "cam-9");
    await vi.waitFor(() => expect(watcher.closed()).toBe(1013), LIMIT);
  });

  it("leaves pictures out while the line is behind and goes on at a key frame", async () => {
    const { messages } = watch(await test.signIn("technician"));
    await vi.waitFor(() => expect(messages).toHaveLength(2), LIMIT);
    // In one turn of the event loop nothing of it can leave.
    const large = new Uint8Array(600_000);
    for (let i = 0; i < 40; i++) viewer?.picture({ bytes: large, keyFrame: i === 0 });
    await vi.waitFor(() => expect(messages.some((one) => String(one).includes("skip"))).toBe(true), LIMIT);
    const taken = messages.filter((one) => one === large.length).length;
    expect(taken).toBeLessThan(39);
    viewer?.picture({ bytes: new Uint8Array(5), keyFrame: false });
    viewer?.picture({ bytes: new Uint8Array(6), keyFrame: true });
    viewer?.picture({ bytes: new Uint8Array(7), keyFrame: false });
    await vi.waitFor(() => expect(messages.at(-1)).toBe(7), LIMIT);
    expect(messages.slice(-2)).toEqual([6, 7]);
    expect(messages).not.toContain(5);
  });
});
