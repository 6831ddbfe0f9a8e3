/** Which rows go on which printable book. Invariant: a page of a book is itself a row of the ledger of looks. */
import type { PageContent } from "../domain/document-content.ts";
import { lookLedger, requestRegister } from "../intake/access/registers.ts";
import {
  type DeviceRow,
  type TrainedRow,
  checkLedger,
  custodyRegister,
  deviceList,
  trainingList,
} from "../intake/oversight/registers.ts";
import type { AccessRow } from "../people/access-ledger.ts";
import type { BOOKS } from "./contract/oversight.ts";
import type { HttpDeps } from "./deps.ts";

type Book = (typeof BOOKS)[number];
export type BookSources = Pick<
  HttpDeps,
  "people" | "access" | "inspections" | "fleet" | "docks" | "recorders" | "officers" | "office"
>;
const PAGE = 500;
const MOST = 20_000;

async function looksIn(deps: BookSources, fromMs: number, toMs: number): Promise<readonly AccessRow[]> {
  const found: AccessRow[] = [];
  for (let before: string | undefined; found.length < MOST;) {
    const { rows, next } = await deps.people.access.page({
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    found.push(...rows.filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
    const last = rows.at(-1);
    if (next === undefined || last === undefined || last.atMs < fromMs) break;
    before = next;
  }
  return found;
}

async function devicesOf(deps: BookSources): Promise<readonly DeviceRow[]> {
  const { fleet, docks, recorders } = deps;
  const wanted = await fleet.wanted();
  const custody = await docks.custody();
  const counter = (id: string): string => wanted.counters.find((one) => one.id === id)?.name ?? id;
  const cameras = wanted.cameras.map(({ id, name, counterId }): DeviceRow => ({
    kind: "camera",
    id,
    name,
    model: "ONVIF",
    place: counterId === undefined || counterId === null ? "" : counter(counterId),
    purpose: "受理、办理过程记录",
    state: recorders.status(id)?.state ?? "stopped",
  }));
  const body = custody.map(({ camera, holder }): DeviceRow => ({
    kind: "bodyCamera",
    id: camera,
    name: camera,
    model: "",
    place: "officer" in holder ? holder.officer : `${holder.dock} ${holder.bay ?? ""}`.trim(),
    purpose: "现场执法记录",
    state: "officer" in holder ? "领用中" : "在站",
  }));
  const stations = (await docks.docks()).map(({ dock, birth, state }): DeviceRow => ({
    kind: "dock",
    id: dock,
    name: dock,
    model: birth === null ? "" : `${birth.vendor} ${birth.model}`,
    place: "",
    purpose: "执法记录仪采集",
    state,
  }));
  return [...cameras, ...body, ...stations];
}

async function trainedOf({ officers }: BookSources): Promise<readonly TrainedRow[]> {
  return (await officers.list()).map(({ name, section, certificate, training }) => ({
    name,
    section,
    certificate: certificate === undefined ? "" : `${certificate.certNo}（至${certificate.validTo}）`,
    training: training.map(({ topic, on, hours }) => `${on} ${topic} ${hours}学时`),
  }));
}

export async function bookPage(
  deps: BookSources,
  book: Book,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<PageContent> {
  const head = { authority: deps.office.authority.name.zh, fromMs, toMs };
  switch (book) {
    case "requests":
      return requestRegister(head, await deps.access.list({ fromMs, toMs }));
    case "looks":
      return lookLedger(head, await looksIn(deps, fromMs, toMs));
    case "checks":
      return checkLedger(head, await deps.inspections.ledger({ fromMs, toMs }));
    case "custody":
      return custodyRegister(head, await deps.inspections.custody({ fromMs, toMs }));
    case "devices":
      return deviceList(head, await devicesOf(deps));
    case "training":
      break;
  }
  return trainingList(head, await trainedOf(deps));
}
