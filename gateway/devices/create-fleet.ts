/**
 * The fleet's use cases. Invariant: commands run one after the other, an entry says who changed what, secrets go
 * to the secrets port alone, and a listener hears of a change only once it is durable and in the view.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import { streamId } from "../domain/ids.ts";
import type { Command, Fleet, WantedFleet } from "./fleet.ts";
import type { Append, CameraCredentials, CameraDriver, JsonObject, Secrets, Views } from "./ports.ts";
import { fleetProjection } from "./projection.ts";
import { type FleetChange, type Kind, readCamera, readCounter, readDock, readPrinter } from "./rows.ts";
import { checkCamera, checkName, checkPrinter } from "./settings.ts";

export interface FleetPorts {
  readonly append: Append;
  readonly views: Views;
  readonly secrets: Secrets;
  readonly cameras: CameraDriver;
}

const STREAM = streamId("config/fleet");
const DISCOVERY_MS = 3000;
const DOCK_SECRET_BYTES = 24;

/** Registers the fleet's view, so it is to be called before the store catches up. */
export function createFleet({ append, views, secrets, cameras }: FleetPorts): Fleet {
  const table = views.register(fleetProjection);
  const listeners = new Set<(wanted: WantedFleet) => void>();
  let last: Promise<unknown> = Promise.resolve();
  let searching = false;

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const rows = async (kind: Kind): Promise<JsonObject[]> =>
    (await table.range({ from: `${kind}/`, to: `${kind}0` })).map(([, row]) => row);
  const wanted = async (): Promise<WantedFleet> => ({
    counters: (await rows("counter")).map(readCounter),
    cameras: (await rows("camera")).map(readCamera),
    printers: (await rows("printer")).map(readPrinter),
    docks: (await rows("dock")).map(readDock),
  });
  const tell = async (): Promise<void> => {
    const now = await wanted();
    for (const listener of listeners) listener(now);
  };

  /** Appends the change unless this command was carried out before; resolves with the row of the first time. */
  const change = async (
    what: Omit<FleetChange, "subject" | "by" | "command">,
    command: Command,
  ): Promise<{ readonly row: JsonObject; readonly repeated: boolean }> => {
    const firstRow = async (): Promise<JsonObject | undefined> => {
      const done = (await table.get(`command/${command.commandId}`))?.["row"];
      return typeof done === "object" && done !== null && !Array.isArray(done)
        ? (done as JsonObject)
        : undefined;
    };
    const before = await firstRow();
    if (before !== undefined) return { row: before, repeated: true };
    const json: JsonObject = { subject: "fleet", ...what, by: command.by, command: command.commandId };
    const [appended] = await append.append([{ type: "config", stream: STREAM, record: { json } }]);
    if (appended !== undefined) await views.applied(appended);
    const row = await firstRow();
    if (row === undefined) throw new Error("the fleet's view did not take the change");
    await tell();
    return { row, repeated: false };
  };

  /** A secret that is already there comes back when the change can't be logged. */
  const withSecret = async <Result>(
    name: string,
    value: string,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    const before = await secrets.get(name);
    await secrets.put(name, value);
    try {
      return await work();
    } catch (error) {
      await (before === undefined ? secrets.delete(name) : secrets.put(name, before));
      throw error;
    }
  };

  const unbind = (kind: Kind, command: Command & { readonly id: string }): Promise<void> =>
    inTurn(async () => {
      const repeated = (await table.get(`command/${command.commandId}`)) !== undefined;
      if (!repeated && (await table.get(`${kind}/${command.id}`)) === undefined)
        throw new CodedError("devices.notBound", { id: command.id });
      await change({ kind, change: "unbound", id: command.id }, command);
      if (!repeated && kind !== "printer") await secrets.delete(`${kind}/${command.id}`);
    });

  return {
    wanted,
    async camera(id) {
      const row = await table.get(`camera/${id}`);
      return row === undefined ? undefined : readCamera(row);
    },
    async dock(id) {
      const row = await table.get(`dock/${id}`);
      return row === undefined ? undefined : readDock(row);
    },
    nameCounter: (command) =>
      inTurn(async () => {
        checkName(command.name);
        const settings = { name: command.name };
        return readCounter(
          (await change({ kind: "counter", change: "bound", id: command.id, settings }, command)).row,
        );
      }),
    bindCamera: (command) =>
      inTurn(async () => {
        checkCamera(command);
        const { by: _by, commandId: _commandId, credentials, id, sub, ...rest } = command;
        const settings = { ...rest, ...(sub === undefined ? {} : { sub: { ...sub } }) };
        return withSecret(`camera/${id}`, JSON.stringify(credentials), async () =>
          readCamera(
            (
              await change(
                { kind: "camera", change: "bound", id, settings, credentialsChanged: true },
                command,
              )
            ).row,
          ),
        );
      }),
    unbindCamera: (command) => unbind("camera", command),
    bindPrinter: (command) =>
      inTurn(async () => {
        checkPrinter(command);
        const settings = {
          name: command.name,
          counterId: command.counterId,
          path: command.path,
          profile: command.profile,
        };
        return readPrinter(
          (await change({ kind: "printer", change: "bound", id: command.id, settings }, command)).row,
        );
      }),
    unbindPrinter: (command) => unbind("printer", command),
    bindDock: (command) =>
      inTurn(async () => {
        checkName(command.name);
        const secret = randomBytes(DOCK_SECRET_BYTES).toString("base64url");
        const settings = { name: command.name };
        // Only the hash is kept: with 192 random bits a plain one is enough.
        const dock = await withSecret(`dock/${command.id}`, hashOf(secret), async () =>
          readDock(
            (
              await change(
                { kind: "dock", change: "bound", id: command.id, settings, credentialsChanged: true },
                command,
              )
            ).row,
          ),
        );
        return { dock, secret };
      }),
    unbindDock: (command) => unbind("dock", command),
    async cameraCredentials(id) {
      if ((await table.get(`camera/${id}`)) === undefined) throw new CodedError("devices.notBound", { id });
      const kept = await secrets.get(`camera/${id}`);
      const credentials = kept === undefined ? undefined : readCredentials(kept);
      if (credentials === undefined) throw new CodedError("devices.noSecret", { id });
      return credentials;
    },
    async checkDockSecret(id, presented) {
      if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(id)) return false;
      const bound = (await table.get(`dock/${id}`)) !== undefined;
      const kept = bound ? await secrets.get(`dock/${id}`) : undefined;
      const given = Buffer.from(hashOf(presented));
      const expected = Buffer.from(kept ?? hashOf(""));
      return kept !== undefined && expected.length === given.length && timingSafeEqual(given, expected);
    },
    async discoverCameras(signal) {
      if (searching) throw new CodedError("devices.busy");
      searching = true;
      try {
        return await cameras.discover({
          timeoutMs: DISCOVERY_MS,
          ...(signal === undefined ? {} : { signal }),
        });
      } finally {
        searching = false;
      }
    },
    async describeCamera(options) {
      const tested = await cameras.testConnection(options);
      if (!tested.ok) throw new CodedError("devices.cameraTest", { reason: tested.reason });
      return tested.description;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function readCredentials(kept: string): CameraCredentials | undefined {
  const read: unknown = JSON.parse(kept);
  if (typeof read !== "object" || read === null || !("username" in read) || !("password" in read))
    return undefined;
  const { username, password } = read;
  return typeof username === "string" && typeof password === "string" ? { username, password } : undefined;
}
