/**
 * The topic grammar `counter/v1/{site}/{dock}/…`, both ways. Invariant: a topic that parses belongs to exactly one
 * dock, and nothing but ids and numbers stands in it.
 */
import { type DockId, dockId } from "../domain/ids.ts";

export type DockTopic =
  | { readonly kind: "birth" | "state" }
  | { readonly kind: "bayStatus" | "bayEvent"; readonly bay: number }
  | { readonly kind: "upload"; readonly transfer: string }
  | { readonly kind: "cmd" | "ack"; readonly command: string };

export interface ParsedTopic {
  readonly site: string;
  readonly dock: DockId;
  readonly topic: DockTopic;
}

export const LONGEST_TOPIC = 256;
const ID = /^[A-Za-z0-9][A-Za-z0-9.-]{0,79}$/;
const BAY = /^(0|[1-9]\d{0,2})$/;

/** Undefined for what is not in the grammar. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (topic.length > LONGEST_TOPIC) return undefined;
  const [root, version, site, dock, ...rest] = topic.split("/");
  if (root !== "counter" || version !== "v1" || site === undefined || dock === undefined) return undefined;
  const parsed = parseRest(rest);
  if (parsed === undefined || !ID.test(site)) return undefined;
  try {
    return { site, dock: dockId(dock), topic: parsed };
  } catch {
    return undefined;
  }
}

function parseRest(rest: readonly string[]): DockTopic | undefined {
  const [first, second, third] = rest;
  if (rest.length === 1 && (first === "birth" || first === "state")) return { kind: first };
  if (rest.length === 2 && second !== undefined && ID.test(second)) {
    if (first === "upload") return { kind: "upload", transfer: second };
    if (first === "cmd" || first === "ack") return { kind: first, command: second };
  }
  if (rest.length === 3 && first === "bay" && second !== undefined && BAY.test(second)) {
    if (third === "status") return { kind: "bayStatus", bay: Number(second) };
    if (third === "event") return { kind: "bayEvent", bay: Number(second) };
  }
  return undefined;
}

export function formatTopic({ site, dock, topic }: ParsedTopic): string {
  const own = ownPrefix(site, dock);
  if ("bay" in topic) return `${own}bay/${topic.bay}/${topic.kind === "bayStatus" ? "status" : "event"}`;
  if ("transfer" in topic) return `${own}upload/${topic.transfer}`;
  return "command" in topic ? `${own}${topic.kind}/${topic.command}` : `${own}${topic.kind}`;
}

/** Every topic of a dock begins with this, and no other dock's does. */
export function ownPrefix(site: string, dock: string): string {
  return `counter/v1/${site}/${dock}/`;
}

/** A dock may listen to its own subtree only; wildcards below it are its own affair. */
export function mayListen(site: string, dock: string, filter: string): boolean {
  return filter.length <= LONGEST_TOPIC && filter.startsWith(ownPrefix(site, dock));
}

/** Published by a dock, and kept for whoever subscribes later. */
export function isRetained(topic: DockTopic): boolean {
  return topic.kind === "birth" || topic.kind === "state" || topic.kind === "bayStatus";
}
