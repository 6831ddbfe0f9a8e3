/**
 * Secrets as files of their own, readable by this account alone. Invariant: a file is replaced whole or not at
 * all, and a resolved `put` survives a power cut.
 */
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { CodedError } from "../domain/errors.ts";
import type { Secrets } from "./ports.ts";

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}(\/[a-z0-9][a-z0-9.-]{0,63}){0,3}$/;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Folders that are made here are made for this account alone, and durably. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first !== undefined) await syncFolder(dirname(first));
}

/** `folder` is `data/secrets`; it is made when it is not there. */
export function createSecretFiles(folder: string): Secrets {
  const pathOf = (name: string): string => {
    if (!NAME.test(name)) throw new CodedError("people.badSecretName");
    return join(folder, `${name}.secret`);
  };
  return {
    async get(name) {
      const path = pathOf(name);
      try {
        if (((await stat(path)).mode & OTHERS) !== 0) throw new CodedError("people.badSecretFile", { name });
        return await readFile(path, "utf8");
      } catch (cause) {
        if (cause instanceof CodedError) throw cause;
        if (isMissing(cause)) return undefined;
        throw new CodedError("people.badSecretFile", { name }, { cause });
      }
    },
    async put(name, value) {
      const path = pathOf(name);
      const parent = dirname(path);
      await makeFolder(parent);
      const fresh = `${path}.${randomBytes(6).toString("hex")}.new`;
      const handle = await open(fresh, "wx", FILE_MODE);
      try {
        try {
          await handle.writeFile(value, "utf8");
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(fresh, path);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
      await syncFolder(parent);
    },
    async delete(name) {
      const path = pathOf(name);
      try {
        await rm(path);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await syncFolder(dirname(path));
    },
  };
}
