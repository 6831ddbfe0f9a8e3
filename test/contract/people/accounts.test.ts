/** Accounts on the real store: opened, locked, closed, found again after a restart. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readFile, readdir, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { counterId, userId } from "../../../gateway/domain/ids.ts";
import { DEMONSTRATION_SECRET, createDemonstrationUsers } from "../../../gateway/people/first-people.ts";
import { type People, createPeople } from "../../../gateway/people/people.ts";
import type { Secrets } from "../../../gateway/people/ports.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type TestClock, freshFolder, openRealStore, testClock } from "../real-store.ts";

const random = { bytes: randomBytes };
const clerk = {
  id: userId("clerk"),
  name: "李窗口",
  roles: ["clerk"],
  password: "correct horse",
  officer: { certNo: "HB-0001", validFrom: "2026-01-01", validTo: "2026-12-31" },
  by: "gateway",
} as const;
const technician = { ...clerk, id: userId("technician"), roles: ["technician"] } as const;

let folder: Awaited<ReturnType<typeof freshFolder>>;
let clock: TestClock;
let store: Store;
let secrets: Secrets;
let people: People;

async function open(): Promise<void> {
  store = await openRealStore(folder.path, clock);
  secrets = createSecretFiles(join(folder.path, "secrets"));
  people = createPeople({ append: store, views: store, secrets, clock, random });
  await store.catchUp();
}
beforeEach(async () => {
  folder = await freshFolder();
  clock = testClock();
  await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

async function everyByteOfLog(): Promise<string> {
  const parts: string[] = [];
  const walk = async (path: string): Promise<void> => {
    for (const name of await readdir(path)) {
      const inner = join(path, name);
      if ((await stat(inner)).isDirectory()) await walk(inner);
      else if (!inner.includes("/secrets/")) parts.push(await readFile(inner, "latin1"));
    }
  };
  await walk(folder.path);
  return parts.join("");
}

describe("accounts", () => {
  it("are entries, and outlive a restart with their password", async () => {
    await people.accounts.open(clerk);
    await store.close();
    await open();
    expect(await people.accounts.authenticate(clerk.id, clerk.password)).toMatchObject({
      id: "clerk",
      roles: ["clerk"],
      officer: { certNo: "HB-0001" },
    });
    expect(await people.accounts.officer(clerk.id)).toEqual({
      name: "李窗口",
      certNo: "HB-0001",
      certValidUntil: "2026-12-31",
    });
  });

  it("never let a password or its hash into log or views", async () => {
    await people.accounts.open(clerk);
    await people.accounts.changePassword(clerk.id, clerk.password, "another password");
    await store.close();
    const bytes = await everyByteOfLog();
    expect(bytes).toContain("passwordChanged");
    for (const secret of [clerk.password, "another password", "argon2id"])
      expect(bytes).not.toContain(secret);
    await open();
  });

  it("shut after five wrong passwords, for the right one too, also after a restart", async () => {
    await people.accounts.open(clerk);
    for (let i = 0; i < 5; i++)
      await expect(people.accounts.authenticate(clerk.id, "wrong password")).rejects.toMatchObject({
        code: "people.wrongCredentials",
      });
    const locked = { code: "people.locked" };
    await expect(people.accounts.authenticate(clerk.id, clerk.password)).rejects.toMatchObject(locked);
    await store.close();
    await open();
    await expect(people.accounts.authenticate(clerk.id, clerk.password)).rejects.toMatchObject(locked);
    await people.accounts.unlock(clerk.id, "technician");
    expect(await people.accounts.authenticate(clerk.id, clerk.password)).toMatchObject({ id: "clerk" });
  });

  it("answer the same for a wrong password and an account that does not exist, locked too", async () => {
    await people.accounts.open(clerk);
    const nobody = userId("nobody");
    const codes = async (id: typeof nobody): Promise<string[]> => {
      const seen: string[] = [];
      for (let i = 0; i < 6; i++)
        await people.accounts.authenticate(id, "wrong password").catch((error: { code: string }) => {
          seen.push(error.code);
        });
      return seen;
    };
    expect(await codes(nobody)).toEqual(await codes(clerk.id));
  });

  it("are closed for good, but never the last technician's", async () => {
    await people.accounts.open(technician);
    await expect(people.accounts.disable(technician.id, "x")).rejects.toMatchObject({
      code: "people.lastTechnician",
    });
    await people.accounts.open(clerk);
    await people.accounts.disable(clerk.id, technician.id);
    await expect(people.accounts.authenticate(clerk.id, clerk.password)).rejects.toMatchObject({
      code: "people.disabled",
    });
    await expect(people.accounts.open(clerk)).rejects.toMatchObject({ code: "people.userExists" });
  });

  it("are opened once when two ask at the same time", async () => {
    const results = await Promise.allSettled([people.accounts.open(clerk), people.accounts.open(clerk)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it.each([
    { validFrom: "2026-02-30", validTo: "2026-12-31" },
    { validFrom: "2026-12-31", validTo: "2026-01-01" },
  ])("refuse a certificate from $validFrom to $validTo", async (days) => {
    await expect(
      people.accounts.open({ ...clerk, officer: { certNo: "HB-0001", ...days } }),
    ).rejects.toMatchObject({ code: "people.certificateBad" });
  });
});

describe("first people", () => {
  it("a demonstration gets one user per role with random passwords, once, kept 0600", async () => {
    const parts = { accounts: people.accounts, secrets, random, clock };
    const created = await createDemonstrationUsers(parts);
    expect(created.map(({ role }) => role)).toEqual([
      "clerk",
      "technician",
      "supervisor",
      "leader",
      "custodian",
    ]);
    expect(new Set(created.map(({ password }) => password)).size).toBe(created.length);
    for (const { id, password } of created)
      expect(await people.accounts.authenticate(id, password)).toMatchObject({ id });
    expect(await createDemonstrationUsers(parts)).toEqual([]);
    const file = await stat(join(folder.path, "secrets", `${DEMONSTRATION_SECRET}.secret`));
    expect(file.mode & 0o777).toBe(0o600);
  });

  it("a real site gets its first technician by a code that works once", async () => {
    const code = (await people.setUp.code()) ?? "";
    const first = { user: userId("tech"), name: "王技术", password: "a good password" };
    await expect(people.setUp.redeem({ ...first, code: "AAAA-AAAA-AAAA" })).rejects.toMatchObject({
      code: "people.setUpCodeWrong",
    });
    expect(await people.setUp.redeem({ ...first, code })).toMatchObject({ roles: ["technician"] });
    await expect(people.setUp.redeem({ ...first, code })).rejects.toMatchObject({
      code: "people.setUpClosed",
    });
    expect(await people.setUp.code()).toBeUndefined();
  });
});

describe("kiosks", () => {
  it("are bound by a code that works once; a new one ends the old one's token", async () => {
    const counter = counterId("win-1");
    const one = await people.kiosks.bind(people.kiosks.makeCode(counter, "technician").code);
    expect(await people.kiosks.find(one.cookie)).toMatchObject({ counterId: "win-1" });
    const { code } = people.kiosks.makeCode(counter, "technician");
    const two = await people.kiosks.bind(code);
    await expect(people.kiosks.bind(code)).rejects.toMatchObject({ code: "people.bindingCodeWrong" });
    expect(await people.kiosks.find(one.cookie)).toBeUndefined();
    expect(await people.kiosks.find(two.cookie)).toEqual(two.kiosk);
    await store.close();
    await open();
    expect(await people.kiosks.find(two.cookie)).toEqual(two.kiosk);
  });

  it.each(["", "win-1", "win-1~", `win-1~${"A".repeat(43)}`, `../x~${"A".repeat(43)}`])(
    "are not found by the cookie %j",
    async (cookie) => {
      expect(await people.kiosks.find(cookie)).toBeUndefined();
    },
  );
});
