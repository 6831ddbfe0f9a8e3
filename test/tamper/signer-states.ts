/**
 * The signer's small state put back to an older copy, and what the real gateway and signer do when they go on from
 * there. Invariant: the signer and the store that run here are the product's; only files were put back.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import type { TreeToSign } from "../../gateway/evidence/tree-signer.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { listLogs } from "../../gateway/store/folders.ts";
import { put, writeEvidenceFolder } from "./evidence-folder-of.ts";
import { type RewrittenTree, changed, readItems, rewrite } from "./forge.ts";
import type { Made } from "./made.ts";
import { type Applied, type Mutation, type Row, rows } from "./mutation.ts";
import { type Turned, copyData, fill, running } from "./turned.ts";

const SUITES = ["ed25519-sha256", "sm2-sm3"] as const;
const STATE = join("secrets", "signer.state.json");

type Case = Omit<Row, "apply" | "on"> & {
  /** Evidence folder of the log, which all three verifiers judge, or the data folder. */
  readonly on: "folder" | "data";
  readonly apply: (folder: string, turned: Turned) => Promise<Applied | void>;
};

/** More than what was written after the copy that is put back. */
const MORE = 60;

/** Files are put back, the gateway starts and works; the log it then has is written as an evidence folder. */
async function goesOn(
  folder: string,
  turned: Turned,
  putBack: (dataFolder: string) => Promise<void>,
): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), "put-back-"));
  const dataFolder = join(place, "data");
  try {
    await copyData(turned.data, dataFolder);
    await putBack(dataFolder);
    await work(dataFolder, turned);
    const logs = await listLogs(dataFolder);
    const [only, ...more] = logs;
    if (only === undefined || more.length > 0) throw new RangeError("a new log began");
    await rm(folder, { recursive: true });
    await writeEvidenceFolder(dataFolder, only, folder);
  } finally {
    await rm(place, { recursive: true });
  }
}

async function work(dataFolder: string, { suite }: Turned): Promise<void> {
  await running(dataFolder, suite, async (store) => {
    const last = (await fill(store, MORE)).at(-1);
    if (last === undefined) throw new RangeError("nothing was written");
    await store.covering(last);
  });
}

const swap = async (from: string, to: string): Promise<void> => {
  await rm(to, { recursive: true, force: true });
  await copyData(from, to);
};

/** What somebody without the key does: rewrites all after the older copy and lets the signer sign the tree. */
async function askSigner(folder: string, turned: Turned, state: string): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), "signer-"));
  const signerOf = async () => startSigner({ dataFolder, suite: turned.suite });
  await copyData(join(turned.data, "secrets"), join(dataFolder, "secrets"));
  await cp(state, join(dataFolder, STATE));
  const items = await readItems(folder);
  const tree = await rewrite(
    folder,
    items.map((item, seq) =>
      seq === turned.at.lateFragment ? changed(item, { t: item.entry.t - 1 }) : item,
    ),
  );
  const signer = await signerOf();
  try {
    await put(folder, "checkpoint", await signer.sign(await toSign(tree, turned)));
  } finally {
    await signer.close();
    await rm(dataFolder, { recursive: true });
  }
}

async function toSign(tree: RewrittenTree, { suite, betweenSize }: Turned): Promise<TreeToSign> {
  const { origin, size, root, sm3Root } = tree;
  const base = { origin, size, root, fromSize: betweenSize, proof: await tree.proofFrom(betweenSize) };
  if (suite === "ed25519-sha256") return base;
  return { ...base, national: { root: sm3Root, proof: await tree.sm3ProofFrom(betweenSize) } };
}

const refusedBySigner = (error: unknown): void => {
  const codes = ["evidence.signerRefused", "evidence.signerOutOfStep"];
  if (!(error instanceof CodedError && codes.includes(error.code))) throw error;
};

