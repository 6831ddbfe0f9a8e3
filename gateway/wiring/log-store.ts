/**
 * The evidence log with its two helper processes: signer and reader of sealed volumes. Invariant: either may die
 * at any time; the store records on, and its notices become alarms.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../domain/time.ts";
import type { Sha256, Suite } from "../evidence/suite.ts";
import type { SealedReaderClient } from "../reader/contract.ts";
import { createSealedReader } from "../reader/client.ts";
import type { SignerClient } from "../signer/contract.ts";
import { startSigner } from "../signer/client.ts";
import type { Store } from "../store/contract.ts";
import { openStore } from "../store/open-store.ts";
import type { StoreNotice } from "../store/ports.ts";

export const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

export interface LogStore {
  readonly store: Store;
  readonly signer: SignerClient;
  readonly reader: SealedReaderClient;
  close(): Promise<void>;
}

export interface LogStoreOptions {
  readonly dataFolder: string;
  readonly unit: string;
  readonly gateway: string;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly onNotice: (notice: StoreNotice) => void;
  readonly onDeath: (process: "signer" | "reader", how: string) => void;
}

export async function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  const { dataFolder, unit, gateway, suite, clock, onNotice, onDeath } = options;
  const how = (end: { readonly code: number | null; readonly signal: string | null }): string =>
    end.signal ?? String(end.code);
  const signer = await startSigner({ dataFolder, suite, onDeath: (end) => onDeath("signer", how(end)) });
  const reader = createSealedReader({ onDeath: (end) => onDeath("reader", how(end)) });
  let store: Store;
  try {
    store = await openStore({
      dataFolder,
      clock,
      randomBytes: (size) => randomBytes(size),
      unit,
      gateway,
      suite,
      signer,
      sealedReader: reader,
      onNotice,
    });
  } catch (error) {
    await Promise.all([signer.close(), reader.close()]);
    throw error;
  }
  return {
    store,
    signer,
    reader,
    async close() {
      await store.close();
      await Promise.all([signer.close(), reader.close()]);
    },
  };
}
