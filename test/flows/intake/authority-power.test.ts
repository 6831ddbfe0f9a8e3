/** On whose authority a paper is issued: from the site file through the counter onto A4 page and slip. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { readSite } from "../../../gateway/config.ts";
import { documentContent } from "../../../gateway/documents/content/content.ts";
import { contentTexts } from "../../../gateway/domain/document-content.ts";
import type { AuthorityPower, DocumentFacts } from "../../../gateway/domain/document.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { proves } from "../../law/proves.ts";
import { type Counter, openCounter } from "./counter.ts";

const SITE = new URL("../../../firmware-configs/demonstration/site.json", import.meta.url);
const OURS = "示范县市场监督管理局";
const THEIRS = "示范市行政审批局";
const ENTRUSTED = { basis: "entrusted", by: { zh: THEIRS, en: "City Approval Bureau" } } as const;

let counter: Counter | undefined;
let folder: Awaited<ReturnType<typeof freshFolder>> | undefined;
afterEach(async () => {
  await counter?.remove();
  await folder?.remove();
  counter = undefined;
  folder = undefined;
});

async function siteWith(power: unknown): Promise<AuthorityPower | undefined> {
  folder ??= await freshFolder();
  const site = JSON.parse(await readFile(SITE, "utf8")) as { readonly authority: object };
  const path = join(folder.path, "site.json");
  await writeFile(path, JSON.stringify({ ...site, authority: { ...site.authority, power } }));
  return readSite(path).authority.power;
}

/** Every paper of a matter that went from registration to its outcome. */
async function papers(power: AuthorityPower): Promise<readonly DocumentFacts[]> {
  counter = await openCounter({ profile: "bjt-drc", power });
  const id = await counter.received();
  await counter.judgeAll(id);
  const { phase } = await counter.intake.accept(await counter.on(id));
  if (phase === "PENDING_APPROVAL") await counter.approveAll(id);
  expect(counter.drafted.map(({ kind }) => kind)).toContain("acceptanceNotice");
  return counter.drafted;
}
const textsOf = (facts: DocumentFacts, medium: "a4" | "slip") =>
  contentTexts(documentContent(facts, "zh"), medium);

it.each([
  [{ basis: "own" }, "本机关法定职权"],
  [{ basis: "authorised" }, "法律、法规授权，以本单位名义办理"],
] as const)(
  proves(["S2-2"], "papers of an own or authorised organ say so, on page and slip: %o"),
  async (power, said) => {
    const read = await siteWith(power);
    expect(read).toEqual(power);
    for (const facts of await papers(power))
      for (const medium of ["a4", "slip"] as const) {
        const texts = textsOf(facts, medium);
        expect(texts).toContain(said);
        expect(texts[0]).toBe(OURS);
      }
  },
);

it(
  proves(["S2-2"], "papers of an entrusted organ are in the name of who entrusted it, and name both"),
  async () => {
    const power = await siteWith(ENTRUSTED);
    if (power === undefined) throw new Error("the site file's power was lost");
    for (const facts of await papers(power)) {
      for (const medium of ["a4", "slip"] as const) {
        const texts = textsOf(facts, medium);
        expect(texts).toContain(`受${THEIRS}委托，由${OURS}以其名义办理`);
        expect(texts[0]).toBe(THEIRS);
      }
      const seal = documentContent(facts, "zh").blocks.find(({ type }) => type === "seal");
      if (seal !== undefined) expect(seal).toMatchObject({ authority: THEIRS });
    }
  },
);

it("a site that is entrusted without naming by whom, or names somebody without being so, does not start", async () => {
  for (const power of [
    { basis: "entrusted" },
    { basis: "entrusted", by: { zh: "", en: "" } },
    { basis: "own", by: ENTRUSTED.by },
    { basis: "lent" },
  ])
    await expect(siteWith(power)).rejects.toSatisfy(
      (error) =>
        error instanceof CodedError &&
        error.code === "config.siteInvalid" &&
        String(error.details["place"]).startsWith("/authority/power"),
    );
});

it("papers that were issued before this was printed read as they did", async () => {
  counter = await openCounter({ profile: "bjt-drc" });
  await counter.received();
  const [receipt] = counter.drafted;
  if (receipt === undefined) throw new Error("no receipt");
  expect(textsOf(receipt, "a4")).not.toContain("执法权限");
});