const CASES: readonly Case[] = [
  {
    name: "signer's state put back, the log is whole: signing goes on",
    touches: "signer's state",
    on: "folder",
    expected: {
      gap: "no harm is done: the store proves its tree from the older size, and what was signed before stays true",
    },
    apply: async (folder, turned) => {
      await goesOn(folder, turned, (data) => cp(join(turned.dataBetween, STATE), join(data, STATE)));
      return { seen: [turned.lateNote] };
    },
  },
  {
    name: "signer's state and disk put back, signing goes on; nobody else saw what was there",
    touches: "signer's state and whole disk",
    on: "folder",
    expected: {
      gap: "signer and log forgot the same days; only somebody else's memory of them, a paper or a sighting, tells",
    },
    apply: async (folder, turned) => goesOn(folder, turned, (data) => swap(turned.dataBetween, data)),
  },
  {
    name: "signer's state and disk put back, signing goes on; a paper of before is in somebody's hand",
    touches: "signer's state and whole disk",
    on: "folder",
    paper: "after",
    expected: { result: "invalid", finding: "log.forked" },
    apply: async (folder, turned) => {
      await goesOn(folder, turned, (data) => swap(turned.dataBetween, data));
      return { seen: [turned.latePaper] };
    },
  },
  {
    name: "signer's state and disk put back, signing goes on; somebody has a later note of the log",
    touches: "signer's state and whole disk",
    on: "folder",
    expected: { result: "invalid", finding: "log.forked" },
    apply: async (folder, turned) => {
      await goesOn(folder, turned, (data) => swap(turned.dataBetween, data));
      return { seen: [turned.lateNote] };
    },
  },
  {
    name: "disk put back, the signer's state not: the gateway begins another log that says what the signer knew",
    touches: "whole disk but the signer's",
    on: "data",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, turned) => {
      await swap(turned.dataBetween, folder);
      await swap(join(turned.data, "secrets"), join(folder, "secrets"));
      await work(folder, turned);
      if ((await listLogs(folder)).length !== 2) throw new RangeError("no new log began");
      return { trust: "own" };
    },
  },
  {
    name: "state and keys of before the change put back, signing goes on with the replaced keys",
    touches: "signer's state and keys",
    who: "disk and replaced key",
    on: "folder",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: async (folder, turned) =>
      goesOn(folder, turned, (data) => swap(join(turned.dataBefore, "secrets"), join(data, "secrets"))),
  },
  {
    name: "state of before the change put back beside the new keys: the gateway begins another log",
    touches: "signer's state",
    on: "data",
    expected: {
      gap: "no evidence is touched: the signer takes the keys for new ones, and the new log names the last tree of this one",
    },
    apply: async (folder, turned) => {
      await cp(join(turned.dataBefore, STATE), join(folder, STATE));
      await work(folder, turned);
      if ((await listLogs(folder)).length !== 2) throw new RangeError("no new log began");
      return { trust: "own" };
    },
  },
  {
    name: "log rewritten behind the signer's back, its state as it was: it refuses",
    touches: "entries and tree",
    on: "folder",
    expected: { result: "invalid", finding: "log.rootDiffers" },
    apply: async (folder, turned) => {
      const state = join(turned.data, STATE);
      const refused = await askSigner(folder, turned, state).then(() => false, refusedBySigner);
      if (refused === false) throw new Error("the signer signed a fork");
    },
  },
  {
    name: "log rewritten and the signer's state put back below it: it signs; nobody else saw the log",
    touches: "entries, tree and signer's state",
    on: "folder",
    expected: {
      gap: "who has the disks of gateway and signer both makes the signer forget; a paper or a sighting does not",
    },
    apply: async (folder, turned) => askSigner(folder, turned, join(turned.dataBetween, STATE)),
  },
  {
    name: "log rewritten and the signer's state put back below it: it signs; a paper is in somebody's hand",
    touches: "entries, tree and signer's state",
    on: "folder",
    paper: "after",
    expected: { result: "invalid", finding: "log.forked" },
    apply: async (folder, turned) => {
      await askSigner(folder, turned, join(turned.dataBetween, STATE));
      return { seen: [turned.latePaper] };
    },
  },
];

const TARGETS = {
  "ed25519-sha256": { folder: "turned", data: "turnedData" },
  "sm2-sm3": { folder: "turnedNational", data: "turnedNationalData" },
} as const;

export const SIGNER_STATES: readonly Mutation[] = rows(
  SUITES.flatMap((suite) =>
    CASES.map(({ apply, on, name, ...rest }) => ({
      sighting: "none" as const,
      ...rest,
      name: `${name} (${suite})`,
      on: TARGETS[suite][on],
      apply: async (folder: string, made: Made) => apply(folder, made.turned[suite]),
    })),
  ),
);
